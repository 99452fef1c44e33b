import type { Viewer } from "../../access/viewer.js";
import type { FinishedAnswer } from "./finished-answer.js";

/** What is told of an answer anew each time, or to one caller alone. */
const OF_ONE_ANSWER: ReadonlySet<string> = new Set([
  ...["connection", "content-length", "date", "ratelimit", "ratelimit-policy", "transfer-encoding", "x-request-id"],
]);
/** What caches are told, which are for answers to GET: see `cacheHeaders`. */
const FOR_CACHES: ReadonlySet<string> = new Set(["age", "cache-control", "etag", "vary"]);

/** Name, value, name, value, …: what all answers to the same question are sent with. */
export function sharedHeaders(headers: Readonly<Record<string, unknown>>, isGet: boolean): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (typeof value !== "string" && typeof value !== "number") || OF_ONE_ANSWER.has(name) || (isGet && FOR_CACHES.has(name)) ? [] : [name, String(value)],
  );
}

/** By what of a request the answers of one address differ. */
const VARY = "accept, accept-encoding, authorization, catalog-consistency, catalog-min-release, origin";

/**
 * What caches are told. Answers of callers with a credential are for them alone. Each answer was found to be good at this instant, so its age
 * is 0, whenever it was made; a release may come at any time, so others may keep it without asking for no longer than they were allowed to
 * be behind, and never beyond its horizon.
 */
export function cacheHeaders({ etag, validity }: FinishedAnswer, { kind }: Viewer, maxAgeSeconds: number, now: number): Record<string, string> {
  const seconds = Math.max(0, Math.min(maxAgeSeconds, Math.floor((validity.until - now) / 1_000)));
  return { "cache-control": `${kind === "ANONYMOUS" ? "public" : "private"}, max-age=${seconds}, must-revalidate`, age: "0", etag, vary: VARY };
}

/** RFC 9110, 13.1.2: whether the caller has this answer already. Tags are compared weakly. */
export function isUnchanged(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((tag) => opaque(tag) === opaque(etag));
}

function opaque(tag: string): string {
  return tag.trim().replace(/^W\//, "");
}
