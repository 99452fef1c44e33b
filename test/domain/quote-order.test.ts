import { expect, test } from "vitest";
import { writeCanonical } from "../../src/catalog/quotes/quote-document.js";
import type { CodeFact } from "../../src/catalog/quotes/quote-facts.js";
import { aCatalog, aDiscount, amount, anItem, aPrice, aRequest, NO_FACTS, percent, quoteOf } from "../support/quotes.js";

const known = (discountKey: string, shown: string, uniqueCodeId: string | null = null): CodeFact => ({ state: "KNOWN", discountKey, shown, uniqueCodeId });
const byCode = { activation: "CODE" } as const;

test("of two unique codes of one discount the same one is used, whichever was typed first", () => {
  const catalog = aCatalog([aPrice()], { discounts: [aDiscount("gift", percent(10), byCode)] });
  const facts = [known("gift", "GIFT", "2"), known("gift", "GIFT", "1")];
  const codes = ["GIFT-BBBB", "GIFT-AAAA"];
  const one = quoteOf(aRequest({ codes }), catalog, { codes: facts, exhausted: [] });
  const other = quoteOf(aRequest({ codes: codes.toReversed() }), catalog, { codes: facts.toReversed(), exhausted: [] });
  expect(one.grants).toMatchObject([{ code: { uniqueCodeId: "1" } }]);
  expect(other.grants).toEqual(one.grants);
  expect(other.codes.toReversed()).toEqual(one.codes);
});

test("segments are the same however they are listed, and however often", () => {
  const catalog = aCatalog([aPrice()], { discounts: [aDiscount("members", percent(10), { conditions: { segments: ["loyal", "student"] } })] });
  const one = quoteOf(aRequest({ segments: ["student", "loyal"] }), catalog);
  expect(one.working.discounts[0]?.predicates[1]).toMatchObject({ predicate: "SEGMENT", actual: "loyal, student" });
  expect(writeCanonical(quoteOf(aRequest({ segments: ["loyal", "student", "loyal"] }), catalog))).toBe(writeCanonical(one));
});

test("a discount that asks for a code does not come off without one that is good", () => {
  const catalog = aCatalog([aPrice()], { discounts: [aDiscount("gift", percent(10), byCode)] });
  for (const state of ["EXPIRED", "REVOKED"] as const) {
    const quote = quoteOf(aRequest({ codes: ["GIFT"] }), catalog, { codes: [{ ...known("gift", "GIFT"), state }], exhausted: [] });
    expect(quote).toMatchObject({ codes: [{ outcome: state }], grants: [], invoices: [{ totals: { discountMinor: 0n } }] });
  }
  expect(quoteOf(aRequest(), catalog, NO_FACTS).invoices[0]?.totals.discountMinor).toBe(0n);
});

test("a cent left over goes to the same plan, whichever was asked for first", () => {
  const prices = ["a", "b", "c"].map((planKey) => aPrice({ planKey, amountMinor: 500n }));
  const catalog = aCatalog(prices, { discounts: [aDiscount("off", amount(299n))] });
  const items = ["a", "b", "c"].map((planKey) => anItem({ planKey }));
  const one = quoteOf(aRequest({ items }), catalog);
  expect(one.invoices[0]?.lines.map(({ amountMinor }) => amountMinor)).toEqual([400n, 400n, 401n]);
  expect(quoteOf(aRequest({ items: items.toReversed() }), catalog).invoices[0]?.lines.map(({ amountMinor }) => amountMinor)).toEqual([401n, 400n, 400n]);
});
