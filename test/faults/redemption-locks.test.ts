import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { RedeemRequest } from "../../src/customers/redemptions/redemption.js";
import {
  expectExactCounters,
  grantOf,
  minutesAfterNoon,
  openRedemptionWorld,
  publishDiscounts,
  requestOf,
  reservationOf,
  toldBy,
  type RedemptionWorld,
} from "../support/redemption-world.js";

// Somebody holds the counter of one discount for seconds: a release that counts, a repair by hand. Nobody else's claims wait for that.

let world: RedemptionWorld;

beforeAll(async () => {
  world = await openRedemptionWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  await world.database.pool.query("truncate redemption, customer_discount_counter, idempotency_key, discount_counter");
  await publishDiscounts(world.database.pool, { aaa: { limit_total: 1_000 }, bbb: { limit_total: 1_000 }, ccc: { limit_total: 1 } });
});
afterEach(() => expectExactCounters(world.database.pool));

/** Begins the work while the counters are held, until it lets go of them. */
async function holding<Result>(discountKeys: readonly string[], work: (letGo: () => Promise<void>) => Promise<Result>): Promise<Result> {
  const client = await world.database.pool.connect();
  try {
    await client.query("begin");
    await client.query("select from discount_counter where discount_key = any($1) for update", [discountKeys]);
    return await work(async () => {
      await client.query("rollback");
    });
  } finally {
    await client.query("rollback");
    client.release();
  }
}

interface Told {
  readonly what: string;
  readonly afterMs: number;
}

async function redeem(request: RedeemRequest): Promise<Told> {
  const start = performance.now();
  const what = await world.service.redeem(request).then(toldBy, (error: unknown) => (error instanceof Error ? error.name : "?"));
  return { what, afterMs: performance.now() - start };
}

const of = (...discountKeys: readonly string[]): RedeemRequest => requestOf({ grants: discountKeys.map((key) => grantOf(key)) });
const many = (request: () => RedeemRequest): Promise<Told[]> => Promise.all(Array.from({ length: 20 }, () => redeem(request())));
const slowest = (told: readonly Told[]): number => Math.max(...told.map(({ afterMs }) => afterMs));

test("claims of other discounts are decided, those that came together with it too", async () => {
  const held = await holding(["aaa"], async () => {
    const blocked = many(() => of("aaa"));
    const together = await many(() => of("bbb"));
    expect(together.every(({ what }) => what === "REDEEMED")).toBe(true);
    // One lock timeout, in which the first batch learns of it.
    expect(slowest(together)).toBeLessThan(2_500);

    const moreBlocked = many(() => of("aaa"));
    const later = await many(() => of("bbb"));
    expect(later.every(({ what }) => what === "REDEEMED")).toBe(true);
    expect(slowest(later)).toBeLessThan(700);
    return [await blocked, await moreBlocked].flat();
  });
  expect(held.every(({ what }) => what === "Overloaded")).toBe(true);
  // Both waited for the same lock, the later ones no longer than the first.
  expect(slowest(held)).toBeLessThan(8_000);
  expect(await redeem(of("aaa"))).toMatchObject({ what: "REDEEMED" });
});

test("claims that waited are decided when the counter is free again, each once", async () => {
  await holding(["aaa"], async (letGo) => {
    const blocked = many(() => of("aaa"));
    await sleep(1_500);
    const later = many(() => of("aaa"));
    await letGo();
    for (const { what } of [...(await blocked), ...(await later)]) expect(what).toBe("REDEEMED");
  });
  expect((await world.repository.usesOf(["aaa"]))[0]?.used).toBe(40n);
});

test("a claim of both a held discount and another does not hold up the other", async () => {
  await holding(["bbb"], async () => {
    const both = redeem(of("aaa", "bbb"));
    await sleep(1_300);
    const other = await redeem(of("ccc"));
    expect(other.what).toBe("REDEEMED");
    expect(other.afterMs).toBeLessThan(700);
    expect(await both).toMatchObject({ what: "Overloaded" });
    // Its lane held this counter while it waited; now it is free.
    expect(await redeem(of("aaa"))).toMatchObject({ what: "REDEEMED" });
  });
});

test("a refusal that is looked at again holds up nobody, though its reservations cannot be given back", async () => {
  await redeem(reservationOf({ grants: [grantOf("ccc"), grantOf("aaa")] }));
  await holding(["aaa"], async () => {
    const doubted = redeem({ ...of("ccc"), at: minutesAfterNoon(10) });
    // By then its second look waits.
    await sleep(200);
    const others = await many(() => of("bbb"));
    expect(others.every(({ what }) => what === "REDEEMED")).toBe(true);
    expect(slowest(others)).toBeLessThan(2_500);
    expect(await doubted).toMatchObject({ what: "Overloaded" });
  });
  expect(await redeem({ ...of("ccc"), at: minutesAfterNoon(10) })).toMatchObject({ what: "REDEEMED" });
});

test("several held discounts take no more than a few connections", async () => {
  const keys = Array.from({ length: 8 }, (_, index) => `held-${index}`);
  await publishDiscounts(world.database.pool, Object.fromEntries(keys.map((key) => [key, {}])));
  await holding(keys, async (letGo) => {
    const blocked = Promise.all(keys.map((key) => redeem(of(key))));
    await sleep(1_300);
    const { rows } = await world.database.pool.query<{ count: bigint }>(
      "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    expect(Number(rows[0]?.count)).toBe(3);
    expect(slowest(await many(() => of("bbb")))).toBeLessThan(700);
    await letGo();
    for (const { what } of await blocked) expect(what).toBe("REDEEMED");
  });
});
