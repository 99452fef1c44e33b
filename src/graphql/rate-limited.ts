import { GraphQLError } from "graphql";

/** Says when to come back: after that time there is room for what was asked for, unless the caller fills it with something else. */
export function rateLimited(waitMs: number, cost?: number): GraphQLError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  const what = cost === undefined ? "This was asked too often." : `This operation costs ${cost} points, and you have fewer left.`;
  return new GraphQLError(`${what} Try again in ${retryAfterSeconds} ${retryAfterSeconds === 1 ? "second" : "seconds"}.`, {
    extensions: { code: "RATE_LIMITED", retryAfterSeconds, http: { status: 429, headers: new Map([["retry-after", String(retryAfterSeconds)]]) } },
  });
}
