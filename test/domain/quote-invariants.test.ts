import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PriceVersion } from "../../src/catalog/prices/price-resolution.js";
import type { Discount } from "../../src/catalog/discounts/discount.js";
import { computeQuote } from "../../src/catalog/quotes/quote-calculation.js";
import type { CodeFact, QuoteCatalog, QuoteFacts } from "../../src/catalog/quotes/quote-facts.js";
import { checkQuoteRequest, type QuoteRequest } from "../../src/catalog/quotes/quote-request.js";
import type { Quote } from "../../src/catalog/quotes/quote.js";
import { canonicalCode } from "../../src/catalog/discounts/discount.js";
import { MAX_AMOUNT_MINOR } from "../../src/kernel/money.js";
import { aCatalog, aDiscount, amount, anItem, aPrice, aRequest, dec, fixedPrice, FREE, percent, quoteOf } from "../support/quotes.js";

const PLANS = ["a", "b", "c", "d"];
const USUAL = ["P1M", "P1Y", "ONCE"];
const INTERVALS = ["P1M", "P1Y", "P1W", "P3M", "P1D", "ONCE"];
const ZONES = ["Etc/UTC", "Europe/Stockholm", "Pacific/Apia", "America/Santiago", "Africa/Monrovia"];

/** The first of these, nearly always: most requests are to come to a quote, and some to be as strange as can be. */
const mostly = <T>(usual: fc.Arbitrary<T>, strange: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: strange });

const minor = mostly(fc.oneof(fc.bigInt(0n, 20n), fc.bigInt(0n, 100_000n)), fc.bigInt(0n, MAX_AMOUNT_MINOR));
const rate = fc.integer({ min: 0, max: 1_000_000 }).map((value) => dec(value).div(10_000));
const instant = fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true });
const option = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some);
const tiers = fc.tuple(rate, rate, minor).map(([one, other, fee]) => [
  { upTo: dec(10), unitRate: one, flatFeeMinor: fee },
  { upTo: null, unitRate: other, flatFeeMinor: 0n },
]);

const price: fc.Arbitrary<PriceVersion> = fc
  .record({
    ...{
      planKey: fc.constantFrom(...PLANS),
      interval: fc.constantFrom(...INTERVALS),
      marketKey: fc.constantFrom("se", "world"),
      segment: fc.constantFrom(null, null, "x", "y"),
    },
    ...{
      model: fc.constantFrom("FLAT", "FLAT", "PER_UNIT", "GRADUATED", "VOLUME", "PACKAGE"),
      taxIncluded: fc.boolean(),
      amountMinor: minor,
      unitRate: rate,
      tiers,
    },
    ...{
      packageSize: fc.constantFrom(dec(1), dec("0.3"), dec(7)),
      freeUnits: fc.constantFrom(dec(0), dec(2)),
      existingFrom: option(instant),
      knownFrom: option(instant),
    },
    minimumMinor: option(minor),
    from: mostly(fc.constant(new Date("2001-01-01")), instant),
  })
  .map(({ from, ...more }) => aPrice({ ...more, effective: { from, until: null } }));

const benefit = fc.oneof(
  fc.integer({ min: 1, max: 1_000_000 }).map((parts) => percent(dec(parts).div(10_000).toFixed())),
  minor.map((off) => amount(off)),
  minor.map((to) => fixedPrice(to)),
  fc.constant(FREE),
);
const discounts: fc.Arbitrary<Discount[]> = fc
  .array(
    fc.record({
      ...{ benefit, periods: fc.constantFrom(null, 1, 2, 2_000_000_000), planKeys: fc.subarray(PLANS), activation: fc.constantFrom("AUTOMATIC", "CODE") },
      ...{ group: fc.constantFrom(null, "g"), exclusive: fc.constantFrom(false, false, true), priority: fc.integer({ min: -5, max: 5 }) },
    }),
    { maxLength: 6 },
  )
  .map((some) =>
    some.map(({ benefit: gives, periods, planKeys, activation, ...stacking }, index) =>
      aDiscount(`d${index}`, gives, { duration: periods === null ? "FOREVER" : "REPEATING", periods, activation, conditions: { planKeys }, stacking }),
    ),
  );

const quantity = mostly(
  fc.integer({ min: 1, max: 40 }).map((units) => dec(units)),
  fc.bigInt(-1n, 10n ** 21n).map((millionths) => dec(millionths.toString()).div(1_000_000)),
);
const now = new Date("2026-01-31T12:00:00Z");
const request: fc.Arbitrary<QuoteRequest> = fc.record({
  items: fc.uniqueArray(
    fc
      .record({
        planKey: mostly(fc.constantFrom(...PLANS), fc.constantFrom("__proto__", "")),
        ...{
          quantity,
          interval: mostly(fc.constantFrom(...USUAL), fc.constantFrom(...INTERVALS)),
          since: mostly(fc.constantFrom(null, new Date("2024-12-31")), instant),
        },
      })
      .map((item) => (item.interval === "ONCE" ? { ...item, since: null } : item)),
    { minLength: 1, maxLength: 4, selector: ({ planKey }) => planKey },
  ),
  ...{ marketKey: fc.constant("se"), currency: mostly(fc.constant(null), fc.constantFrom("JPY", "???")), channel: option(fc.string()) },
  segments: fc.subarray(["x", "y", "constructor"]),
  ...{ isNewCustomer: option(fc.boolean()), customerId: fc.constantFrom(null, "c-1"), codes: fc.subarray(["d0", "D1", "d-2", "", "__proto__"]) },
  periods: fc.integer({ min: 1, max: 36 }),
});
const world = fc
  .record({
    ...{ prices: fc.array(price, { minLength: 1, maxLength: 8 }), discounts, time: mostly(fc.constant(now), instant) },
    ...{ taxRate: fc.constantFrom(null, dec(0), dec(25), dec("7.7"), dec(100)), zone: fc.constantFrom(...ZONES) },
    ...{ choice: fc.constantFrom("BEST_FOR_CUSTOMER", "IN_PRIORITY_ORDER"), application: fc.constantFrom("PERCENT_FIRST", "AMOUNT_FIRST") },
  })
  .map(({ prices, discounts: some, time, taxRate, zone: timeZone, choice, application }): QuoteCatalog => {
    const point = { release: 1, time };
    const usual = PLANS.flatMap((planKey) => USUAL.map((interval) => aPrice({ planKey, interval, marketKey: "nordics" })));
    return aCatalog([...new Map([...usual, ...prices].map((one) => [one.key, one])).values()], {
      point,
      discounts: some,
      policy: { choice, application },
      market: { taxRate, timeZone },
    });
  });

function factsOf({ codes }: QuoteRequest): QuoteFacts {
  return {
    codes: codes.map((code): CodeFact => ({ state: "KNOWN", discountKey: canonicalCode(code).toLowerCase(), shown: canonicalCode(code), uniqueCodeId: null })),
    exhausted: [],
  };
}

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, one) => sum + one, 0n);

function checkSums({ invoices, grants, working }: Quote): void {
  for (const { lines, totals } of invoices) {
    expect(total(lines.map(({ listMinor }) => listMinor))).toBe(totals.listMinor);
    expect(total(lines.map(({ amountMinor }) => amountMinor))).toBe(totals.amountMinor);
    expect(totals.listMinor - totals.discountMinor).toBe(totals.amountMinor);
    if (totals.netMinor !== null && totals.taxMinor !== null) expect(totals.netMinor + totals.taxMinor).toBe(totals.grossMinor);
    for (const { listMinor, amountMinor, discounts: shares, tax, taxIncluded } of lines) {
      expect(listMinor - total(shares.map((share) => share.amountMinor))).toBe(amountMinor);
      expect(amountMinor >= 0n && shares.every((share) => share.amountMinor > 0n)).toBe(true);
      expect(taxIncluded ? tax.grossMinor : tax.netMinor).toBe(amountMinor);
      if (tax.taxMinor !== null) expect((tax.netMinor ?? 0n) + tax.taxMinor).toBe(tax.grossMinor);
    }
  }
  for (const { offMinor, shares } of working.steps) expect(total(shares)).toBe(offMinor);
  expect(total(working.steps.map(({ offMinor }) => offMinor))).toBe(invoices[0]?.totals.discountMinor);
  for (const { amountMinor } of grants) expect(amountMinor >= 0n && amountMinor <= MAX_AMOUNT_MINOR).toBe(true);
}

describe("any request, in any catalog", () => {
  test("is quoted or refused, and what is quoted adds up", () => {
    let quoted = 0;
    fc.assert(
      fc.property(request, world, (asked, catalog) => {
        const refusals = checkQuoteRequest(asked, catalog.point.time);
        if (refusals.length > 0) return;
        const answer = computeQuote(asked, catalog, factsOf(asked));
        expect("invoices" in answer ? answer.invoices.length : answer.length).toBeGreaterThan(0);
        if (!("invoices" in answer)) return;
        quoted++;
        checkSums(answer);
      }),
      { numRuns: 4_000 },
    );
    expect(quoted).toBeGreaterThan(1_000);
  }, 60_000);

  test("is checked without a throw, whatever it says", () =>
    fc.assert(
      fc.property(
        fc.record({
          ...{
            items: fc.array(
              fc.record({
                planKey: fc.string(),
                quantity: fc.oneof(quantity, fc.constantFrom(dec("NaN"), dec("Infinity"), dec("-0"), dec("1e300"))),
                interval: fc.string(),
                since: option(instant),
              }),
            ),
            codes: fc.array(fc.string()),
            segments: fc.array(fc.string()),
          },
          customerId: option(fc.string({ unit: "binary" })),
          periods: fc.integer(),
        }),
        instant,
        (said, at) => {
          for (const { path } of checkQuoteRequest(aRequest(said), at)) expect(path[0]).toBe("input");
        },
      ),
    ));

  test("comes to the same whatever the order of its items, codes, segments and discounts", () => {
    let quoted = 0;
    fc.assert(
      fc.property(request, world, fc.integer({ min: 0, max: 3 }), (asked, catalog, turn) => {
        const turned = <T>(some: readonly T[]): T[] => [...some.slice(turn), ...some.slice(0, turn)].toReversed();
        const other: QuoteRequest = { ...asked, items: turned(asked.items), codes: turned(asked.codes), segments: turned(asked.segments) };
        if (checkQuoteRequest(asked, catalog.point.time).length > 0) return;
        const [one, two] = [computeQuote(asked, catalog, factsOf(asked)), computeQuote(other, turnedCatalog(catalog, turned), factsOf(other))];
        expect(inOneOrder(two)).toEqual(inOneOrder(one));
        if ("invoices" in one && one.lines.length > 1) quoted++;
      }),
      { numRuns: 4_000 },
    );
    expect(quoted).toBeGreaterThan(1_000);
  }, 60_000);
});

function turnedCatalog(catalog: QuoteCatalog, turned: <T>(some: readonly T[]) => T[]): QuoteCatalog {
  return { ...catalog, discounts: turned(catalog.discounts), prices: new Map([...catalog.prices].map(([plan, versions]) => [plan, turned(versions)])) };
}

/** A quote with its lines named by plan and interval, and in that order; of refusals only the codes. */
function inOneOrder(answer: ReturnType<typeof computeQuote>): unknown {
  if (!("invoices" in answer)) return answer.map(({ code }) => code).sort();
  const nameOf = (line: number): string => `${answer.lines[line]?.planKey} ${answer.lines[line]?.interval}`;
  const byName = <T>(named: [string, T][]): [string, T][] => named.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    invoices: answer.invoices.map(({ at, totals, lines }) => ({ at, totals, lines: byName(lines.map(({ line, ...more }) => [nameOf(line), more])) })),
    codes: byName(answer.codes.map((code) => [code.code, code])),
    ...{
      grants: answer.grants,
      claims: answer.claims,
      verdicts: answer.working.discounts.map(({ discountKey, code, verdict }) => [discountKey, code, verdict]),
    },
    steps: answer.working.steps.map(({ shares: _shares, ...step }) => step),
  };
}

test("more units never cost less where tiers do not fall", () => {
  const rising = (rates: readonly number[]) =>
    [...rates]
      .sort((a, b) => a - b)
      .map((unitRate, index) => ({ upTo: index === 2 ? null : dec(10 * (index + 1)), unitRate: dec(unitRate).div(1000), flatFeeMinor: BigInt(index * 10) }));
  const model = fc.constantFrom("FLAT" as const, "PER_UNIT" as const, "GRADUATED" as const, "VOLUME" as const, "PACKAGE" as const);
  const rates = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 3, maxLength: 3 });
  const units = fc.integer({ min: 1, max: 4_000 }).map((hundredths) => dec(hundredths).div(100));
  fc.assert(
    fc.property(model, rates, units, units, fc.integer({ min: 0, max: 99 }), fc.boolean(), (kind, some, one, other, off, taxIncluded) => {
      const [less, more] = one.lt(other) ? [one, other] : [other, one];
      const catalog = aCatalog(
        [aPrice({ model: kind, amountMinor: 100n, unitRate: dec(some[0] ?? 0).div(1000), packageSize: dec(3), tiers: rising(some), taxIncluded })],
        {
          discounts: off === 0 ? [] : [aDiscount("off", percent(off))],
          market: { taxRate: dec(19) },
        },
      );
      const costs = [less, more].map((count) => quoteOf(aRequest({ items: [anItem({ quantity: count })] }), catalog).invoices[0]?.totals.grossMinor ?? -1n);
      expect((costs[0] ?? 0n) <= (costs[1] ?? 0n)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
