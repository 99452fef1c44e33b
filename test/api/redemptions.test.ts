import { describe, expect } from "vitest";
import { testEmpty as test, type Caller, type Json } from "../support/api.js";
import { NOW, publishQuoteCatalog, quoteFor } from "../support/quote-catalog.js";
import { commit, forgetRedemptions, outcomeOf, redeem, release } from "../support/redeeming.js";
import { expectExactCounters } from "../support/redemption-world.js";
import { keepQuote } from "../support/stored-quotes.js";

test.beforeAll(async ({ gateway }) => publishQuoteCatalog(gateway));
test.beforeEach(async ({ gateway }) => {
  gateway.clock.set(NOW);
  await forgetRedemptions(gateway);
});
test.afterEach(({ gateway }) => expectExactCounters(gateway.database.pool));

const basic = (customer: string, ...codes: string[]) => ({ items: [{ plan: "basic" }], market: "se", codes, customer: { id: customer } });

async function keep(caller: Caller, customer: string, ...codes: string[]): Promise<string> {
  return (await keepQuote(caller, basic(customer, ...codes))).quoteId;
}

/** What of `few`, of which there are two, is used, and how many of these are held. */
async function usesOfFew(admin: Caller): Promise<[used: number, reserved: number, remaining: number]> {
  const { data } = await admin.query('{ discount(key: "few") { uses { used reserved remaining } } }');
  return [data.discount.uses.used, data.discount.uses.reserved, data.discount.uses.remaining];
}

describe("a quote that is redeemed at once", () => {
  test("claims each of its discounts for its customer", async ({ gateway }) => {
    const service = await gateway.as("service");
    const { quoteId } = await keepQuote(service, {
      ...{ items: [{ plan: "premium" }], market: "se", codes: ["spring 26"], customer: { id: "ada", isNew: true } },
    });
    gateway.clock.set("2026-06-10T12:30:00Z");
    const { data } = await redeem(service, { quoteId, idempotencyKey: "order-1" });
    const common = { customerId: "ada", quoteId, state: "COMMITTED", reservedUntil: null };
    const at = "2026-06-10T12:30:00.000Z";
    expect(data.redeemQuote.redemptions).toEqual([
      // Half of 129 crowns for two months, and 20 crowns once.
      {
        ...common,
        id: expect.any(String) as string,
        discountKey: "intro",
        discount: { key: "intro" },
        code: null,
        amount: { amountMinor: 12900, currency: "SEK" },
        createdAt: at,
        settledAt: at,
      },
      {
        ...common,
        id: expect.any(String) as string,
        discountKey: "twenty-off",
        discount: { key: "twenty-off" },
        code: "SPRING26",
        amount: { amountMinor: 2000, currency: "SEK" },
        createdAt: at,
        settledAt: at,
      },
    ]);
  });

  test("that takes nothing off claims nothing", async ({ gateway }) => {
    const service = await gateway.as("service");
    const quoteId = await keep(service, "ada");
    for (const answer of [await redeem(service, { quoteId, idempotencyKey: "a" }), await commit(service, quoteId), await release(service, quoteId)]) {
      expect(outcomeOf(answer)).toEqual([]);
    }
  });
});

describe("a quote that is reserved", () => {
  test("holds what it claims until it is committed, which is final", async ({ gateway }) => {
    const [service, admin] = [await gateway.as("service"), await gateway.as("admin")];
    const quoteId = await keep(service, "ada", "FEW");
    const reserved = await redeem(service, { quoteId, idempotencyKey: "a", reserveForSeconds: 600 });
    expect(outcomeOf(reserved)).toEqual(["few RESERVED"]);
    expect(reserved.data.redeemQuote.redemptions[0]).toMatchObject({ reservedUntil: "2026-06-10T12:10:00.000Z", settledAt: null });
    expect(await usesOfFew(admin)).toEqual([1, 1, 1]);

    gateway.clock.set("2026-06-10T12:09:59.999Z");
    const committed = await commit(admin, quoteId);
    expect(outcomeOf(committed)).toEqual(["few COMMITTED"]);
    expect(await usesOfFew(admin)).toEqual([1, 0, 1]);
    gateway.clock.set("2026-06-12T00:00:00Z");
    expect((await commit(admin, quoteId)).text).toBe(committed.text);
    expect(outcomeOf(await release(admin, quoteId))).toEqual(["REDEMPTION_COMMITTED at input.quoteId"]);
    expect(await usesOfFew(admin)).toEqual([1, 0, 1]);
  });

  test("gives back what it holds when it is released, and may be redeemed anew", async ({ gateway }) => {
    const [service, admin] = [await gateway.as("service"), await gateway.as("admin")];
    const quoteId = await keep(service, "ada", "FEW");
    await redeem(service, { quoteId, idempotencyKey: "a", reserveForSeconds: 600 });
    const released = await release(service, quoteId);
    expect(outcomeOf(released)).toEqual(["few RELEASED"]);
    expect((await release(service, quoteId)).text).toBe(released.text);
    expect(await usesOfFew(admin)).toEqual([0, 0, 2]);
    expect(outcomeOf(await commit(service, quoteId))).toEqual(["RESERVATION_RELEASED at input.quoteId"]);
    expect(outcomeOf(await redeem(service, { quoteId, idempotencyKey: "b" }))).toEqual(["few COMMITTED"]);
    expect(await usesOfFew(admin)).toEqual([1, 0, 1]);
  });

  test("is over when its time is, to the millisecond, and what it held is there for others", async ({ gateway }) => {
    const [service, admin] = [await gateway.as("service"), await gateway.as("admin")];
    const [ada, bea, eve] = [await keep(service, "ada", "FEW"), await keep(service, "bea", "FEW"), await keep(service, "eve", "FEW")];
    for (const quoteId of [ada, bea]) await redeem(service, { quoteId, idempotencyKey: quoteId, reserveForSeconds: 10 });
    const wish = { quoteId: eve, idempotencyKey: "eve" };
    gateway.clock.set("2026-06-10T12:00:09.999Z");
    expect(outcomeOf(await redeem(service, wish))).toEqual(["TOTAL_LIMIT_REACHED at input.quoteId"]);
    gateway.clock.set("2026-06-10T12:00:10.000Z");
    expect(outcomeOf(await commit(service, ada))).toEqual(["RESERVATION_EXPIRED at input.quoteId"]);
    // A refusal is not kept: the same key may be tried again.
    expect(outcomeOf(await redeem(service, wish))).toEqual(["few COMMITTED"]);
    expect(outcomeOf(await release(service, bea))).toEqual(["RESERVATION_EXPIRED at input.quoteId"]);
    expect(await usesOfFew(admin)).toEqual([1, 0, 1]);
  });
});

describe("the same key and input again", () => {
  test("is answered byte for byte as the first time, whatever happened since, and has no second effect", async ({ gateway }) => {
    const [service, admin] = [await gateway.as("service"), await gateway.as("admin")];
    const [reserved, committed] = [await keep(service, "ada", "FEW"), await keep(service, "bea", "FEW")];
    const wishes = [
      { quoteId: reserved, idempotencyKey: "reserve", reserveForSeconds: 600 },
      { quoteId: committed, idempotencyKey: "commit" },
    ];
    const first = [];
    for (const wish of wishes) first.push((await redeem(service, wish)).text);
    const again = async () => Promise.all(wishes.map(async (wish) => (await redeem(service, wish)).text));
    expect(await again()).toEqual(first);
    await commit(service, reserved);
    expect(await again()).toEqual(first);
    gateway.clock.set("2027-06-10T00:00:00Z");
    expect(await again()).toEqual(first);
    expect(outcomeOf(await redeem(service, { quoteId: committed, idempotencyKey: "another" }))).toEqual(["QUOTE_EXPIRED at input.quoteId"]);
    expect(await usesOfFew(admin)).toEqual([2, 0, 0]);
  });

  test("with another input is refused, whether the quote is honoured, over or unknown", async ({ gateway }) => {
    const service = await gateway.as("service");
    const [ada, bea] = [await keep(service, "ada", "FEW"), await keep(service, "bea", "FEW")];
    await redeem(service, { quoteId: ada, idempotencyKey: "k", reserveForSeconds: 600 });
    const others = [
      { quoteId: ada, idempotencyKey: "k" },
      { quoteId: ada, idempotencyKey: "k", reserveForSeconds: 601 },
      { quoteId: bea, idempotencyKey: "k", reserveForSeconds: 600 },
      { quoteId: "q_00000000000000000000000000", idempotencyKey: "k", reserveForSeconds: 600 },
    ];
    for (const at of [NOW, "2027-01-01T00:00:00Z"]) {
      gateway.clock.set(at);
      for (const other of others) expect(outcomeOf(await redeem(service, other))).toEqual(["IDEMPOTENCY_KEY_REUSED at input.idempotencyKey"]);
    }
  });

  test("of another credential is another key", async ({ gateway }) => {
    const [service, admin] = [await gateway.as("service"), await gateway.asAnother("service")];
    const [ada, bea] = [await keep(service, "ada", "FEW"), await keep(service, "bea", "FEW")];
    const first = await redeem(service, { quoteId: ada, idempotencyKey: "k" });
    expect(outcomeOf(await redeem(admin, { quoteId: ada, idempotencyKey: "k" }))).toEqual(["QUOTE_ALREADY_REDEEMED at input.quoteId"]);
    const other = await redeem(admin, { quoteId: bea, idempotencyKey: "k" });
    expect(other.data.redeemQuote.redemptions[0].customerId).toBe("bea");
    expect((await redeem(service, { quoteId: ada, idempotencyKey: "k" })).text).toBe(first.text);
  });

  test("many times at once is done once", async ({ gateway }) => {
    const [service, admin] = [await gateway.as("service"), await gateway.as("admin")];
    const quoteId = await keep(service, "ada", "FEW");
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(service, { quoteId, idempotencyKey: "k" })));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await usesOfFew(admin)).toEqual([1, 0, 1]);
  });
});

describe("what is used up", () => {
  test("disappears from new quotes, and the code says why", async ({ gateway }) => {
    const service = await gateway.as("service");
    for (const customer of ["ada", "bea"]) await redeem(service, { quoteId: await keep(service, customer, "FEW"), idempotencyKey: customer });
    const { codes, totals, working } = await quoteFor(gateway.anonymous, basic("eve", "FEW"));
    expect(totals.amount.amount).toBe("59.00");
    expect(codes[0]).toMatchObject({
      outcome: "NOT_APPLICABLE",
      sentence:
        'The code "FEW" claims few, which does not apply here. Of all that it is granted there must be something left; it is nothing left: this does not hold.',
    });
    expect(working.discounts[0].predicates).toContainEqual(expect.objectContaining({ predicate: "TOTAL_LIMIT", held: false }));
    // At another point of the catalog nothing is known of it.
    expect((await quoteFor(gateway.anonymous, basic("eve", "FEW"), { release: 2 })).codes[0].outcome).toBe("APPLIED");
  });

  test("by one customer is there for others, also in the same request", async ({ gateway }) => {
    const service = await gateway.as("service");
    await redeem(service, { quoteId: await keep(service, "ada", "PERSONAL"), idempotencyKey: "a" });
    const ask = (customer: string) =>
      `${customer}: quote(input: { items: [{ plan: "basic" }], market: "se", codes: ["PERSONAL"], customer: { id: "${customer}" } }) { ... on Quote { codes { outcome } } }`;
    const nobody = '{ items: [{ plan: "basic" }], market: "se", codes: ["PERSONAL"] }';
    const { data } = await service.query(
      `{ ${ask("bea")} ${ask("ada")} ${ask("eve")} nobody: quote(input: ${nobody}) { ... on Quote { codes { outcome } } } }`,
    );
    expect(Object.entries<Json>(data).map(([customer, { codes }]) => [customer, codes[0].outcome])).toEqual([
      ["bea", "APPLIED"],
      ["ada", "NOT_APPLICABLE"],
      ["eve", "APPLIED"],
      ["nobody", "APPLIED"],
    ]);
  });
});
