import { GraphQLError } from "graphql";
import type { Meter } from "../../access/rate-limits/rate-limiter.service.js";

/** Says when to come back: after that time there is room for what was asked for, unless the caller fills it with something else. */
export function rateLimited(waitMs: number, cost?: number): GraphQLError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  const what = cost === undefined ? "This was asked too often." : `This operation costs ${cost} points, and you have fewer left.`;
  return new GraphQLError(`${what} Try again in ${retryAfterSeconds} ${retryAfterSeconds === 1 ? "second" : "seconds"}.`, {
    extensions: { code: "RATE_LIMITED", retryAfterSeconds, http: { status: 429, headers: new Map([["retry-after", String(retryAfterSeconds)]]) } },
  });
}

/** As structured fields, in the words of the draft "RateLimit header fields for HTTP": what there is at all, what is left, and when all of it is back. */
export function rateLimitHeaders(meter: Meter): Readonly<Record<string, string>> {
  const { burst, perSecond } = meter.limit;
  const { remaining, resetInMs } = meter.state();
  return {
    "ratelimit-policy": `"${meter.name}";q=${burst};qu="points";w=${Math.ceil(burst / perSecond)}`,
    ratelimit: `"${meter.name}";r=${remaining};t=${Math.ceil(resetInMs / 1_000)}`,
  };
}
