import { createHash } from "node:crypto";
import type { Clock } from "../../platform/clock.js";
import { callerAddress } from "./caller-address.js";
import { BAD_CREDENTIALS, fill, rateLimitOf, remaining, takeBack, waitMs, type RateLimit, type RateLimitName, type RateLimits } from "./rate-limit.js";
import type { RateLimitRepository } from "./rate-limit.repository.js";
import type { Viewer } from "../viewer.js";

/** How many callers one gateway remembers; who was quiet the longest is forgotten first. */
const MAX_CALLERS = 50_000;
const FORGET_AT_ONCE = 5_000;
/** How many of them one statement tells the others of; more wait for the next. */
const MAX_SHARED = 5_000;
/** How many credentials of an address are looked at at once, as long as none of them was bad. */
const MAX_CHECKING = 1_000;
const SWEEP_EVERY_MS = 10_000;
/** Longer names are hashed. */
const MAX_CALLER_LENGTH = 200;

interface Bucket {
  readonly caller: string;
  /** See `rate-limit.ts`. What other gateways added is in it since they were last heard of. */
  emptyAt: number;
  /** All that was ever taken back from it. */
  takenBackMs: number;
  /** What flowed in here and was not told to the others yet. */
  unsharedMs: number;
  /** Credentials being looked at right now. */
  checking: number;
}

/**
 * Limits callers by what is in memory, and shares that with other gateways from time to time: nobody waits for the database, and N
 * gateways together grant at most what flows in between two of those times too much. While the database is away each limits alone.
 */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();
  private readonly unshared = new Set<Bucket>();
  private sweptAt = 0;
  private failed = 0;

  constructor(
    private readonly limits: RateLimits,
    private readonly clock: Clock,
    private readonly shared: RateLimitRepository,
  ) {}

  /** How many callers are remembered. */
  get size(): number {
    return this.buckets.size;
  }

  /** How many times in a row nothing could be shared. */
  get failures(): number {
    return this.failed;
  }

  /** What measures one request of a caller; null = this kind of caller has no limit. */
  meterOf(viewer: Viewer, address: string): Meter | null {
    const name = rateLimitOf(viewer);
    const limit = this.limits[name];
    const caller = viewer.credentialId === null ? `address ${callerAddress(address)}` : `credential ${viewer.credentialId}`;
    return limit && new Meter(this, name, limit, this.bucketOf(caller));
  }

  /** Whether credentials from this address are not looked at for now, because too many bad ones came from there. */
  isTurnedAway(address: string): boolean {
    const bucket = this.buckets.get(badCredentialsOf(address));
    return bucket !== undefined && bucket.checking >= mayBeChecking(bucket, this.now());
  }

  /** Begins to look at a credential from this address. Whoever gets the answer has to end it. */
  beginCheck(address: string): { readonly waitMs: number; readonly end: (isGood: boolean) => void; readonly meter: Meter } {
    const bucket = this.bucketOf(badCredentialsOf(address));
    const now = this.now();
    const meter = new Meter(this, "bad-credentials", BAD_CREDENTIALS, bucket);
    if (bucket.checking >= mayBeChecking(bucket, now))
      return { waitMs: Math.max(1, waitMs(BAD_CREDENTIALS, bucket.emptyAt, 1, now)), end: () => undefined, meter };
    bucket.checking++;
    return {
      waitMs: 0,
      end: (isGood) => {
        bucket.checking--;
        if (isGood) return;
        const current = this.currentOf(bucket);
        this.change(current, fill(BAD_CREDENTIALS, current.emptyAt, 1, this.now()));
      },
      meter,
    };
  }

  /** The bucket, or the one in its place: an empty one may have been forgotten, and begun anew, while a request was on its way. */
  currentOf(bucket: Bucket): Bucket {
    const current = this.buckets.get(bucket.caller);
    if (current) return current;
    this.buckets.set(bucket.caller, bucket);
    return bucket;
  }

  now(): number {
    return this.clock.now().getTime();
  }

  change(bucket: Bucket, emptyAt: number): void {
    bucket.unsharedMs += emptyAt - Math.max(bucket.emptyAt, Math.min(emptyAt, this.now()));
    bucket.takenBackMs += Math.max(0, bucket.emptyAt - emptyAt);
    bucket.emptyAt = emptyAt;
    this.unshared.add(bucket);
  }

  /** Tells the other gateways what flowed in here, and hears what flowed in there. */
  async share(): Promise<void> {
    const at = this.clock.now();
    const sent = [...this.unshared]
      .slice(0, MAX_SHARED)
      .map((bucket) => ({ bucket, addedMs: bucket.unsharedMs, before: Math.max(bucket.emptyAt, at.getTime()) }));
    for (const { bucket } of sent) {
      this.unshared.delete(bucket);
      bucket.unsharedMs = 0;
    }
    try {
      if (sent.length > 0) {
        const emptyInMs = await this.shared.add(
          sent.map(({ bucket: { caller }, addedMs }) => ({ caller, addedMs })),
          at,
        );
        for (const { bucket, before } of sent) {
          const after = at.getTime() + Math.max(0, emptyInMs.get(bucket.caller) ?? 0);
          bucket.takenBackMs += Math.max(0, before - after);
          bucket.emptyAt = Math.max(bucket.emptyAt, at.getTime()) + after - before;
        }
      }
      await this.sweep(at);
      this.failed = 0;
    } catch (error) {
      this.failed++;
      for (const { bucket, addedMs } of sent) {
        // What flowed out meanwhile is nothing that the others need to know of.
        bucket.unsharedMs = Math.min(bucket.unsharedMs + addedMs, Math.max(0, bucket.emptyAt - this.now()));
        if (this.buckets.get(bucket.caller) === bucket) this.unshared.add(bucket);
      }
      throw error;
    }
  }

  private async sweep(at: Date): Promise<void> {
    if (at.getTime() - this.sweptAt < SWEEP_EVERY_MS) return;
    this.sweptAt = at.getTime();
    for (const bucket of this.buckets.values()) {
      if (bucket.emptyAt <= at.getTime() && bucket.checking === 0 && !this.unshared.has(bucket)) this.buckets.delete(bucket.caller);
    }
    await this.shared.removeEmpty(at);
  }

  private bucketOf(name: string): Bucket {
    const caller = name.length <= MAX_CALLER_LENGTH ? name : createHash("sha256").update(name).digest("hex");
    const bucket = this.buckets.get(caller) ?? { caller, emptyAt: 0, takenBackMs: 0, unsharedMs: 0, checking: 0 };
    // A Map remembers the order in which things were put. Who asked since the last time of sharing is among the last anyway.
    if (this.unshared.has(bucket)) return bucket;
    this.buckets.delete(caller);
    this.buckets.set(caller, bucket);
    if (this.buckets.size > MAX_CALLERS) this.forgetOldest();
    return bucket;
  }

  /** Many at once, because what was taken out of a Map is still walked over at its beginning. */
  private forgetOldest(): void {
    for (const oldest of this.buckets.values()) {
      if (this.buckets.size <= MAX_CALLERS - FORGET_AT_ONCE) break;
      this.buckets.delete(oldest.caller);
      this.unshared.delete(oldest);
    }
  }
}

function badCredentialsOf(address: string): string {
  return `bad credentials ${callerAddress(address)}`;
}

/** How many credentials of an address may be looked at at once. Where nothing bad came from, many are no reason to say no. */
function mayBeChecking({ emptyAt }: Bucket, now: number): number {
  return emptyAt > now ? remaining(BAD_CREDENTIALS, emptyAt, now) : MAX_CHECKING;
}

/** Measures one request against the limit of its caller. */
export class Meter {
  private points = 0;
  private least = 0;
  private filledTo = 0;
  private takenBackBefore = 0;

  constructor(
    private readonly limiter: RateLimiter,
    readonly name: RateLimitName | "bad-credentials",
    readonly limit: RateLimit,
    private bucket: Bucket,
  ) {}

  get taken(): number {
    return this.points;
  }

  /** What of it is never given back. */
  get takenForGood(): number {
    return this.least;
  }

  /** Takes so many points for the request, all told. Null = granted; otherwise how long it takes until they would be, and nothing was taken. */
  takeUpTo(total: number): number | null {
    const now = this.limiter.now();
    this.bucket = this.limiter.currentOf(this.bucket);
    if (waitMs(this.limit, this.bucket.emptyAt, total - this.points, now) > 0) return waitMs(this.limit, this.bucket.emptyAt, total, now);
    this.filledTo = fill(this.limit, this.bucket.emptyAt, total - this.points, now);
    this.takenBackBefore = this.bucket.takenBackMs;
    this.limiter.change(this.bucket, this.filledTo);
    this.points = total;
    return null;
  }

  /** The same, of points that are never given back: looking at a request is not free either. */
  takeForGood(total: number): number | null {
    const wait = this.takeUpTo(total);
    if (wait === null) this.least = total;
    return wait;
  }

  /** Gives back what was taken beyond what the request cost in the end. */
  settle(actual: number): void {
    const cost = Math.max(actual, this.least);
    if (cost >= this.points) return;
    const given = this.points - cost;
    this.points = cost;
    // Nothing is left in it of what was forgotten as empty.
    if (this.limiter.currentOf(this.bucket) !== this.bucket) return;
    const filledTo = this.filledTo - (this.bucket.takenBackMs - this.takenBackBefore);
    this.limiter.change(this.bucket, takeBack(this.limit, this.bucket.emptyAt, given, filledTo, this.limiter.now()));
  }

  /** How many points are left. */
  get remaining(): number {
    return remaining(this.limit, this.bucket.emptyAt, this.limiter.now());
  }

  /** What is left, and when all of it will be there again. */
  state(): { readonly remaining: number; readonly resetInMs: number; readonly resetAt: Date } {
    const now = this.limiter.now();
    const resetInMs = Math.max(0, this.bucket.emptyAt - now);
    return { remaining: remaining(this.limit, this.bucket.emptyAt, now), resetInMs, resetAt: new Date(now + resetInMs) };
  }
}
