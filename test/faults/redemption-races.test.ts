import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RedeemRequest } from "../../src/customers/redemptions/redemption.js";
import { RedemptionService } from "../../src/customers/redemptions/redemption.service.js";
import { PgRedemptionRepository } from "../../src/customers/redemptions/storage/pg-redemption.repository.js";
import { connectDatabase, type Database } from "../../src/platform/database/database.js";
import {
  expectExactCounters,
  grantOf,
  openRedemptionWorld,
  publishDiscounts,
  requestOf,
  toldBy,
  type Limits,
  type RedemptionWorld,
} from "../support/redemption-world.js";

// Several gateways on one database, which do not know of each other's batches. Each request goes to one of them in turn.

const GATEWAYS = 3;

let world: RedemptionWorld;
let others: readonly Database[];
let gateways: readonly RedemptionService[];

beforeAll(async () => {
  world = await openRedemptionWorld();
  others = Array.from({ length: GATEWAYS - 1 }, () => connectDatabase({ url: world.url, maxConnections: 2 }));
  gateways = [world.service, ...others.map(({ pool }) => new RedemptionService(new PgRedemptionRepository(pool)))];
});
afterAll(async () => {
  await Promise.all(others.map((database) => database.close()));
  await world.end();
});
beforeEach(async () => {
  await world.database.pool.query("truncate redemption, customer_discount_counter, idempotency_key, discount_counter");
});
afterEach(() => expectExactCounters(world.database.pool));

const publish = (spring: Limits): Promise<void> => publishDiscounts(world.database.pool, { spring, summer: {} });
const count = async (table: string): Promise<bigint | undefined> =>
  (await world.database.pool.query<{ count: bigint }>(`select count(*) from ${table}`)).rows[0]?.count;

/** How often each answer was given. */
async function race(requests: readonly RedeemRequest[]): Promise<Record<string, number>> {
  const told: Record<string, number> = {};
  const outcomes = await Promise.all(requests.map((request, index) => (gateways[index % GATEWAYS] ?? world.service).redeem(request)));
  for (const outcome of outcomes) {
    const text = outcome.outcome === "REDEEMED" && outcome.replayed ? "REPLAYED" : toldBy(outcome);
    told[text] = (told[text] ?? 0) + 1;
  }
  return told;
}

function times<Value>(number: number, make: (index: number) => Value): Value[] {
  return Array.from({ length: number }, (_, index) => make(index));
}

describe("1,000 keys, each sent ten times at once", () => {
  test("have 1,000 effects; altered bodies have none; another credential's keys are others", async () => {
    await publish({});
    const requests = times(1_000, () => requestOf());
    const tenTimes = times(10, () => requests).flat();
    expect(await race(tenTimes)).toEqual({ REDEEMED: 1_000, REPLAYED: 9_000 });
    expect(await count("redemption")).toBe(1_000n);

    expect(await race(tenTimes.map((request) => ({ ...request, bodyHash: Buffer.alloc(32, 1) })))).toEqual({ IDEMPOTENCY_KEY_REUSED: 10_000 });
    expect(await count("redemption")).toBe(1_000n);

    const elsewhere = requests.map((request) => ({ ...requestOf(), idempotencyKey: request.idempotencyKey, credentialId: "other" }));
    expect(await race([...elsewhere, ...elsewhere])).toEqual({ REDEEMED: 1_000, REPLAYED: 1_000 });
    expect(await count("redemption")).toBe(2_000n);
    expect(await count("idempotency_key")).toBe(2_000n);
  });

  test("have as many effects as the limit allows, and whoever sent a granted key learns that from every gateway", async () => {
    await publish({ limit_total: 300 });
    const requests = times(1_000, () => requestOf());
    const outcomes = await Promise.all(requests.flatMap((request) => gateways.map(async (gateway) => ({ request, outcome: await gateway.redeem(request) }))));
    const granted = new Set(outcomes.filter(({ outcome }) => outcome.outcome === "REDEEMED").map(({ request }) => request.idempotencyKey));
    expect(granted.size).toBe(300);
    expect(outcomes.filter(({ outcome }) => outcome.outcome === "REDEEMED" && !outcome.replayed)).toHaveLength(300);
    for (const { outcome } of outcomes)
      if (outcome.outcome === "REFUSED") expect(outcome.refusals).toEqual([{ code: "TOTAL_LIMIT_REACHED", discountKey: "spring" }]);
    for (const request of requests) expect(toldBy(await world.service.redeem(request)) === "REDEEMED").toBe(granted.has(request.idempotencyKey));
  });
});

test("each of 100 unique codes is used once, whoever tries it", async () => {
  await publish({});
  const requests = times(1_000, (index) => requestOf({ grants: [grantOf("spring", { code: { shown: "S…", uniqueCodeId: `u${index % 100}` } })] }));
  expect(await race(requests)).toEqual({ REDEEMED: 100, CODE_USED: 900 });
});

test("each of 100 quotes is redeemed once, though every request has a key of its own", async () => {
  await publish({});
  const quotes = times(100, () => requestOf({ grants: [grantOf("spring"), grantOf("summer")] }));
  const requests = times(1_000, (index) => ({ ...requestOf(), ...quotes[index % 100], idempotencyKey: `own-${index}` }));
  expect(await race(requests)).toEqual({ REDEEMED: 100, QUOTE_ALREADY_REDEEMED: 900 });
});

test("each of 100 customers gets what is theirs", async () => {
  await publish({ limit_per_customer: 3 });
  const requests = times(1_000, (index) => requestOf({ customerId: `customer-of-a-race-${index % 100}` }));
  expect(await race(requests)).toEqual({ REDEEMED: 300, CUSTOMER_LIMIT_REACHED: 700 });
});

test("a hot discount is granted to the last use by many small batches, which wait for each other all the time", async () => {
  await publish({ limit_total: 2_500, budget_minor: 1_000_000, budget_currency: "EUR" });
  const told: string[] = [];
  const client = async (gateway: RedemptionService): Promise<void> => {
    for (let turn = 0; turn < 100; turn++) told.push(toldBy(await gateway.redeem(requestOf())));
  };
  await Promise.all(gateways.flatMap((gateway) => times(10, () => client(gateway))));
  expect(told.filter((outcome) => outcome === "REDEEMED")).toHaveLength(2_500);
  expect(told.filter((outcome) => outcome === "TOTAL_LIMIT_REACHED")).toHaveLength(500);
});

test("discounts named in opposite orders do not wait for each other in a circle", async () => {
  await publish({ limit_total: 500 });
  const there = [grantOf("spring"), grantOf("summer")];
  expect(await race(times(1_000, (index) => requestOf({ grants: index % 2 === 0 ? there : there.toReversed() })))).toEqual({
    REDEEMED: 500,
    TOTAL_LIMIT_REACHED: 500,
  });
});

test("when more wait than can be served, the rest is told so and counts for nothing", async () => {
  await publish({});
  const outcomes = await Promise.allSettled(times(6_000, () => world.service.redeem(requestOf())));
  const overloaded = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(overloaded).toHaveLength(1_000);
  for (const { reason } of overloaded) expect(reason).toMatchObject({ name: "Overloaded" });
  expect(await count("redemption")).toBe(5_000n);
});
