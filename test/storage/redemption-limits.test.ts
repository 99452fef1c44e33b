import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
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
  type Limits,
  type RedemptionWorld,
} from "../support/redemption-world.js";

// Limits belong to the newest version of a discount, and may change while uses are being counted.

let world: RedemptionWorld;

beforeAll(async () => {
  world = await openRedemptionWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  await world.database.pool.query("truncate redemption, customer_discount_counter, idempotency_key, discount_counter");
});
afterEach(() => expectExactCounters(world.database.pool));

const publish = (spring: Limits): Promise<void> => publishDiscounts(world.database.pool, { spring });
const redeem = async (request: RedeemRequest): Promise<string> => toldBy(await world.service.redeem(request));
const times = (count: number, request: () => RedeemRequest = requestOf): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => redeem(request())));

async function counter(): Promise<object | undefined> {
  return (await world.database.pool.query<Record<string, unknown>>("select used, cap, spent_minor, budget_cap from discount_counter")).rows[0];
}

test("a limit lowered below what is used stops grants, until enough was given back", async () => {
  await publish({ limit_total: 5 });
  const reserved = Array.from({ length: 4 }, () => reservationOf());
  for (const request of reserved) await redeem(request);
  await publish({ limit_total: 2 });
  expect(await counter()).toMatchObject({ used: 4n, cap: 4n });
  expect(await redeem(requestOf())).toBe("TOTAL_LIMIT_REACHED");
  for (const [index, request] of reserved.entries()) {
    await world.service.release({ ...request, at: minutesAfterNoon(1) });
    expect(await counter()).toMatchObject({ used: BigInt(3 - index), cap: BigInt(Math.max(2, 3 - index)) });
  }
  expect(await times(3)).toEqual(["REDEEMED", "REDEEMED", "TOTAL_LIMIT_REACHED"]);
});

test("a limit that is raised, or taken away, makes room", async () => {
  await publish({ limit_total: 1 });
  expect(await times(2)).toEqual(["REDEEMED", "TOTAL_LIMIT_REACHED"]);
  await publish({ limit_total: 2 });
  expect(await times(2)).toEqual(["REDEEMED", "TOTAL_LIMIT_REACHED"]);
  await publish({});
  expect(await times(2)).toEqual(["REDEEMED", "REDEEMED"]);
  await publish({ limit_total: 5 });
  expect(await times(2)).toEqual(["REDEEMED", "TOTAL_LIMIT_REACHED"]);
});

test("a budget that is lowered below what is spent stops grants", async () => {
  await publish({ budget_minor: 500, budget_currency: "EUR" });
  const reservation = reservationOf();
  await redeem(reservation);
  expect(await times(2)).toEqual(["REDEEMED", "REDEEMED"]);
  await publish({ budget_minor: 200, budget_currency: "EUR" });
  expect(await counter()).toMatchObject({ spent_minor: 300n, budget_cap: 300n });
  expect(await redeem(requestOf())).toBe("BUDGET_SPENT");
  await world.service.release({ ...reservation, at: minutesAfterNoon(1) });
  expect(await counter()).toMatchObject({ spent_minor: 200n, budget_cap: 200n });
  expect(await redeem(requestOf())).toBe("BUDGET_SPENT");
});

test("a limit per customer that comes later counts the uses made before", async () => {
  await publish({});
  expect(await times(2, () => requestOf({ customerId: "ada" }))).toEqual(["REDEEMED", "REDEEMED"]);
  const reservation = reservationOf({ customerId: "bob" });
  await redeem(reservation);
  await publish({ limit_per_customer: 1 });
  expect(await redeem(requestOf({ customerId: "ada" }))).toBe("CUSTOMER_LIMIT_REACHED");
  expect(await redeem(requestOf({ customerId: "bob" }))).toBe("CUSTOMER_LIMIT_REACHED");
  expect(await redeem(requestOf({ customerId: "eve" }))).toBe("REDEEMED");
  await world.service.release({ ...reservation, at: minutesAfterNoon(1) });
  expect(await redeem(requestOf({ customerId: "bob" }))).toBe("REDEEMED");
  await publish({});
  expect(await redeem(requestOf({ customerId: "eve" }))).toBe("REDEEMED");
  await publish({ limit_per_customer: 3 });
  expect(await times(2, () => requestOf({ customerId: "eve" }))).toEqual(["REDEEMED", "CUSTOMER_LIMIT_REACHED"]);
});

describe("a limit per customer that comes while a statement waits, too old to see the uses that were counted for it,", () => {
  const isWaiting = async (): Promise<boolean> => {
    const { rowCount } = await world.database.pool.query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
    return rowCount === 1;
  };

  /** Begins the work when the limit is counted, and makes it known when the work waits for that. */
  async function limitMeanwhile<Result>(work: () => Promise<Result>): Promise<Result> {
    let result: Promise<Result> | undefined;
    await publishDiscounts(world.database.pool, { spring: { limit_per_customer: 1 } }, async () => {
      result = work();
      await expect.poll(isWaiting, { interval: 5 }).toBe(true);
    });
    if (result === undefined) throw new Error("the work was not begun");
    return result;
  }

  test("is kept by a redemption", async () => {
    await publish({});
    await redeem(requestOf({ customerId: "ada" }));
    expect(await limitMeanwhile(() => redeem(requestOf({ customerId: "ada" })))).toBe("CUSTOMER_LIMIT_REACHED");
  });

  test("is given back to by a release", async () => {
    await publish({});
    const reservation = reservationOf({ customerId: "ada" });
    await redeem(reservation);
    expect(await limitMeanwhile(() => world.service.release({ ...reservation, at: minutesAfterNoon(1) }))).toMatchObject({ outcome: "SETTLED" });
    await expectExactCounters(world.database.pool);
    expect(await redeem(requestOf({ customerId: "ada" }))).toBe("REDEEMED");
  });

  test("is given back to by an expiry", async () => {
    await publish({});
    await redeem(reservationOf({ customerId: "ada" }));
    const expired = await limitMeanwhile(() => world.service.expireReservations(minutesAfterNoon(10)));
    await expectExactCounters(world.database.pool);
    expect(expired + (await world.service.expireReservations(minutesAfterNoon(10)))).toBe(1);
  });
});

describe("the uses that a limit per customer counts", () => {
  const ownUses = async (): Promise<object[]> =>
    (await world.database.pool.query<Record<string, unknown>>("select customer_id, used, cap from customer_discount_counter order by customer_id")).rows;

  test("are counted before the counter is locked; what changes until then is put right", async () => {
    await publish({ limit_per_customer: 5 });
    await redeem(requestOf({ customerId: "rests" }));
    await publish({});
    const [ada, bob] = [reservationOf({ customerId: "ada" }), reservationOf({ customerId: "bob" })];
    for (const request of [ada, bob, requestOf({ customerId: "bob" }), requestOf({ customerId: "eve" }), requestOf({ customerId: "rests" })])
      await redeem(request);
    await publishDiscounts(world.database.pool, { spring: { limit_per_customer: 2 } }, undefined, async (client) => {
      const { rows } = await client.query("select customer_id, used from customer_discount_counter where customer_id <> 'rests' order by customer_id");
      expect(rows).toEqual([
        { customer_id: "ada", used: 1n },
        { customer_id: "bob", used: 2n },
        { customer_id: "eve", used: 1n },
      ]);
      // Would wait for a lock that the publisher had.
      for (const request of [ada, bob]) await world.service.release({ ...request, at: minutesAfterNoon(1) });
      for (const customerId of ["eve", "eve", "new"]) expect(await redeem(requestOf({ customerId }))).toBe("REDEEMED");
    });
    expect(await ownUses()).toEqual([
      { customer_id: "ada", used: 0n, cap: 2n },
      { customer_id: "bob", used: 1n, cap: 2n },
      { customer_id: "eve", used: 3n, cap: 3n },
      { customer_id: "new", used: 1n, cap: 2n },
      { customer_id: "rests", used: 2n, cap: 2n },
    ]);
  });
});

describe("the currency of a budget", () => {
  const sek = { grants: [grantOf("spring", { currency: "SEK" })] };

  test("changes freely while nothing is spent", async () => {
    await publish({ budget_minor: 500, budget_currency: "EUR" });
    await publish({ budget_minor: 100, budget_currency: "SEK" });
    expect(await times(2, () => requestOf(sek))).toEqual(["REDEEMED", "BUDGET_SPENT"]);
    expect(await redeem(requestOf())).toBe("BUDGET_OF_OTHER_CURRENCY");
  });

  test("does not change while something is spent; the release is refused as a whole", async () => {
    await publish({ budget_minor: 500, budget_currency: "EUR" });
    await redeem(requestOf());
    await expect(publish({ budget_minor: 100, budget_currency: "SEK" })).rejects.toMatchObject({ constraint: "discount_budget_keeps_its_currency" });
    expect(await counter()).toMatchObject({ spent_minor: 100n, budget_cap: 500n });
  });

  test("may change by a release without a budget between; what was given in it meanwhile counts", async () => {
    await publish({ budget_minor: 500, budget_currency: "EUR" });
    await redeem(requestOf());
    await publish({});
    const reservation = reservationOf(sek);
    expect(await redeem(reservation)).toBe("REDEEMED");
    await publish({ budget_minor: 150, budget_currency: "SEK" });
    expect(await counter()).toMatchObject({ spent_minor: 100n, budget_cap: 150n });
    expect(await redeem(requestOf(sek))).toBe("BUDGET_SPENT");
    await world.service.release({ ...reservation, at: minutesAfterNoon(1) });
    expect(await redeem(requestOf(sek))).toBe("REDEEMED");
  });
});

test("limits that change while uses are counted and given back leave every counter exact", async () => {
  await publish({});
  const customers = ["ada", "bob", "eve"];
  const limits: readonly Limits[] = [
    { limit_per_customer: 30, limit_total: 60 },
    { budget_minor: 5_000, budget_currency: "EUR" },
    { limit_per_customer: 50 },
    { limit_total: 80, budget_minor: 9_000, budget_currency: "EUR" },
    {},
    { limit_per_customer: 40, limit_total: 100 },
  ];
  let isOver = false;
  const worker = async (customerId: string): Promise<void> => {
    for (let turn = 0; !isOver; turn++) {
      const request = reservationOf({ customerId });
      if ((await redeem(request)) !== "REDEEMED") continue;
      if (turn % 3 > 0) await world.service[turn % 3 === 1 ? "release" : "commit"]({ ...request, at: minutesAfterNoon(1) });
    }
  };
  const work = Promise.all(Array.from({ length: 12 }, (_, index) => worker(customers[index % 3] ?? "")));
  for (let round = 0; round < 60; round++) await publish(limits[round % limits.length] ?? {});
  isOver = true;
  await work;
  await expectExactCounters(world.database.pool);
  expect(await world.service.expireReservations(minutesAfterNoon(60))).toBeGreaterThan(0);
});
