import { describe, expect } from "vitest";
import { makeApiKey } from "../../src/access/api-keys/api-key.js";
import { RateLimiter } from "../../src/access/rate-limits/rate-limiter.service.js";
import { PgRateLimitRepository } from "../../src/access/rate-limits/storage/pg-rate-limit.repository.js";
import { ANONYMOUS } from "../../src/access/viewer.js";
import type { App, AppParts } from "../../src/app.js";
import { connectDatabase } from "../../src/platform/database/database.js";
import { test, type Gateway } from "../support/api.js";
import { bearer, limitHeaders, LIMITS, send, type From, type Got } from "../support/limited.js";

/** A page of plans: estimated at some thousand points, and less in truth. */
const PAGE = '{ plans(first: 20) { edges { node { key name prices(market: "se") { key } } } } }';
const SMALL = '{ plan(key: "free") { key } }';
const START = "2026-11-22T12:00:00.000Z";

async function withLimits(gateway: Gateway, body: (app: App) => Promise<void>, parts: Partial<AppParts> = {}): Promise<void> {
  gateway.clock.set(START);
  const app = await gateway.open({ rateLimits: LIMITS, ...parts });
  try {
    await gateway.database.pool.query("truncate rate_limit_bucket");
    await body(app);
  } finally {
    await app.close();
    gateway.clock.set(null);
  }
}

/** Asks until it is refused; at most so often. */
async function exhaust(app: App, from: From, query = SMALL): Promise<Got> {
  for (let sent = 0; sent < 200; sent++) {
    const got = await send(app, { query }, from);
    if (got.status === 429) return got;
  }
  throw new Error("it was never refused");
}

function later(gateway: Gateway, ms: number): void {
  gateway.clock.set(new Date(gateway.clock.now().getTime() + ms).toISOString());
}

describe("a caller that asks for too much", () => {
  test("is refused with 429 in the form of GraphQL errors, and told when to come back", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      const refused = await exhaust(app, {});
      expect(refused.code).toBe("RATE_LIMITED");
      expect(refused.headers["content-type"]).toMatch(/json/);
      const seconds = Number(refused.headers["retry-after"]);
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(refused.body.errors[0].extensions).toEqual({ code: "RATE_LIMITED", retryAfterSeconds: seconds });
      expect(refused.body.errors[0].message).toContain(`${seconds} second`);
      expect(refused.data).toBeUndefined();
    });
  });

  test("is admitted after that time, and not before", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      for (const query of [SMALL, PAGE]) {
        const refused = await exhaust(app, {}, query);
        const ms = Number(refused.headers["retry-after"]) * 1_000;
        if (ms > 1_000) {
          later(gateway, ms - 1_000);
          const early = await send(app, { query }, {});
          expect(early.status).toBe(429);
          // What it cost to look at that one.
          later(gateway, Number(early.headers["retry-after"]) * 1_000);
        } else later(gateway, ms);
        expect((await send(app, { query }, {})).status).toBe(200);
      }
    });
  });

  test("has its burst once more when it was quiet for long", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      await exhaust(app, {});
      later(gateway, 60_000);
      const { r, q } = limitHeaders(await send(app, { query: "{ rateLimit { remaining } }" }));
      expect(r).toBeGreaterThan(q - 100);
    });
  });

  test("is kept apart from all others: by address, by the first 64 bits of one, by credential", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      await exhaust(app, { address: "192.0.2.1" });
      expect((await send(app, { query: SMALL }, { address: "192.0.2.2" })).status).toBe(200);
      expect((await send(app, { query: SMALL }, { address: "::ffff:192.0.2.1" })).status).toBe(429);

      await exhaust(app, { address: "2001:db8:0:7::1" });
      expect((await send(app, { query: SMALL }, { address: "2001:db8:0:7:ffff::2" })).status).toBe(429);
      expect((await send(app, { query: SMALL }, { address: "2001:db8:0:8::1" })).status).toBe(200);

      const [one, other] = [await bearer(app, "partner"), await bearer(app, "partner")];
      await exhaust(app, { authorization: one });
      expect((await send(app, { query: SMALL }, { authorization: one, address: "192.0.2.9" })).status).toBe(429);
      expect((await send(app, { query: SMALL }, { authorization: other })).status).toBe(200);
    });
  });

  test("pays for documents that cannot be answered, too", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      const wrong = `{ nope } #${"x".repeat(20_000)}`;
      expect((await send(app, { query: wrong })).status).toBe(400);
      expect(limitHeaders(await send(app, { query: wrong })).r).toBeLessThan(3_500);
      expect((await exhaust(app, {}, wrong)).code).toBe("RATE_LIMITED");
    });
  });

  test("may never ask for more at once than it ever has", async ({ gateway }) => {
    await withLimits(
      gateway,
      async (app) => {
        const { status, code, body } = await send(app, { query: PAGE });
        expect({ status, code, limit: body.errors[0].extensions.limit }).toEqual({ status: 400, code: "TOO_COSTLY", limit: 600 });
      },
      { rateLimits: { ...LIMITS, anonymous: { perSecond: 1, burst: 600 } } },
    );
  });
});

describe("every answer says what is left", () => {
  test("in its headers", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      const anonymous = limitHeaders(await send(app, { query: SMALL }));
      expect(anonymous).toMatchObject({ policy: "anonymous", q: 5_000, w: 50 });
      expect(anonymous.r).toBeLessThan(5_000);
      expect(anonymous.t).toBe(Math.ceil((5_000 - anonymous.r) / 100));
      expect(limitHeaders(await send(app, { query: SMALL }, { authorization: await bearer(app, "partner") }))).toMatchObject({
        policy: "credential",
        q: 8_000,
      });
      expect(limitHeaders(await send(app, { query: "{" })).policy).toBe("anonymous");
      expect(limitHeaders(await exhaust(app, {})).r).toBeLessThan(600);
      expect(limitHeaders(await send(app, { query: SMALL }, { authorization: "Bearer nobody" })).policy).toBe("bad-credentials");
    });
  });

  test("and not where there is no limit", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      const { headers, data } = await send(app, { query: "{ rateLimit { limit } }" }, { authorization: await bearer(app, "service") });
      expect(headers["ratelimit"]).toBeUndefined();
      expect(data).toEqual({ rateLimit: { limit: null } });
    });
    expect((await gateway.anonymous.query("{ rateLimit { limit remaining restorePerSecond resetAt cost } }")).data).toEqual({
      rateLimit: { limit: null, remaining: null, restorePerSecond: null, resetAt: null, cost: 6 },
    });
  });

  test("to whoever asks", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      const { data, body } = await send(app, { query: '{ rateLimit { limit remaining restorePerSecond resetAt cost } plan(key: "free") { key } }' });
      const { cost, remaining } = data.rateLimit;
      expect(data.rateLimit).toMatchObject({ limit: 5_000, restorePerSecond: 100, remaining: 5_000 - cost });
      expect(cost).toBe(body.extensions.cost.requested);
      expect(Date.parse(data.rateLimit.resetAt)).toBe(Date.parse(START) + (5_000 - remaining) * 10);
    });
  });

  test("what was estimated beyond what was needed comes back", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      const answer = await send(app, { query: PAGE });
      const { requested, actual, limit, remaining } = answer.body.extensions.cost;
      expect(actual).toBeLessThan(requested);
      expect({ limit, remaining }).toEqual({ limit: 5_000, remaining: 5_000 - actual });
      expect(limitHeaders(answer).r).toBe(remaining);
    });
  });
});

describe("bad credentials", () => {
  const BAD = (): From => ({ authorization: `Bearer ${makeApiKey().key}`, address: "192.0.2.66" });

  test("are looked at ten times a second at the most, and then nothing from there is, good or bad", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      const first = await Promise.all(Array.from({ length: 100 }, () => send(app, { query: SMALL }, BAD())));
      expect(new Set(first.map(({ status }) => status))).toEqual(new Set([401]));
      const { statements } = await gateway.countStatements(async () => {
        const good = await bearer(app, "partner");
        const bad = await send(app, { query: SMALL }, BAD());
        const refused = await send(app, { query: SMALL }, { authorization: good, address: "192.0.2.66" });
        expect(bad.status).toBe(429);
        expect(refused.status).toBe(429);
        expect(refused.text).toBe(bad.text);
        expect((await send(app, { query: SMALL }, { authorization: good, address: "192.0.2.67" })).status).toBe(200);
      });
      expect(statements.length).toBeLessThan(10);
      // Without a credential the address is a caller like any other.
      expect((await send(app, { query: SMALL }, { address: "192.0.2.66" })).status).toBe(200);
      later(gateway, 1_000);
      const second = await Promise.all(Array.from({ length: 30 }, () => send(app, { query: SMALL }, BAD())));
      expect(second.filter(({ status }) => status === 401)).toHaveLength(10);
    });
  });

  test("of one address are nothing to those who send good ones from it at the same time", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      const authorization = await bearer(app, "service");
      const answers = await Promise.all(Array.from({ length: 150 }, () => send(app, { query: "{ __typename }" }, { authorization })));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    });
  });
});

describe("where a request comes from", () => {
  const forwarded = (address: string): From => ({ address: "10.0.0.1", headers: { "x-forwarded-for": address } });

  test("is the address of the connection, whatever a header says", async ({ gateway }) => {
    await withLimits(gateway, async (app) => {
      await exhaust(app, forwarded("198.51.100.1"));
      expect((await send(app, { query: SMALL }, forwarded("198.51.100.2"))).status).toBe(429);
    });
  });

  test("is what a trusted proxy says", async ({ gateway }) => {
    for (const trustProxy of ["10.0.0.0/8", 1]) {
      await withLimits(
        gateway,
        async (app) => {
          await exhaust(app, forwarded("198.51.100.1"));
          expect((await send(app, { query: SMALL }, forwarded("198.51.100.2"))).status).toBe(200);
          // What the client itself wrote stands before what the proxy wrote.
          expect((await send(app, { query: SMALL }, forwarded("198.51.100.9, 198.51.100.1"))).status).toBe(429);
        },
        { trustProxy },
      );
    }
  });
});

test("a flood of addresses takes bounded memory, and gives it back", async ({ gateway }) => {
  await withLimits(gateway, async (app) => {
    const { limiter } = app;
    if (!limiter) throw new Error("there is no limiter");
    for (let number = 0; number < 60_000; number++)
      limiter.meterOf(ANONYMOUS, `2001:db8:${(number >> 16).toString(16)}:${(number & 0xffff).toString(16)}::1`)?.takeUpTo(10);
    expect(limiter.size).toBeLessThanOrEqual(50_000);
    expect(limiter.size).toBeGreaterThan(40_000);
    for (let tick = 0; tick < 10; tick++) await limiter.share();
    later(gateway, 60_000);
    await limiter.share();
    expect(limiter.size).toBe(0);
    const { rows } = await gateway.database.pool.query<{ count: bigint }>("select count(*) from rate_limit_bucket");
    expect(rows[0]?.count).toBe(0n);
  });
});

test("without the database a gateway limits alone, and says once that it does", async ({ gateway }) => {
  const away = connectDatabase({ url: "postgresql://nobody@127.0.0.1:1/nothing", maxConnections: 1 });
  try {
    gateway.clock.set(START);
    const limiter = new RateLimiter(LIMITS, gateway.clock, new PgRateLimitRepository(away.pool));
    const take = (cost: number): number | null | undefined => limiter.meterOf(ANONYMOUS, "192.0.2.1")?.takeUpTo(cost);
    expect(take(5_000)).toBeNull();
    for (const failures of [1, 2]) {
      await expect(limiter.share()).rejects.toThrow();
      expect(limiter.failures).toBe(failures);
    }
    expect(take(1_000)).toBe(10_000);
    later(gateway, 10_000);
    expect(take(1_000)).toBeNull();
    // What flowed out while the database was away is not told to anybody once it is back.
    await expect(limiter.share()).rejects.toThrow();
    expect(take(1)).toBe(10);
  } finally {
    gateway.clock.set(null);
    await away.close();
  }
});
