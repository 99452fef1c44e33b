import { describe, expect } from "vitest";
import { RateLimiter } from "../../src/access/rate-limits/rate-limiter.service.js";
import type { BucketChange, RateLimitRepository } from "../../src/access/rate-limits/rate-limit.repository.js";
import { PgRateLimitRepository } from "../../src/access/rate-limits/storage/pg-rate-limit.repository.js";
import { ANONYMOUS } from "../../src/access/viewer.js";
import { testEmpty as test, type Gateway } from "../support/api.js";
import { LIMITS, send } from "../support/limited.js";

const START = "2026-11-22T12:00:00.000Z";
const ADDRESS = "192.0.2.1";

/** Gateways over one database, which share when they are told to. */
async function withGateways(
  gateway: Gateway,
  count: number,
  body: (limiters: readonly RateLimiter[], at: (ms: number) => void) => Promise<void>,
): Promise<void> {
  await gateway.database.pool.query("truncate rate_limit_bucket");
  const at = (ms: number): void => gateway.clock.set(new Date(Date.parse(START) + ms).toISOString());
  at(0);
  try {
    const limiters = Array.from({ length: count }, () => new RateLimiter(LIMITS, gateway.clock, new PgRateLimitRepository(gateway.database.pool)));
    await body(limiters, at);
  } finally {
    gateway.clock.set(null);
  }
}

/** Takes as much as it is given, in pieces; returns how much. */
function drain(limiter: RateLimiter, piece: number, address = ADDRESS): number {
  for (let taken = 0; ; taken += piece) if (limiter.meterOf(ANONYMOUS, address)?.takeUpTo(piece) !== null) return taken;
}

function left(limiter: RateLimiter, address = ADDRESS): number | undefined {
  return limiter.meterOf(ANONYMOUS, address)?.state().remaining;
}

describe("gateways over one database", () => {
  test("share what a caller has left", async ({ gateway }) => {
    await withGateways(gateway, 2, async ([one, other], at) => {
      if (!one || !other) throw new Error("two gateways were asked for");
      expect(drain(one, 100)).toBe(5_000);
      await one.share();
      expect(left(other)).toBe(5_000);
      // The first that the other grants makes it ask.
      other.meterOf(ANONYMOUS, ADDRESS)?.takeUpTo(1);
      await other.share();
      expect(drain(other, 100)).toBe(0);
      at(10_000);
      expect(left(one)).toBe(1_000);
      expect(left(other)).toBe(999);
    });
  });

  test("grant together what one would, and what flows in between two ticks", async ({ gateway }) => {
    await withGateways(gateway, 3, async (gateways, at) => {
      let granted = 0;
      const tick = 150;
      for (let now = 0; now <= 30_000; now += tick) {
        at(now);
        // Each is asked for at most 30 points a tick: three times as much as is restored.
        for (const limiter of gateways) for (let piece = 0; piece < 3; piece++) if (limiter.meterOf(ANONYMOUS, ADDRESS)?.takeUpTo(10) === null) granted += 10;
        await Promise.all(gateways.map((limiter) => limiter.share()));
      }
      expect(granted).toBeGreaterThan(5_000 + 3_000 - 200);
      expect(granted).toBeLessThanOrEqual(5_000 + 3_000 + 3 * 30);
    });
  });

  test("know what was given back elsewhere", async ({ gateway }) => {
    await withGateways(gateway, 2, async ([one, other]) => {
      if (!one || !other) throw new Error("two gateways were asked for");
      const meter = one.meterOf(ANONYMOUS, ADDRESS);
      meter?.takeUpTo(4_000);
      await one.share();
      meter?.settle(500);
      await one.share();
      other.meterOf(ANONYMOUS, ADDRESS)?.takeUpTo(100);
      await other.share();
      expect(left(other)).toBe(4_400);
    });
  });

  test("know who asks, even where a request takes so long that its caller was forgotten meanwhile", async ({ gateway }) => {
    await withGateways(gateway, 1, async ([limiter], at) => {
      if (!limiter) throw new Error("a gateway was asked for");
      const slow = limiter.meterOf(ANONYMOUS, ADDRESS);
      slow?.takeUpTo(10);
      await limiter.share();
      at(60_000);
      await limiter.share();
      expect(limiter.size).toBe(0);
      limiter.meterOf(ANONYMOUS, ADDRESS)?.takeUpTo(4_000);
      slow?.takeUpTo(510);
      await limiter.share();
      expect(limiter.failures).toBe(0);
      expect(left(limiter)).toBe(500);
      slow?.settle(10);
      expect(left(limiter)).toBe(1_000);
    });
  });

  test("share what addresses lose to bad credentials", async ({ gateway }) => {
    await withGateways(gateway, 2, async ([one, other]) => {
      if (!one || !other) throw new Error("two gateways were asked for");
      for (let guess = 0; guess < 100; guess++) one.beginCheck(ADDRESS).end(false);
      expect(one.beginCheck(ADDRESS).waitMs).toBeGreaterThan(0);
      await one.share();
      other.beginCheck(ADDRESS).end(false);
      await other.share();
      expect(other.beginCheck(ADDRESS).waitMs).toBeGreaterThan(0);
    });
  });

  test("write one statement a tick, however many callers and requests there were, and none without any", async ({ gateway }) => {
    await withGateways(gateway, 1, async ([limiter], at) => {
      if (!limiter) throw new Error("a gateway was asked for");
      await limiter.share();
      at(100);
      const { statements } = await gateway.countStatements(async () => {
        for (let request = 0; request < 1_000; request++) limiter.meterOf(ANONYMOUS, `192.0.2.${request % 250}`)?.takeUpTo(10);
        await limiter.share();
        await limiter.share();
      });
      expect(statements).toHaveLength(1);
    });
  });

  test("do so through whole gateways", async ({ gateway }) => {
    gateway.clock.set(START);
    const [one, other] = [await gateway.open({ rateLimits: LIMITS }), await gateway.open({ rateLimits: LIMITS })];
    try {
      await gateway.database.pool.query("truncate rate_limit_bucket");
      const ask = { query: "{ rateLimit { remaining } }" };
      for (let request = 0; request < 50; request++) await send(one, { query: `{ __typename } #${"x".repeat(1_000)}` });
      await one.limiter?.share();
      await send(other, ask);
      await other.limiter?.share();
      expect((await send(other, ask)).data.rateLimit.remaining).toBeLessThan(2_000);
    } finally {
      await Promise.all([one.close(), other.close()]);
      gateway.clock.set(null);
    }
  });
});

describe("a database that fails in between", () => {
  /** Fails when it is told to. */
  class Flaky implements RateLimitRepository {
    fails = false;
    constructor(private readonly real: RateLimitRepository) {}

    async add(changes: readonly BucketChange[], at: Date): Promise<ReadonlyMap<string, number>> {
      if (this.fails) throw new Error("away");
      return this.real.add(changes, at);
    }

    removeEmpty(at: Date): Promise<void> {
      return this.real.removeEmpty(at);
    }
  }

  test("learns afterwards what has not flowed out yet, and nothing twice", async ({ gateway }) => {
    await gateway.database.pool.query("truncate rate_limit_bucket");
    gateway.clock.set(START);
    try {
      const real = new PgRateLimitRepository(gateway.database.pool);
      const flaky = new Flaky(real);
      const limiter = new RateLimiter(LIMITS, gateway.clock, flaky);
      flaky.fails = true;
      for (let seconds = 0; seconds < 100; seconds++) {
        gateway.clock.set(new Date(Date.parse(START) + seconds * 1_000).toISOString());
        drain(limiter, 10);
        await expect(limiter.share()).rejects.toThrow("away");
      }
      flaky.fails = false;
      await limiter.share();
      expect(left(limiter)).toBe(0);
      const other = new RateLimiter(LIMITS, gateway.clock, real);
      other.meterOf(ANONYMOUS, ADDRESS)?.takeUpTo(1);
      await other.share();
      // A hundred seconds of it are 15,000 points; 5,000 of them have not flowed out.
      expect(other.meterOf(ANONYMOUS, ADDRESS)?.takeUpTo(1)).toBe(20);
    } finally {
      gateway.clock.set(null);
    }
  });
});

test("buckets that are empty are forgotten, and no others", async ({ gateway }) => {
  await withGateways(gateway, 1, async ([limiter], at) => {
    limiter?.meterOf(ANONYMOUS, "192.0.2.1")?.takeUpTo(100);
    limiter?.meterOf(ANONYMOUS, "192.0.2.2")?.takeUpTo(5_000);
    await limiter?.share();
    at(20_000);
    await limiter?.share();
    const { rows } = await gateway.database.pool.query<{ caller: string }>("select caller from rate_limit_bucket");
    expect(rows).toEqual([{ caller: "address 192.0.2.2" }]);
    expect(limiter?.size).toBe(1);
  });
});
