import { can, type Viewer } from "../viewer.js";

/**
 * How much a caller may ask for, in points of cost: a bucket that leaks. What is asked for flows in, `perSecond` of it flows
 * out again, and what would make it overflow is refused. So over any time no more is granted than `burst` and what flowed out.
 *
 * A bucket is one number: the instant, in milliseconds, at which it is empty if nothing more flows in. One that is not kept is
 * empty, adding to it is adding time, and the order in which several gateways add does not matter.
 */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** The kinds of callers that have limits of their own. Null = without any. */
export type RateLimits = Readonly<Record<RateLimitName, RateLimit | null>>;
export type RateLimitName = "anonymous" | "customer" | "credential" | "service";

export const DEFAULT_RATE_LIMITS: RateLimits = {
  anonymous: { perSecond: 10_000, burst: 200_000 },
  customer: { perSecond: 10_000, burst: 200_000 },
  // A frontend's key serves all of its visitors.
  credential: { perSecond: 200_000, burst: 2_000_000 },
  service: { perSecond: 5_000_000, burst: 50_000_000 },
};

/** Reads "anonymous=2000/100000,service=off": what is not named has its default. "off" alone is for all. */
export function readRateLimits(text: string): RateLimits | null {
  if (text === "off") return null;
  const given = text.split(",").map((part): [string, RateLimit | null] => {
    const [name = "", value = ""] = part.split("=");
    const [perSecond = 0, burst = 0] = value.split("/").map(Number);
    return [name, value === "off" ? null : { perSecond, burst }];
  });
  return { ...DEFAULT_RATE_LIMITS, ...Object.fromEntries(given) };
}

/** For credentials that are not good, counted one by one for each address: who guesses gets no more than ten a second. */
export const BAD_CREDENTIALS: RateLimit = { perSecond: 10, burst: 100 };

/** Decided by what a caller may and reaches, never by the name of its role. */
export function rateLimitOf(viewer: Viewer): RateLimitName {
  if (viewer.kind === "ANONYMOUS") return "anonymous";
  if (viewer.customers.kind === "ONE") return "customer";
  return can(viewer, "customers:vouch") ? "service" : "credential";
}

/** How long this cost takes to flow out. */
export function drainMs({ perSecond }: RateLimit, cost: number): number {
  return (cost / perSecond) * 1_000;
}

/** The bucket once this cost flowed in, whether or not it has room for it. */
export function fill(limit: RateLimit, emptyAt: number, cost: number, at: number): number {
  return Math.max(emptyAt, at) + drainMs(limit, cost);
}

/** How long it takes until there is room for this cost; 0 = there is. Without end for what is more than the bucket holds. */
export function waitMs(limit: RateLimit, emptyAt: number, cost: number, at: number): number {
  if (cost > limit.burst) return Infinity;
  return Math.max(0, Math.max(emptyAt, at) - at - drainMs(limit, limit.burst - cost));
}

/** What of the bucket is free, in whole points. */
export function remaining(limit: RateLimit, emptyAt: number, at: number): number {
  return Math.max(0, Math.floor(limit.burst - (Math.max(0, emptyAt - at) / 1_000) * limit.perSecond));
}

/**
 * The bucket once `cost` of what flowed in before is taken out again, because it was not needed. `filledTo` is what the bucket was
 * just after it had flowed in, less all that was taken back from it since. What has flowed out cannot be taken out a second time:
 * until `at` there was never less in the bucket than what is left of that.
 */
export function takeBack(limit: RateLimit, emptyAt: number, cost: number, filledTo: number, at: number): number {
  return emptyAt - Math.max(0, Math.min(drainMs(limit, cost), filledTo - at, emptyAt - at));
}
