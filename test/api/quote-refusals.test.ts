import { describe, expect } from "vitest";
import { testEmpty as test } from "../support/api.js";
import { EXPLAIN, publishQuoteCatalog, QUOTE, refusalsIn } from "../support/quote-catalog.js";

test.beforeAll(async ({ gateway }) => publishQuoteCatalog(gateway));

const times = <Value>(count: number, make: (index: number) => Value): Value[] => Array.from({ length: count }, (_, index) => make(index));
const premium = (said: object = {}) => ({ plan: "premium", ...said });
const seats = (quantity: string) => ({ plan: "seats", quantity });
const sweden = (...items: readonly object[]) => ({ market: "se", items });
const germany = (...items: readonly object[]) => ({ market: "de", items });

const QUOTES: readonly (readonly [why: string, input: object, refusals: readonly string[]])[] = [
  ["no items", sweden(), ["ITEMS_OUT_OF_RANGE at input.items"]],
  ["51 items", sweden(...times(51, (index) => premium({ interval: `P${index + 1}D` }))), ["ITEMS_OUT_OF_RANGE at input.items"]],
  ["a quantity of nothing", sweden(premium({ quantity: "0" })), ["QUANTITY_NOT_POSITIVE at input.items.0.quantity"]],
  ["less than nothing", sweden(premium({ quantity: "-0.000001" })), ["QUANTITY_NOT_POSITIVE at input.items.0.quantity"]],
  ["seven digits after the point", sweden(premium({ quantity: "1.0000001" })), ["QUANTITY_OUT_OF_RANGE at input.items.0.quantity"]],
  ["a quantity beyond all", sweden(premium({ quantity: "100000000000000" })), ["QUANTITY_OUT_OF_RANGE at input.items.0.quantity"]],
  ["a plan twice", sweden(premium(), { plan: "basic", interval: "P1Y" }, premium({ quantity: "2" })), ["ITEM_TWICE at input.items.2"]],
  ["the same interval in two spellings", sweden(premium({ interval: "P1Y" }), premium({ interval: "P12M" })), ["ITEM_TWICE at input.items.1"]],
  ["a subscription to come", sweden(premium({ since: "2026-06-10T12:00:00.001Z" })), ["SUBSCRIPTION_BEGINS_LATER at input.items.0.since"]],
  ["no invoices", { ...sweden(premium()), periods: 0 }, ["PERIODS_OUT_OF_RANGE at input.periods"]],
  ["37 invoices", { ...sweden(premium()), periods: 37 }, ["PERIODS_OUT_OF_RANGE at input.periods"]],
  ["21 codes", { ...sweden(premium()), codes: times(21, (index) => `C${index}`) }, ["TOO_MANY_CODES at input.codes"]],
  ["10,000 codes", { ...sweden(premium()), codes: times(10_000, (index) => `C${index}`) }, ["TOO_MANY_CODES at input.codes"]],
  ["a code twice", { ...sweden(premium()), codes: ["VAR-26", "RIVAL", " var 26"] }, ["CODE_TWICE at input.codes.2"]],
  ["a code like a novel", { ...sweden(premium()), codes: ["X".repeat(101)] }, ["CODE_MALFORMED at input.codes.0"]],
  ["21 segments", { ...sweden(premium()), customer: { segments: times(21, (index) => `s${index}`) } }, ["TOO_MANY_SEGMENTS at input.customer.segments"]],
  ...["", " ", "a b", "a\u0000b", "a\u00a0b", "\u200b", "\ud800", "x".repeat(201)].map(
    (id) =>
      [`the customer ${JSON.stringify(id).slice(0, 20)}`, { ...sweden(premium()), customer: { id } }, ["CUSTOMER_ID_MALFORMED at input.customer.id"]] as const,
  ),
  ["a plan that is not there", sweden({ plan: "gold" }), ["UNKNOWN_PLAN at input.items.0.plan"]],
  ["a market that is not there", { ...sweden(premium()), market: "atlantis" }, ["UNKNOWN_MARKET at input.market"]],
  ["two plans of a product", sweden(premium(), { plan: "basic" }), ["PRODUCT_TWICE at input.items.1.plan"]],
  ["an add-on for somebody new", { ...sweden({ plan: "stories" }), customer: { isNew: true } }, ["ADD_ON_WITHOUT_PLAN at input.items.0.plan"]],
  [
    "another plan than the add-on is for",
    { ...sweden({ plan: "basic" }, { plan: "stories" }), customer: { isNew: true } },
    ["ADD_ON_WITHOUT_PLAN at input.items.1.plan"],
  ],
  ["a currency that it is not sold in", { ...sweden(premium()), currency: "JPY" }, ["PRICE_NOT_FOUND at input.items.0.plan"]],
  ["an interval that it is not sold by", sweden(premium({ interval: "P3M" })), ["PRICE_NOT_FOUND at input.items.0.plan"]],
  ["what is sold nowhere", germany({ plan: "storage" }), ["PRICE_NOT_FOUND at input.items.0.plan"]],
  ["a line beyond all amounts", germany(seats("90071992547.40992")), ["AMOUNT_OUT_OF_RANGE at input.items.0.quantity"]],
  ["lines that together are beyond", germany(seats("60000000000"), { plan: "desk", quantity: "60000000000" }), ["AMOUNT_OUT_OF_RANGE at input.items"]],
  [
    "several things at once",
    sweden(premium({ quantity: "0", since: "2027-01-01" }), premium({ quantity: "0.0000001" })),
    [
      "QUANTITY_NOT_POSITIVE at input.items.0.quantity",
      "SUBSCRIPTION_BEGINS_LATER at input.items.0.since",
      "QUANTITY_OUT_OF_RANGE at input.items.1.quantity",
      "ITEM_TWICE at input.items.1",
    ],
  ],
  [
    "several things of the catalog",
    sweden({ plan: "gold" }, premium(), { plan: "basic" }, { plan: "silver" }),
    ["UNKNOWN_PLAN at input.items.0.plan", "PRODUCT_TWICE at input.items.2.plan", "UNKNOWN_PLAN at input.items.3.plan"],
  ],
  [
    "several prices",
    sweden(premium({ interval: "P3M" }), { plan: "stories", interval: "P1Y" }),
    ["PRICE_NOT_FOUND at input.items.0.plan", "PRICE_NOT_FOUND at input.items.1.plan"],
  ],
  [
    "too much of everything, told without the details",
    { ...sweden(...times(51, () => premium({ quantity: "0" }))), codes: times(21, () => "A"), periods: 99 },
    ["ITEMS_OUT_OF_RANGE at input.items", "TOO_MANY_CODES at input.codes", "PERIODS_OUT_OF_RANGE at input.periods"],
  ],
];

describe("a quote is refused, with the reason and its place", () => {
  test.for(QUOTES)("%s", async ([, input, refusals], { gateway }) => {
    expect(refusalsIn(await gateway.anonymous.query(QUOTE, { input }))).toEqual(refusals);
  });

  test.for(QUOTES)("and so is keeping one: %s", async ([, input, refusals], { gateway }) => {
    const answer = await (
      await gateway.as("partner")
    ).query("mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { __typename ... on Refused { refusals { code path } } } }", {
      input: { quote: input },
    });
    expect(refusalsIn(answer)).toEqual(refusals.map((refusal) => refusal.replace(" at input.", " at input.quote.")));
  });

  test("the largest amount there is, is not refused", async ({ gateway }) => {
    const { data } = await gateway.anonymous.query(QUOTE, { input: germany(seats("90071992547.40991")) });
    expect(data.quote.totals.amount).toEqual({ amount: "90071992547409.91", currency: "EUR" });
  });

  test("the same plan by the month and by the year is one too many", async ({ gateway }) => {
    const answer = await gateway.anonymous.query(QUOTE, { input: sweden(premium(), premium({ interval: "P1Y" })) });
    expect(refusalsIn(answer)).toEqual(["PRODUCT_TWICE at input.items.1.plan"]);
  });

  test("who has a plan already may have the add-on alone", async ({ gateway }) => {
    for (const isNew of [false, null]) {
      const { data } = await gateway.anonymous.query(QUOTE, { input: { ...sweden({ plan: "stories" }), customer: { isNew } } });
      expect(data.quote.totals.amount.amount).toBe("49.00");
    }
  });
});

describe("what is missing is told with what there is", () => {
  test.for([
    [{ ...sweden(premium({ interval: "P3M" })) }, "It is sold there in EUR per P1M, SEK per P1M, SEK per P1Y,"],
    [{ ...germany(premium({ interval: "P3M" })) }, "It is sold there in EUR per P1M,"],
    [germany({ plan: "storage" }), "It is not sold there."],
  ] as const)("%j: %s", async ([input, hint], { gateway }) => {
    const { data } = await gateway.anonymous.query(QUOTE, { input });
    expect(data.quote.refusals[0].message).toContain(hint);
  });

  test("an add-on names its plans", async ({ gateway }) => {
    const { data } = await gateway.anonymous.query(QUOTE, { input: { ...sweden({ plan: "stories" }), customer: { isNew: true } } });
    expect(data.quote.refusals[0].message).toBe("stories is an add-on and goes on top of premium. A new customer needs one of them in the same quote.");
  });
});

describe("the explanation of a price is refused", () => {
  const of = (said: object) => ({ plan: "premium", market: "se", ...said });
  test.for([
    ["a quantity of nothing", of({ quantity: "0" }), ["QUANTITY_NOT_POSITIVE at input.quantity"]],
    ["seven digits", of({ quantity: "0.0000001" }), ["QUANTITY_OUT_OF_RANGE at input.quantity"]],
    ["a subscription to come", of({ since: "2026-07-01" }), ["SUBSCRIPTION_BEGINS_LATER at input.since"]],
    ["21 segments", of({ segments: times(21, (index) => `s${index}`) }), ["TOO_MANY_SEGMENTS at input.segments"]],
    ["a plan that is not there", of({ plan: "gold" }), ["UNKNOWN_PLAN at input.plan"]],
    ["a market that is not there", of({ market: "atlantis" }), ["UNKNOWN_MARKET at input.market"]],
    ["an amount beyond all", { plan: "seats", market: "de", quantity: "90071992547.40992" }, ["AMOUNT_OUT_OF_RANGE at input.quantity"]],
  ] as const)("%s", async ([, input, refusals], { gateway }) => {
    expect(refusalsIn(await gateway.anonymous.query(EXPLAIN, { input }))).toEqual(refusals);
  });

  test("but not for want of a price: then every price there is says why not", async ({ gateway }) => {
    const { data } = await gateway.anonymous.query(EXPLAIN, { input: of({ interval: "P3M" }) });
    expect(data.explainPrice).toMatchObject({ __typename: "PriceExplanation", price: null, amount: null, rounding: null, steps: [] });
    expect(data.explainPrice.candidates.map(({ key, outcome }: { key: string; outcome: string }) => [key, outcome])).toEqual([
      ["premium/europe/EUR/P1M/*/*/20260101T000000Z", "OTHER_CURRENCY"],
      ["premium/se/SEK/P1M/*/*/20260101T000000Z", "OTHER_INTERVAL"],
      ["premium/se/SEK/P1Y/*/*/20260101T000000Z", "OTHER_INTERVAL"],
    ]);
  });

  test("a price that there is, is taken apart", async ({ gateway }) => {
    const { data } = await gateway.anonymous.query(EXPLAIN, { input: { plan: "seats", market: "de", quantity: "2.000004" } });
    expect(data.explainPrice).toMatchObject({
      price: { key: "seats/de/EUR/P1M/*/*/20260101T000000Z" },
      amount: { amount: "2000.00", currency: "EUR" },
      steps: [{ step: "UNITS", amount: "2000.004", sentence: "2.000004 units at 1000 cost 2000.004 EUR." }],
      rounding: { exact: "2000.004", rounded: { amount: "2000.00", currency: "EUR" }, sentence: "2000.004 is rounded once, half to even: 2000.00 EUR." },
    });
  });
});
