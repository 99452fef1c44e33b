import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RedeemRequest } from "../../src/customers/redemptions/redemption.js";
import {
  expectExactCounters,
  grantOf,
  minutesAfterNoon,
  NOON,
  openRedemptionWorld,
  publishDiscounts,
  requestOf,
  reservationOf,
  toldBy,
  type RedemptionWorld,
} from "../support/redemption-world.js";

let world: RedemptionWorld;

beforeAll(async () => {
  world = await openRedemptionWorld();
});
afterAll(() => world.end());

// Each test publishes the discounts that it is about; the ledger begins empty.
beforeEach(async () => {
  await world.database.pool.query("truncate redemption, customer_discount_counter, idempotency_key");
  await world.database.pool.query("delete from discount_counter");
});
afterEach(() => expectExactCounters(world.database.pool));

const publish = (discounts: Parameters<typeof publishDiscounts>[1]): Promise<void> => publishDiscounts(world.database.pool, discounts);
const redeem = async (request: RedeemRequest): Promise<string> => toldBy(await world.service.redeem(request));
const redeemAll = (requests: readonly RedeemRequest[]): Promise<string[]> => Promise.all(requests.map(redeem));
const uniqueCode = (uniqueCodeId: string) => ({ code: { shown: "SPRING-…", uniqueCodeId } });

async function used(discountKey: string): Promise<{ used: bigint | undefined; spent: bigint | undefined; reserved: bigint | undefined }> {
  const [uses] = await world.repository.usesOf([discountKey]);
  return { used: uses?.used, spent: uses?.spentMinor, reserved: uses?.reserved };
}

function quoteOf({ customerId, quoteId }: RedeemRequest, minute: number) {
  return { customerId, quoteId, at: minutesAfterNoon(minute) };
}

describe("a redemption is refused", () => {
  test("when the total limit is reached", async () => {
    await publish({ spring: { limit_total: 2 } });
    expect(await redeem(requestOf())).toBe("REDEEMED");
    expect(await redeem(requestOf())).toBe("REDEEMED");
    expect(await world.service.redeem(requestOf())).toEqual({ outcome: "REFUSED", refusals: [{ code: "TOTAL_LIMIT_REACHED", discountKey: "spring" }] });
  });

  test("when the customer's own limit is reached, and only for this customer", async () => {
    await publish({ spring: { limit_per_customer: 1 } });
    expect(await redeem(requestOf({ customerId: "ada" }))).toBe("REDEEMED");
    expect(await redeem(requestOf({ customerId: "ada" }))).toBe("CUSTOMER_LIMIT_REACHED");
    expect(await redeem(requestOf({ customerId: "bob" }))).toBe("REDEEMED");
  });

  test("when the budget does not hold what it takes off, while something smaller still fits", async () => {
    await publish({ spring: { budget_minor: 250, budget_currency: "EUR" } });
    expect(await redeem(requestOf())).toBe("REDEEMED");
    expect(await redeem(requestOf({ grants: [grantOf("spring", { amountMinor: 151n })] }))).toBe("BUDGET_SPENT");
    expect(await redeem(requestOf({ grants: [grantOf("spring", { amountMinor: 150n })] }))).toBe("REDEEMED");
    expect(await used("spring")).toMatchObject({ used: 2n, spent: 250n });
  });

  test("when the budget is in another currency", async () => {
    await publish({ spring: { budget_minor: 250, budget_currency: "EUR" } });
    expect(await redeem(requestOf({ grants: [grantOf("spring", { currency: "SEK" })] }))).toBe("BUDGET_OF_OTHER_CURRENCY");
  });

  test("when the unique code was used, under whichever quote", async () => {
    await publish({ spring: {} });
    const grants = [grantOf("spring", uniqueCode("u1"))];
    expect(await redeem(requestOf({ grants }))).toBe("REDEEMED");
    expect(await redeem(requestOf({ grants }))).toBe("CODE_USED");
  });

  test("when the batch of the unique code was revoked since the quote was made, but not when it expired", async () => {
    await publish({ spring: {} });
    const { pool } = world.database;
    const { rows } = await pool.query<{ id: number }>(
      `insert into unique_code_batch (discount_key, prefix, count, created_at, created_by, note, expires_at) values ('spring', '', 3, $1, 'test', '', $2) returning id`,
      [minutesAfterNoon(-60), minutesAfterNoon(-1)],
    );
    const codes = ["a", "b", "c"].map((letter) => letter.repeat(26));
    await pool.query("insert into unique_code (batch_id, id) select $1, unnest($2::text[])", [rows[0]?.id, codes]);
    const [expired, held, revoked] = codes.map((code) => ({ grants: [grantOf("spring", uniqueCode(code))] }));
    const reservation = reservationOf(held);
    expect(await redeemAll([requestOf(expired), reservation])).toEqual(["REDEEMED", "REDEEMED"]);
    await pool.query("update unique_code_batch set revoked_at = $1", [NOON]);
    expect(await world.service.redeem(requestOf(revoked))).toEqual({ outcome: "REFUSED", refusals: [{ code: "CODE_REVOKED", discountKey: "spring" }] });
    // What was reserved before is the customer's.
    expect(await world.service.commit(quoteOf(reservation, 1))).toMatchObject({ outcome: "SETTLED" });
  });

  test("when the quote was redeemed, once for all of its discounts", async () => {
    await publish({ spring: {}, summer: {} });
    const change = { quoteId: "q", customerId: "ada", grants: [grantOf("spring"), grantOf("summer")] };
    expect(await redeem(requestOf(change))).toBe("REDEEMED");
    expect(await world.service.redeem(requestOf(change))).toEqual({ outcome: "REFUSED", refusals: [{ code: "QUOTE_ALREADY_REDEEMED", discountKey: null }] });
  });

  test("with every reason there is", async () => {
    await publish({ spring: { limit_total: 1, limit_per_customer: 1 }, summer: { budget_minor: 1, budget_currency: "EUR" } });
    expect(await redeem(requestOf({ customerId: "ada" }))).toBe("REDEEMED");
    const { refusals } = (await world.service.redeem(requestOf({ customerId: "ada", grants: [grantOf("spring"), grantOf("summer")] }))) as never;
    expect(refusals).toEqual([
      { code: "TOTAL_LIMIT_REACHED", discountKey: "spring" },
      { code: "CUSTOMER_LIMIT_REACHED", discountKey: "spring" },
      { code: "BUDGET_SPENT", discountKey: "summer" },
    ]);
  });
});

test("a discount that was never released is a fault, which harms no other request of its batch", async () => {
  await publish({ spring: {} });
  const [strange, sound] = await Promise.allSettled([redeem(requestOf({ grants: [grantOf("unheard-of")] })), redeem(requestOf())]);
  expect([strange.status, sound.status]).toEqual(["rejected", "fulfilled"]);
});

test("what the database cannot keep fails alone", async () => {
  await publish({ spring: {} });
  const results = await Promise.allSettled([redeem(requestOf()), redeem(requestOf({ customerId: "a\0b" })), redeem(requestOf())]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("two discounts are granted both or neither", async () => {
  await publish({ spring: { limit_total: 3 }, summer: { limit_total: 1 } });
  const both = [grantOf("spring"), grantOf("summer")];
  expect(await redeemAll([requestOf({ grants: both }), requestOf({ grants: both }), requestOf({ grants: both })])).toEqual([
    "REDEEMED",
    "TOTAL_LIMIT_REACHED",
    "TOTAL_LIMIT_REACHED",
  ]);
  expect(await used("spring")).toMatchObject({ used: 1n });
  expect(await redeemAll([requestOf(), requestOf(), requestOf()])).toEqual(["REDEEMED", "REDEEMED", "TOTAL_LIMIT_REACHED"]);
});

test("a refused request takes no room from those behind it in the batch", async () => {
  await publish({ spring: { limit_total: 1, budget_minor: 100, budget_currency: "EUR" }, summer: { limit_total: 1 } });
  await redeem(requestOf({ grants: [grantOf("summer")] }));
  const refused = requestOf({ grants: [grantOf("spring"), grantOf("summer")] });
  const tooDear = requestOf({ grants: [grantOf("spring", { amountMinor: 101n })] });
  expect(await redeemAll([refused, tooDear, requestOf(), requestOf()])).toEqual([
    "TOTAL_LIMIT_REACHED",
    "BUDGET_SPENT",
    "REDEEMED",
    "TOTAL_LIMIT_REACHED BUDGET_SPENT",
  ]);
});

test("a batch of all kinds is decided in the order of arrival", async () => {
  await publish({ spring: { limit_total: 4, limit_per_customer: 1 } });
  const first = requestOf({ customerId: "ada" });
  const results = await redeemAll([
    first,
    { ...first, idempotencyKey: "another", quoteId: "another" },
    first,
    { ...first, bodyHash: Buffer.alloc(32) },
    requestOf(),
    requestOf({ customerId: "bob" }),
    requestOf({ customerId: "bob" }),
    requestOf(),
    requestOf(),
  ]);
  expect(results).toEqual([
    ...["REDEEMED", "CUSTOMER_LIMIT_REACHED", "REDEEMED", "IDEMPOTENCY_KEY_REUSED", "REDEEMED", "REDEEMED", "CUSTOMER_LIMIT_REACHED"],
    ...["REDEEMED", "TOTAL_LIMIT_REACHED"],
  ]);
});

describe("a reservation", () => {
  test("is committed, and then is final", async () => {
    await publish({ spring: { limit_total: 1, limit_per_customer: 1, budget_minor: 100, budget_currency: "EUR" } });
    const request = reservationOf();
    expect(await redeem(request)).toBe("REDEEMED");
    expect(await used("spring")).toEqual({ used: 1n, spent: 100n, reserved: 1n });
    const committed = await world.service.commit(quoteOf(request, 9));
    expect(committed).toMatchObject({ outcome: "SETTLED", redemptions: [{ state: "COMMITTED", settledAt: minutesAfterNoon(9) }] });
    expect(await world.service.commit(quoteOf(request, 11))).toEqual(committed);
    expect(await world.service.release(quoteOf(request, 11))).toEqual({ outcome: "REFUSED", code: "REDEMPTION_COMMITTED" });
    expect(await world.service.expireReservations(minutesAfterNoon(60))).toBe(0);
    expect(await used("spring")).toEqual({ used: 1n, spent: 100n, reserved: 0n });
  });

  test("is released, which gives everything back", async () => {
    await publish({ spring: { limit_total: 1, limit_per_customer: 1, budget_minor: 100, budget_currency: "EUR" }, summer: {} });
    const request = reservationOf({ customerId: "ada", grants: [grantOf("spring", uniqueCode("u1")), grantOf("summer")] });
    expect(await redeem(request)).toBe("REDEEMED");
    const released = await world.service.release(quoteOf(request, 9));
    expect(released).toMatchObject({ outcome: "SETTLED", redemptions: [{ state: "RELEASED" }, { state: "RELEASED" }] });
    expect(await world.service.release(quoteOf(request, 20))).toEqual(released);
    expect(await world.service.commit(quoteOf(request, 9))).toEqual({ outcome: "REFUSED", code: "RESERVATION_RELEASED" });
    expect(await used("spring")).toEqual({ used: 0n, spent: 0n, reserved: 0n });
    expect(await redeem({ ...request, idempotencyKey: "again" })).toBe("REDEEMED");
    expect(await world.service.commit(quoteOf(request, 9))).toMatchObject({ outcome: "SETTLED", redemptions: [{}, {}] });
  });

  test("is given back when its time has passed, and can no longer be committed or released", async () => {
    await publish({ spring: { limit_total: 1, limit_per_customer: 1, budget_minor: 100, budget_currency: "EUR" } });
    const request = reservationOf();
    expect(await redeem(request)).toBe("REDEEMED");
    expect(await world.service.expireReservations(minutesAfterNoon(9))).toBe(0);
    expect(await world.service.commit(quoteOf(request, 10))).toEqual({ outcome: "REFUSED", code: "RESERVATION_EXPIRED" });
    expect(await world.service.expireReservations(minutesAfterNoon(10))).toBe(1);
    expect(await used("spring")).toEqual({ used: 0n, spent: 0n, reserved: 0n });
    expect(await world.service.commit(quoteOf(request, 9))).toEqual({ outcome: "REFUSED", code: "RESERVATION_EXPIRED" });
    expect(await world.service.release(quoteOf(request, 9))).toEqual({ outcome: "REFUSED", code: "RESERVATION_EXPIRED" });
  });

  test("past its end answers a release as expired, whether or not it was given back before", async () => {
    await publish({ spring: { limit_total: 1 } });
    const request = reservationOf();
    expect(await redeem(request)).toBe("REDEEMED");
    expect(await world.service.release(quoteOf(request, 10))).toEqual({ outcome: "REFUSED", code: "RESERVATION_EXPIRED" });
    expect(await used("spring")).toMatchObject({ used: 0n });
  });

  test("that has ended stands in nobody's way, even if nobody gave it back yet", async () => {
    await publish({ spring: { limit_total: 1, limit_per_customer: 1, budget_minor: 100, budget_currency: "EUR" } });
    const grants = [grantOf("spring", uniqueCode("u1"))];
    const request = reservationOf({ customerId: "ada", grants });
    expect(await redeem(request)).toBe("REDEEMED");
    expect(await redeem({ ...request, idempotencyKey: "early", at: minutesAfterNoon(9) })).toContain("QUOTE_ALREADY_REDEEMED");
    expect(await redeem({ ...request, idempotencyKey: "late", at: minutesAfterNoon(10), mode: "COMMIT", reservedUntil: null })).toBe("REDEEMED");
  });

  test("whose commit races its expiry goes one way only", async () => {
    await publish({ spring: { limit_total: 1_000 }, summer: {} });
    const requests = Array.from({ length: 40 }, () => reservationOf({ grants: [grantOf("spring"), grantOf("summer")] }));
    await redeemAll(requests);
    const [outcomes, expired] = await Promise.all([
      Promise.all(requests.map((request) => world.service.commit(quoteOf(request, 9)))),
      Promise.all([world.service.expireReservations(minutesAfterNoon(10)), world.service.expireReservations(minutesAfterNoon(10))]),
    ]);
    const committed = outcomes.filter(({ outcome }) => outcome === "SETTLED").length;
    const passedOver = await world.service.expireReservations(minutesAfterNoon(10));
    expect(committed * 2 + (expired[0] + expired[1] + passedOver)).toBe(80);
    const { rows } = await world.database.pool.query("select from redemption group by quote_id having count(distinct state) > 1");
    expect(rows).toEqual([]);
  });

  test("of nobody is not found", async () => {
    const quote = { customerId: "nobody", quoteId: "none", at: NOON };
    expect(await world.service.commit(quote)).toEqual({ outcome: "REFUSED", code: "NOT_FOUND" });
    expect(await world.service.release(quote)).toEqual({ outcome: "REFUSED", code: "NOT_FOUND" });
  });
});

describe("an idempotency key", () => {
  test("replays the first answer byte for byte, whatever happened since", async () => {
    await publish({ spring: { limit_total: 1 } });
    const request = reservationOf({ grants: [grantOf("spring", { ...uniqueCode("u1"), amountMinor: 9_007_199_254_740_991n })] });
    const first = await world.service.redeem(request);
    await world.service.release(quoteOf(request, 1));
    const again = await world.service.redeem({ ...request, at: minutesAfterNoon(5) });
    expect(again).toEqual({ ...first, replayed: true });
    const written = (outcome: object): string =>
      JSON.stringify({ ...outcome, replayed: null }, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
    expect(written(again)).toBe(written(first));
  });

  test("of a refused request may be tried again", async () => {
    await publish({ spring: { limit_total: 1 } });
    const holder = reservationOf();
    await redeem(holder);
    const request = requestOf();
    expect(await redeem(request)).toBe("TOTAL_LIMIT_REACHED");
    await world.service.release(quoteOf(holder, 1));
    expect(await redeem(request)).toBe("REDEEMED");
  });

  test("with another body is refused, and belongs to its credential", async () => {
    await publish({ spring: {} });
    const request = requestOf();
    expect(await redeem(request)).toBe("REDEEMED");
    expect(await redeem({ ...requestOf(), idempotencyKey: request.idempotencyKey })).toBe("IDEMPOTENCY_KEY_REUSED");
    expect(await redeem({ ...requestOf(), idempotencyKey: request.idempotencyKey, credentialId: "other" })).toBe("REDEEMED");
  });

  test("of a quote that grants nothing is kept too", async () => {
    const request = requestOf({ grants: [] });
    expect(await world.service.redeem(request)).toEqual({ outcome: "REDEEMED", replayed: false, redemptions: [] });
    expect(await world.service.redeem(request)).toEqual({ outcome: "REDEEMED", replayed: true, redemptions: [] });
  });
});
