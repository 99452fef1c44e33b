import type { HTTPGraphQLRequest } from "@apollo/server";
import { GraphQLError } from "graphql";
import type { Credentials } from "../../access/authentication.service.js";
import type { Meter, RateLimiter } from "../../access/rate-limits/rate-limiter.service.js";
import { catchUpFor, readConsistency } from "./consistency.js";
import { openRequest, type ContextSources, type RequestContext } from "../context.js";
import { costOfLooking } from "../limits/cost.js";
import { rateLimited } from "../limits/rate-limited.js";
import { resolveDocument, type TrustedDocuments } from "./trusted-documents.js";

export interface AdmissionSources extends ContextSources {
  /** Null = nobody is limited. */
  readonly limiter: RateLimiter | null;
  /** Null = everybody may send any document. */
  readonly trusted: TrustedDocuments | null;
}

/** One request on its way in. What is found out is written here, so that it can be told even when the request is refused. */
export interface Arrival {
  readonly requestId: string;
  readonly address: string;
  readonly credentials: Credentials;
  /** Replaced by the document that it asks for by its hash. */
  graphql: HTTPGraphQLRequest;
  meter: Meter | null;
}

/** Lets a request in: who calls, whether it has points left, and whether it may send this document. Throws the refusal. */
export async function admit(sources: AdmissionSources, arrival: Arrival): Promise<RequestContext> {
  const { limiter, trusted } = sources;
  const context = await identify(sources, arrival);
  const meter = limiter?.meterOf(context.viewer, arrival.address) ?? null;
  arrival.meter = meter;
  const waitMs = meter?.takeForGood(Math.min(costOfLooking(lengthOf(arrival.graphql)), meter.limit.burst)) ?? null;
  if (waitMs !== null) throw rateLimited(waitMs);
  const consistency = readConsistency(arrival.graphql.headers);
  arrival.graphql = resolveDocument(arrival.graphql, context.viewer, trusted);
  await catchUpFor(consistency, sources.heads, (err) =>
    sources.logger.error({ err, requestId: arrival.requestId }, "the current release could not be asked for"),
  );
  return { ...context, meter };
}

/** Who shows one bad credential after the other is turned away before the next is looked at. */
async function identify(sources: AdmissionSources, arrival: Arrival): Promise<RequestContext> {
  const { requestId, address, credentials } = arrival;
  if (!sources.limiter || credentials.authorization === undefined) return openRequest(sources, requestId, credentials);
  const check = sources.limiter.beginCheck(address);
  arrival.meter = check.meter;
  if (check.waitMs > 0) throw rateLimited(check.waitMs);
  let isGood = true;
  try {
    return await openRequest(sources, requestId, credentials);
  } catch (error) {
    isGood = !(error instanceof GraphQLError && error.extensions["code"] === "UNAUTHENTICATED");
    throw error;
  } finally {
    check.end(isGood);
  }
}

function lengthOf({ method, body, search }: HTTPGraphQLRequest): number {
  if (method === "GET") return search.length;
  const query = typeof body === "object" && body !== null && "query" in body ? body.query : null;
  return typeof query === "string" ? query.length : 0;
}
