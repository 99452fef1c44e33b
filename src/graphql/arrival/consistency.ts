import type { HeaderMap } from "@apollo/server";
import { GraphQLError } from "graphql";
import type { IncomingHttpHeaders } from "node:http";
import type { CurrentRelease } from "../../catalog/releases/current-release.service.js";
import type { HeadSource } from "../../catalog/releases/head-source.js";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import { isDatabaseAway } from "../../platform/database-away.js";
import { badRequest } from "../errors/bad-request.js";
import { UNAVAILABLE } from "../errors/errors.js";

/** How fresh the reads of a request have to be. */
export interface Consistency {
  /** Not older than what was published when the request arrived. */
  readonly isStrict: boolean;
  /** Not older than this release; null = whatever is known. */
  readonly minRelease: number | null;
}

/** Releases are counted by GraphQL's Int. */
const MAX_RELEASE = 2 ** 31 - 1;

/** Reads the headers of a request, or throws the refusal. */
export function readConsistency(headers: Pick<HeaderMap, "get">): Consistency {
  const consistency = headers.get("catalog-consistency") ?? "eventual";
  if (consistency !== "strict" && consistency !== "eventual") {
    throw badRequest("The header Catalog-Consistency is strict or eventual: send one of these words, or leave the header out.", "BAD_REQUEST");
  }
  const least = headers.get("catalog-min-release");
  if (least !== undefined && !(/^\d{1,10}$/.test(least) && Number(least) <= MAX_RELEASE)) {
    throw badRequest("The header Catalog-Min-Release is the number of a release: send what an answer's Catalog-Release said, such as 42.", "BAD_REQUEST");
  }
  return { isStrict: consistency === "strict", minRelease: least === undefined ? null : Number(least) };
}

/** Waits until the head source knows a release that will do, so that whatever the request then pins does. Throws what is to be tried again. */
export async function catchUpFor({ isStrict, minRelease }: Consistency, heads: HeadSource, onFault: (error: unknown) => void): Promise<void> {
  if (!isStrict && minRelease === null) return;
  try {
    const known = isStrict ? await heads.catchUp() : await heads.getHead();
    const head = known < (minRelease ?? 0) && !isStrict ? await heads.catchUp() : known;
    if (minRelease !== null && head < minRelease) throw notHereYet(minRelease, head);
  } catch (error) {
    if (error instanceof GraphQLError) throw error;
    if (!isDatabaseAway(error)) onFault(error);
    throw new GraphQLError(UNAVAILABLE.message, { extensions: { code: UNAVAILABLE.code, http: inASecond() } });
  }
}

/** The release that a request is to be answered from, where that needs no words: null = it has to wait or to be refused, which is not for here. */
export function releaseFor(headers: IncomingHttpHeaders, heads: Pick<CurrentRelease, "number" | "catchUp">): MaybePromise<number | null> {
  const consistency = headers["catalog-consistency"];
  const least = headers["catalog-min-release"];
  if (least !== undefined && !/^\d{1,10}$/.test(String(least))) return null;
  const minRelease = least === undefined ? 0 : Number(least);
  if (consistency === undefined || consistency === "eventual") return reached(heads.number(), minRelease);
  return consistency === "strict" ? heads.catchUp().then((head) => reached(head, minRelease)) : null;
}

function reached(head: number | null, minRelease: number): number | null {
  return head !== null && head >= minRelease ? head : null;
}

function notHereYet(minRelease: number, release: number): GraphQLError {
  return new GraphQLError(`Release ${minRelease} is not here yet, the current one is ${release}. Try again in a second.`, {
    extensions: { code: "RELEASE_NOT_HERE_YET", minRelease, release, http: inASecond() },
  });
}

function inASecond() {
  return { status: 503, headers: new Map([["retry-after", "1"]]) };
}
