import fc from "fast-check";
import { expect, test } from "vitest";
import type { QuoteItem } from "../../src/catalog/quotes/quote-request.js";
import { aCatalog, aDiscount, amount, anItem, aPrice, aRequest, day, percent, quoteOf } from "../support/quotes.js";

// Budgets are charged when a quote is redeemed, with what its discounts will take off. Less than that would be overspent.

const PRICES = [
  aPrice({ planKey: "monthly", amountMinor: 1000n }),
  aPrice({ planKey: "other", amountMinor: 700n }),
  aPrice({ planKey: "weekly", interval: "P1W", amountMinor: 300n }),
  aPrice({ planKey: "yearly", interval: "P1Y", amountMinor: 9000n }),
  aPrice({ planKey: "pack", interval: "ONCE", amountMinor: 500n }),
];
const ITEMS: readonly QuoteItem[] = PRICES.map(({ planKey, interval }) => anItem({ planKey, interval }));
const [monthly, other, weekly, , pack] = ITEMS;

function grantAndTaken(items: readonly QuoteItem[], benefit: ReturnType<typeof percent>, periods: number): { grant: bigint; taken: bigint } {
  const discount = aDiscount("d", benefit, { duration: "REPEATING", periods });
  const quote = quoteOf(aRequest({ items, periods: 36 }), aCatalog(PRICES, { discounts: [discount] }));
  const taken = quote.invoices.flatMap(({ lines }) => lines.flatMap(({ discounts }) => discounts.map(({ amountMinor }) => amountMinor)));
  return { grant: quote.grants[0]?.amountMinor ?? 0n, taken: taken.reduce((total, part) => total + part, 0n) };
}

test.each([
  ["one line for three months", [monthly], 300n],
  ["two lines of one rhythm share each invoice", [monthly, other], 300n],
  ["a line that is paid once shares the first invoice only", [monthly, pack], 300n],
  ["a month and a week share the first invoice, and then each has two of its own", [monthly, weekly], 500n],
  ["so have two subscriptions that began on different days", [monthly, { ...anItem(), ...other, since: day("2026-05-20") }], 500n],
] as const)("1.00 off three times: %s", (_why, items, granted) => {
  const { grant, taken } = grantAndTaken(
    items.flatMap((item) => item ?? []),
    amount(100n),
    3,
  );
  expect(grant).toBe(granted);
  expect(taken).toBe(granted);
});

test("no discount ever takes off more than was granted", () => {
  const items = fc.subarray([...ITEMS], { minLength: 1 });
  const benefits = fc.oneof(
    fc.bigInt(1n, 3000n).map((minor) => amount(minor)),
    fc.integer({ min: 1, max: 100 }).map((value) => percent(value)),
  );
  fc.assert(
    fc.property(items, benefits, fc.integer({ min: 1, max: 5 }), (some, benefit, periods) => {
      const { grant, taken } = grantAndTaken(some, benefit, periods);
      // Percents are rounded once for each invoice, so a cent more or less for each is what rounding makes of it.
      expect(taken <= grant + BigInt(benefit.kind === "PERCENT" ? some.length * periods : 0)).toBe(true);
    }),
  );
});
