import { describe, expect, test } from "vitest";
import { computeQuote } from "../../src/catalog/quotes/quote-calculation.js";
import type { QuoteCatalog } from "../../src/catalog/quotes/quote-facts.js";
import { checkQuoteRequest, type QuoteRequest } from "../../src/catalog/quotes/quote-request.js";
import { MAX_AMOUNT_MINOR } from "../../src/kernel/money.js";
import type { Refusal } from "../../src/kernel/refusal.js";
import { aCatalog, aDiscount, amount, anItem, aPrice, aRequest, day, dec, NO_FACTS, NOW, percent } from "../support/quotes.js";

const told = (refusals: readonly Refusal[]): string[] => refusals.map(({ code, path }) => `${code} ${path.join(".")}`);
const times = (count: number): number[] => Array.from({ length: count }, (_none, index) => index);
const items = (count: number) => times(count).map((index) => anItem({ planKey: `plan-${index}` }));

describe("wrong in itself", () => {
  test.each`
    request                                                                                             | refused
    ${{}}                                                                                               | ${[]}
    ${{ items: [] }}                                                                                    | ${["ITEMS_OUT_OF_RANGE input.items"]}
    ${{ items: items(50) }}                                                                             | ${[]}
    ${{ items: items(51) }}                                                                             | ${["ITEMS_OUT_OF_RANGE input.items"]}
    ${{ codes: times(20).map(String) }}                                                                 | ${[]}
    ${{ codes: times(21).map(String) }}                                                                 | ${["TOO_MANY_CODES input.codes"]}
    ${{ segments: times(21).map(String) }}                                                              | ${["TOO_MANY_SEGMENTS input.customer.segments"]}
    ${{ periods: 0 }}                                                                                   | ${["PERIODS_OUT_OF_RANGE input.periods"]}
    ${{ periods: 36 }}                                                                                  | ${[]}
    ${{ periods: 37 }}                                                                                  | ${["PERIODS_OUT_OF_RANGE input.periods"]}
    ${{ periods: -1, items: [] }}                                                                       | ${["ITEMS_OUT_OF_RANGE input.items", "PERIODS_OUT_OF_RANGE input.periods"]}
    ${{ customerId: "" }}                                                                               | ${["CUSTOMER_ID_MALFORMED input.customer.id"]}
    ${{ customerId: "a b" }}                                                                            | ${["CUSTOMER_ID_MALFORMED input.customer.id"]}
    ${{ customerId: "a\u0000" }}                                                                        | ${["CUSTOMER_ID_MALFORMED input.customer.id"]}
    ${{ customerId: "\ud800" }}                                                                         | ${["CUSTOMER_ID_MALFORMED input.customer.id"]}
    ${{ customerId: "x".repeat(200) }}                                                                  | ${[]}
    ${{ customerId: "x".repeat(201) }}                                                                  | ${["CUSTOMER_ID_MALFORMED input.customer.id"]}
    ${{ items: [anItem({ quantity: dec(0) })] }}                                                        | ${["QUANTITY_NOT_POSITIVE input.items.0.quantity"]}
    ${{ items: [anItem({ quantity: dec("-0.000001") })] }}                                              | ${["QUANTITY_NOT_POSITIVE input.items.0.quantity"]}
    ${{ items: [anItem({ quantity: dec("0.000001") })] }}                                               | ${[]}
    ${{ items: [anItem({ quantity: dec("0.0000001") })] }}                                              | ${["QUANTITY_OUT_OF_RANGE input.items.0.quantity"]}
    ${{ items: [anItem({ quantity: dec("99999999999999.999999") })] }}                                  | ${[]}
    ${{ items: [anItem({ quantity: dec("100000000000000") })] }}                                        | ${["QUANTITY_OUT_OF_RANGE input.items.0.quantity"]}
    ${{ items: [anItem({ quantity: dec("Infinity") })] }}                                               | ${["QUANTITY_OUT_OF_RANGE input.items.0.quantity"]}
    ${{ items: [anItem({ quantity: dec("NaN") })] }}                                                    | ${["QUANTITY_OUT_OF_RANGE input.items.0.quantity"]}
    ${{ items: [anItem(), anItem({ planKey: "b" }), anItem()] }}                                        | ${["ITEM_TWICE input.items.2"]}
    ${{ items: [anItem(), anItem({ interval: "P1Y" })] }}                                               | ${[]}
    ${{ items: [anItem({ since: NOW })] }}                                                              | ${[]}
    ${{ items: [anItem({ since: day("2026-06-02") })] }}                                                | ${["SUBSCRIPTION_BEGINS_LATER input.items.0.since"]}
    ${{ items: [anItem({ interval: "ONCE", since: day("2026-01-01") })] }}                              | ${["ONCE_IS_NO_SUBSCRIPTION input.items.0.since"]}
    ${{ codes: ["spring-26", "x", "Spring 26"] }}                                                       | ${["CODE_TWICE input.codes.2"]}
    ${{ codes: ["--", ""] }}                                                                            | ${[]}
    ${{ codes: ["x".repeat(101)] }}                                                                     | ${["CODE_MALFORMED input.codes.0"]}
    ${{ items: [anItem({ quantity: dec(0), since: day("2027-01-01") }), anItem()], codes: ["a", "A"] }} | ${["QUANTITY_NOT_POSITIVE input.items.0.quantity", "SUBSCRIPTION_BEGINS_LATER input.items.0.since", "ITEM_TWICE input.items.1", "CODE_TWICE input.codes.1"]}
  `("$refused", ({ request, refused }: { request: Partial<QuoteRequest>; refused: string[] }) => {
    expect(told(checkQuoteRequest(aRequest(request), NOW))).toEqual(refused);
  });
});

const plan = (key: string, productKey: string, kind: "BASE" | "ADD_ON" = "BASE") => [key, { key, productKey, kind }] as const;
const CATALOG = aCatalog(
  [
    ...["solo", "family", "books", "seats"].map((planKey) => aPrice({ planKey })),
    ...[aPrice({ planKey: "most", amountMinor: MAX_AMOUNT_MINOR }), aPrice({ planKey: "more", amountMinor: MAX_AMOUNT_MINOR })],
    ...[aPrice({ planKey: "units", model: "PER_UNIT", amountMinor: 0n, unitRate: dec("99999999.999999999999") })],
    ...[aPrice({ planKey: "abroad", marketKey: "us", currency: "USD" }), aPrice({ planKey: "yearly", interval: "P1Y" })],
    ...[aPrice({ planKey: "cheap-first", effective: { from: day("2020-01-01"), until: day("2026-06-15") } })],
    ...[
      aPrice({
        planKey: "cheap-first",
        effective: { from: day("2026-06-15"), until: null },
        existingFrom: day("2026-07-15"),
        amountMinor: 1n,
        model: "PER_UNIT",
        unitRate: dec(1e7),
      }),
    ],
  ],
  {
    plans: new Map([
      ...[plan("solo", "music"), plan("family", "music"), plan("books", "books"), plan("seats", "music", "ADD_ON"), plan("lonely", "music", "ADD_ON")],
      ...["most", "more", "units", "abroad", "yearly", "cheap-first"].map((key) => plan(key, key)),
    ]),
    addOnOf: new Map([["seats", new Set(["family", "books"])]]),
    discounts: [aDiscount("all", percent(100)), aDiscount("much", amount(MAX_AMOUNT_MINOR), { duration: "REPEATING", periods: 2 })],
  },
);

const of = (...keys: string[]): Partial<QuoteRequest> => ({ items: keys.map((planKey) => anItem({ planKey })) });

describe("not in this catalog", () => {
  test.each`
    why                                          | request                                                                                       | refused
    ${"fine"}                                    | ${of("family", "books", "seats")}                                                             | ${[]}
    ${"no such plan"}                            | ${of("solo", "none", "nil")}                                                                  | ${["UNKNOWN_PLAN input.items.1.plan", "UNKNOWN_PLAN input.items.2.plan"]}
    ${"two plans of one product"}                | ${of("solo", "books", "family")}                                                              | ${["PRODUCT_TWICE input.items.2.plan"]}
    ${"one plan per month and per year"}         | ${{ items: [anItem({ planKey: "yearly", interval: "P1Y" }), anItem({ planKey: "yearly" })] }} | ${["PRODUCT_TWICE input.items.1.plan"]}
    ${"an add-on alone, for who is new"}         | ${{ ...of("seats", "solo"), isNewCustomer: true }}                                            | ${["ADD_ON_WITHOUT_PLAN input.items.0.plan"]}
    ${"an add-on with its plan, for who is new"} | ${{ ...of("seats", "family"), isNewCustomer: true }}                                          | ${[]}
    ${"an add-on of nothing, for who is new"}    | ${{ ...of("lonely"), isNewCustomer: true }}                                                   | ${["ADD_ON_WITHOUT_PLAN input.items.0.plan"]}
    ${"an add-on alone, for who may have one"}   | ${of("seats")}                                                                                | ${[]}
    ${"another currency"}                        | ${{ ...of("solo"), currency: "SEK" }}                                                         | ${["PRICE_NOT_FOUND input.items.0.plan"]}
    ${"a currency that there is not"}            | ${{ ...of("solo"), currency: "???" }}                                                         | ${["PRICE_NOT_FOUND input.items.0.plan"]}
    ${"all that have no price"}                  | ${of("abroad", "solo", "yearly")}                                                             | ${["PRICE_NOT_FOUND input.items.0.plan", "PRICE_NOT_FOUND input.items.2.plan"]}
    ${"a line beyond all amounts"}               | ${{ items: [anItem({ planKey: "units", quantity: dec("99999999999999") })] }}                 | ${["AMOUNT_OUT_OF_RANGE input.items.0.quantity"]}
    ${"an invoice beyond all amounts"}           | ${of("most", "more")}                                                                         | ${["AMOUNT_OUT_OF_RANGE input.items"]}
    ${"a grant beyond all amounts"}              | ${{ ...of("most"), periods: 1 }}                                                              | ${["AMOUNT_OUT_OF_RANGE input.items"]}
    ${"a later interval beyond all amounts"}     | ${{ items: [anItem({ planKey: "cheap-first", quantity: dec(1e9) })], periods: 3 }}            | ${["AMOUNT_OUT_OF_RANGE input.items.0.quantity"]}
  `("$why", ({ request, refused }: { request: Partial<QuoteRequest>; refused: string[] }) => {
    expect(ask(request)).toEqual(refused);
  });

  test("more with tax than an amount may be", () => {
    const taxed = aCatalog([aPrice({ amountMinor: MAX_AMOUNT_MINOR, taxIncluded: false })], { market: { taxRate: dec(1) } });
    expect(ask({}, taxed)).toEqual(["AMOUNT_OUT_OF_RANGE input.items"]);
    const included = aCatalog([aPrice({ amountMinor: MAX_AMOUNT_MINOR })], { market: { taxRate: dec(1) } });
    expect(ask({}, included)).toEqual([]);
  });

  test("what is sold elsewhere is not said to be sold here", () => {
    const answer = computeQuote(aRequest(of("abroad")), CATALOG, NO_FACTS);
    expect(answer).toMatchObject([{ message: expect.stringContaining("It is not sold there.") }]);
    const yearly = computeQuote(aRequest(of("yearly")), CATALOG, NO_FACTS);
    expect(yearly).toMatchObject([{ message: expect.stringContaining("It is sold there in EUR per P1Y") }]);
  });
});

function ask(request: Partial<QuoteRequest>, catalog: QuoteCatalog = CATALOG): string[] {
  const full = aRequest(request);
  expect(checkQuoteRequest(full, NOW)).toEqual([]);
  const answer = computeQuote(full, catalog, NO_FACTS);
  return "invoices" in answer ? [] : told(answer);
}
