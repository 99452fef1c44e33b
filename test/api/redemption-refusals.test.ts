import { describe, expect } from "vitest";
import { testEmpty as test, type Caller, type Json } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { NOW, PREMIUM, publishQuoteCatalog, quoteFor } from "../support/quote-catalog.js";
import { commit, forgetRedemptions, makeCodes, outcomeOf, redeem, REDEEM, release } from "../support/redeeming.js";
import { expectExactCounters } from "../support/redemption-world.js";
import { CREATE_QUOTE, keepQuote } from "../support/stored-quotes.js";

test.beforeAll(async ({ gateway }) => publishQuoteCatalog(gateway));
test.beforeEach(async ({ gateway }) => {
  gateway.clock.set(NOW);
  await forgetRedemptions(gateway);
});
test.afterEach(({ gateway }) => expectExactCounters(gateway.database.pool));

const basic = (customer: string | null, ...codes: string[]) => ({
  ...{ items: [{ plan: "basic" }], market: "se", codes },
  customer: { id: customer },
});

async function keepAll(caller: Caller, ...quotes: object[]): Promise<string[]> {
  const kept: string[] = [];
  for (const quote of quotes) kept.push((await keepQuote(caller, quote)).quoteId);
  return kept;
}

/** Redeems the quotes one after the other, each under its own key, and tells what came of each. */
async function redeemAll(caller: Caller, quoteIds: readonly string[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const quoteId of quoteIds) outcomes.push(outcomeOf(await redeem(caller, { quoteId, idempotencyKey: `key-${quoteId}` })).join(", "));
  return outcomes;
}

describe("redeeming is refused", () => {
  test("when the total is reached", async ({ gateway }) => {
    const service = await gateway.as("service");
    const quotes = await keepAll(service, basic("ada", "FEW"), basic("bea", "FEW"), basic("eve", "FEW"));
    expect(await redeemAll(service, quotes)).toEqual(["few COMMITTED", "few COMMITTED", "TOTAL_LIMIT_REACHED at input.quoteId"]);
  });

  test("when the customer had theirs", async ({ gateway }) => {
    const service = await gateway.as("service");
    const quotes = await keepAll(service, basic("ada", "PERSONAL"), basic("ada", "PERSONAL"), basic("bea", "PERSONAL"));
    expect(await redeemAll(service, quotes)).toEqual(["personal COMMITTED", "CUSTOMER_LIMIT_REACHED at input.quoteId", "personal COMMITTED"]);
  });

  test("when less of the budget is left than it takes", async ({ gateway }) => {
    const service = await gateway.as("service");
    const quotes = await keepAll(service, basic("ada", "PURSE"), basic("bea", "PURSE"), basic("eve", "PURSE"));
    expect(await redeemAll(service, quotes)).toEqual(["purse COMMITTED", "purse COMMITTED", "BUDGET_SPENT at input.quoteId"]);
    const { data } = await (
      await gateway.as("admin")
    ).query('{ discount(key: "purse") { uses { used remaining spent { amountMinor currency } budgetLeft { amountMinor currency } } } }');
    const sek = (amountMinor: number) => ({ amountMinor, currency: "SEK" });
    expect(data.discount.uses).toEqual({ used: 2, remaining: null, spent: sek(4000), budgetLeft: sek(1000) });
  });

  test("when a unique code was used, and the quotes after that say so", async ({ gateway }) => {
    const service = await gateway.as("service");
    const { codes } = await makeCodes(gateway, "letters");
    const [code = ""] = codes;
    const quotes = await keepAll(service, basic("ada", code), basic("bea", code.toLowerCase()));
    expect(await redeemAll(service, quotes)).toEqual(["letters COMMITTED", "CODE_USED at input.quoteId"]);
    const answer = await service.query(CREATE_QUOTE, { input: { quote: basic("bea", code) } });
    expect(outcomeOf(answer)).toEqual(["CODE_USED at input.quote.codes.0"]);
    expect(answer.data.createQuote.refusals[0].message).toContain("can be used once, and was");
    // The word, and the other codes, are as good as before.
    expect(await redeemAll(service, await keepAll(service, basic("bea", "LETTERS"), basic("bea", codes[1] ?? "")))).toEqual([
      "letters COMMITTED",
      "letters COMMITTED",
    ]);
  });

  test("when nobody vouched for the customer, or none was named", async ({ gateway }) => {
    const [service, partner] = [await gateway.as("service"), await gateway.as("partner")];
    const quotes = [...(await keepAll(partner, basic("ada", "FEW"))), ...(await keepAll(service, basic(null, "FEW")))];
    const refusals = quotes.map(() => "QUOTE_NOT_BINDING at input.quoteId");
    expect(await redeemAll(service, quotes)).toEqual(refusals);
    expect(outcomeOf(await commit(service, quotes[1] ?? ""))).toEqual(refusals.slice(1));
  });

  test("from the instant on at which the quote expires", async ({ gateway }) => {
    const service = await gateway.as("service");
    const [quoteId = ""] = await keepAll(service, basic("ada", "FEW"));
    gateway.clock.set("2026-06-11T12:00:00.000Z");
    expect(await redeemAll(service, [quoteId])).toEqual(["QUOTE_EXPIRED at input.quoteId"]);
    gateway.clock.set("2026-06-11T11:59:59.999Z");
    expect(await redeemAll(service, [quoteId])).toEqual(["few COMMITTED"]);
  });

  test("when there is no such quote, or nothing of it was redeemed", async ({ gateway }) => {
    const service = await gateway.as("service");
    const [quoteId = ""] = await keepAll(service, basic("ada", "FEW"));
    for (const settle of [commit, release]) {
      expect(outcomeOf(await settle(service, quoteId))).toEqual(["NOT_REDEEMED at input.quoteId"]);
      expect(outcomeOf(await settle(service, "q_00000000000000000000000000"))).toEqual(["UNKNOWN_QUOTE at input.quoteId"]);
    }
    for (const unknown of ["q_00000000000000000000000000", "", "hello", "q_\u0000"]) {
      expect(outcomeOf(await redeem(service, { quoteId: unknown, idempotencyKey: "k" }))).toEqual(["UNKNOWN_QUOTE at input.quoteId"]);
    }
  });

  test("when the quote is reserved or redeemed already, under another key", async ({ gateway }) => {
    const service = await gateway.as("service");
    const [quoteId = ""] = await keepAll(service, basic("ada", "FEW", "PURSE"));
    await redeem(service, { quoteId, idempotencyKey: "a", reserveForSeconds: 60 });
    const again = () => redeem(service, { quoteId, idempotencyKey: "b" });
    expect(outcomeOf(await again())).toEqual(["QUOTE_ALREADY_REDEEMED at input.quoteId"]);
    await commit(service, quoteId);
    expect(outcomeOf(await again())).toEqual(["QUOTE_ALREADY_REDEEMED at input.quoteId"]);
  });

  test.for(["", " ", "a b", "ä", "a\u0000", "x".repeat(256), "\ud83c\udfa7"])("for the key %j", async (idempotencyKey, { gateway }) => {
    const service = await gateway.as("service");
    const [quoteId = ""] = await keepAll(service, basic("ada", "FEW"));
    expect(outcomeOf(await redeem(service, { quoteId, idempotencyKey }))).toEqual(["IDEMPOTENCY_KEY_MALFORMED at input.idempotencyKey"]);
    expect(outcomeOf(await redeem(service, { quoteId, idempotencyKey: "~".repeat(255) }))).toEqual(["few COMMITTED"]);
  });

  test("for a reservation of less than ten seconds, or more than a day", async ({ gateway }) => {
    const service = await gateway.as("service");
    const [short = "", long = ""] = await keepAll(service, basic("ada", "FEW"), basic("bea", "FEW"));
    for (const reserveForSeconds of [-1, 0, 9, 86_401]) {
      const answer = await redeem(service, { quoteId: short, idempotencyKey: "a b", reserveForSeconds });
      expect(outcomeOf(answer)).toEqual(["IDEMPOTENCY_KEY_MALFORMED at input.idempotencyKey", "RESERVATION_OUT_OF_RANGE at input.reserveForSeconds"]);
    }
    expect(outcomeOf(await redeem(service, { quoteId: short, idempotencyKey: "a", reserveForSeconds: 10 }))).toEqual(["few RESERVED"]);
    expect(outcomeOf(await redeem(service, { quoteId: long, idempotencyKey: "b", reserveForSeconds: 86_400 }))).toEqual(["few RESERVED"]);
  });

  test("to callers without discounts:redeem, whatever the quote", async ({ gateway }) => {
    const [quoteId = ""] = await keepAll(await gateway.as("service"), basic("ada", "FEW"));
    const settle = (move: string) => `mutation { ${move}Redemption(input: { quoteId: "${quoteId}" }) { __typename } }`;
    for (const id of [quoteId, "q_00000000000000000000000000"]) {
      for (const [document, variables] of [
        [REDEEM, { input: { quoteId: id, idempotencyKey: "k" } }],
        [settle("commit"), {}],
        [settle("release"), {}],
      ] as const) {
        expect((await gateway.anonymous.query(document, variables)).errors.map(({ extensions }) => extensions["code"])).toEqual(["UNAUTHENTICATED"]);
        for (const role of ["frontend", "partner", "editor", "analyst"] as const) {
          const { errors } = await (await gateway.as(role)).query(document, variables);
          expect(
            errors.map(({ extensions }) => extensions["code"]),
            role,
          ).toEqual(["FORBIDDEN"]);
        }
      }
    }
  });
});

describe("a quote with several discounts", () => {
  test("gets all of them or none, and each that is in the way is named", async ({ gateway }) => {
    const service = await gateway.as("service");
    const [both = "", all = "", ...others] = await keepAll(
      service,
      ...[basic("ada", "LETTERS", "FEW"), basic("eve", "LETTERS", "FEW", "PURSE")],
      ...[basic("bea", "FEW", "PURSE"), basic("cleo", "FEW", "PURSE"), basic("dora", "LETTERS")],
    );
    await redeemAll(service, others);
    expect(await redeemAll(service, [both])).toEqual(["TOTAL_LIMIT_REACHED at input.quoteId"]);
    const { data } = await redeem(service, { quoteId: all, idempotencyKey: "k" });
    expect(data.redeemQuote.refusals.map(({ code, message }: Json) => [code, message])).toEqual([
      ["TOTAL_LIMIT_REACHED", "few: It was granted as often as it may be."],
      ["BUDGET_SPENT", "purse: What is left of its budget is less than what it would take off."],
    ]);
    const uses = await (await gateway.as("admin")).query('{ discount(key: "letters") { uses { used } } }');
    expect(uses.data.discount.uses.used).toBe(1);
  });
});

test("a budget that is counted in another currency by now is not spent", async ({ gateway }) => {
  const service = await gateway.as("service");
  const quotes = await keepAll(service, basic("ada", "PURSE"));
  const purse =
    "discounts: [{ key: purse, name: Purse, benefit: { amount: { SEK: 20, EUR: 2 } }, duration: ONCE, activation: CODE, codes: [PURSE], limits: { budget: { amount: 50, currency: EUR } }, from: 2026-01-01 }]";
  await publish(gateway.database, { "purse.yaml": purse }, {}, gateway.clock);
  expect(await redeemAll(service, quotes)).toEqual(["BUDGET_OF_OTHER_CURRENCY at input.quoteId"]);
  const quoted = await quoteFor(service, { ...PREMIUM, codes: ["PURSE"] });
  expect(quoted.codes[0].sentence).toContain("does not apply here. It is offered in another currency; it is SEK: this does not hold.");
  const euro = { ...PREMIUM, currency: "EUR", codes: ["PURSE"], customer: { id: "ada" } };
  expect(await redeemAll(service, await keepAll(service, euro))).toEqual(["purse COMMITTED"]);
});
