import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyDiscounts, inOrderOfApplication, type LinedDiscount } from "../../src/catalog/discounts/discount-application.js";
import type { DiscountApplication } from "../../src/catalog/discounts/discount-policy.js";
import type { DiscountBenefit } from "../../src/catalog/discounts/discount.js";
import { MAX_AMOUNT_MINOR } from "../../src/kernel/money.js";
import { aDiscount, amount, fixedPrice, FREE, percent } from "../support/quotes.js";

/** Takes benefits off lines in the order that a policy gives them, whatever the order in which they are given. */
function takeOff(
  lines: readonly bigint[],
  benefits: readonly (DiscountBenefit | LinedDiscount)[],
  application: DiscountApplication = "PERCENT_FIRST",
  currency = "EUR",
) {
  const everywhere = lines.map((_line, index) => index);
  const discounts = benefits.map((given, index) => ("kind" in given ? { discount: aDiscount(`d${index}`, given), lines: everywhere } : given));
  const [one, other] = [discounts, discounts.toReversed()].map((some) =>
    applyDiscounts(lines, inOrderOfApplication(some, { choice: "IN_PRIORITY_ORDER", application }), currency),
  );
  expect(one).toEqual(other);
  if (!one) throw new Error("nothing was reckoned");
  return one;
}

const TEN = amount(1000n);

test.each`
  why                                               | lines                 | benefits                                 | application        | left
  ${"10 % then 20 % of 100"}                        | ${[10000]}            | ${[percent(10), percent(20)]}            | ${"PERCENT_FIRST"} | ${[7200]}
  ${"20 % and 10 off 100, percents first"}          | ${[10000]}            | ${[percent(20), TEN]}                    | ${"PERCENT_FIRST"} | ${[7000]}
  ${"20 % and 10 off 100, amounts first"}           | ${[10000]}            | ${[percent(20), TEN]}                    | ${"AMOUNT_FIRST"}  | ${[7200]}
  ${"50 off 20"}                                    | ${[2000]}             | ${[amount(5000n)]}                       | ${"PERCENT_FIRST"} | ${[0]}
  ${"50 off 20, then 10 % of nothing"}              | ${[2000]}             | ${[amount(5000n), percent(10)]}          | ${"AMOUNT_FIRST"}  | ${[0]}
  ${"2.99 off three lines, by largest remainder"}   | ${[4300, 1400, 2300]} | ${[amount(299n)]}                        | ${"PERCENT_FIRST"} | ${[4139, 1348, 2214]}
  ${"2.99 off three alike"}                         | ${[500, 500, 500]}    | ${[amount(299n)]}                        | ${"PERCENT_FIRST"} | ${[400, 400, 401]}
  ${"5 off with a line that costs nothing"}         | ${[1000, 0]}          | ${[amount(500n)]}                        | ${"PERCENT_FIRST"} | ${[500, 0]}
  ${"5 off nothing at all"}                         | ${[0, 0]}             | ${[amount(500n)]}                        | ${"PERCENT_FIRST"} | ${[0, 0]}
  ${"half of 0.25: 0.125 is 0.12"}                  | ${[25]}               | ${[percent(50)]}                         | ${"PERCENT_FIRST"} | ${[13]}
  ${"half of 0.27: 0.135 is 0.14"}                  | ${[27]}               | ${[percent(50)]}                         | ${"PERCENT_FIRST"} | ${[13]}
  ${"a percent of several lines is rounded once"}   | ${[25, 25]}           | ${[percent(50)]}                         | ${"PERCENT_FIRST"} | ${[12, 13]}
  ${"33.33 % of 14.99"}                             | ${[1499]}             | ${[percent("33.33")]}                    | ${"PERCENT_FIRST"} | ${[999]}
  ${"all of it"}                                    | ${[1499, 2]}          | ${[percent(100)]}                        | ${"PERCENT_FIRST"} | ${[0, 0]}
  ${"a sub-cent percent"}                           | ${[1499]}             | ${[percent("0.0001")]}                   | ${"PERCENT_FIRST"} | ${[1499]}
  ${"a fixed price for each line"}                  | ${[1299, 1999]}       | ${[fixedPrice(399n)]}                    | ${"PERCENT_FIRST"} | ${[399, 399]}
  ${"a fixed price that is no gain"}                | ${[299, 1999]}        | ${[fixedPrice(399n)]}                    | ${"PERCENT_FIRST"} | ${[299, 399]}
  ${"the lower of two fixed prices"}                | ${[1299]}             | ${[fixedPrice(399n), fixedPrice(499n)]}  | ${"PERCENT_FIRST"} | ${[399]}
  ${"a fixed price, then a percent of it"}          | ${[1299]}             | ${[percent(10), fixedPrice(400n)]}       | ${"PERCENT_FIRST"} | ${[360]}
  ${"a free interval leaves nothing to the others"} | ${[1299]}             | ${[percent(10), FREE, fixedPrice(399n)]} | ${"AMOUNT_FIRST"}  | ${[0]}
`(
  "$why: $lines becomes $left",
  ({ lines, benefits, application, left }: { lines: number[]; benefits: DiscountBenefit[]; application: DiscountApplication; left: number[] }) => {
    const { amounts, steps } = takeOff(lines.map(BigInt), benefits, application);
    expect(amounts).toEqual(left.map(BigInt));
    for (const { offMinor, shares } of steps) expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(offMinor);
  },
);

describe("currencies and sizes", () => {
  test.each`
    why                                 | currency | line                | benefit                   | left
    ${"half of 1201 yen"}               | ${"JPY"} | ${1201n}            | ${percent(50)}            | ${601n}
    ${"half of 1203 yen"}               | ${"JPY"} | ${1203n}            | ${percent(50)}            | ${601n}
    ${"15 % of 4.990 dinars"}           | ${"KWD"} | ${4990n}            | ${percent(15)}            | ${4242n}
    ${"an eighth of 0.500 dinars"}      | ${"KWD"} | ${500n}             | ${percent("12.5")}        | ${438n}
    ${"200 yen off"}                    | ${"JPY"} | ${1480n}            | ${amount(200n, "JPY")}    | ${1280n}
    ${"half of all there can be"}       | ${"EUR"} | ${MAX_AMOUNT_MINOR} | ${percent(50)}            | ${4503599627370495n}
    ${"a hundredth of it"}              | ${"EUR"} | ${MAX_AMOUNT_MINOR} | ${percent(1)}             | ${8917127262193581n}
    ${"all of it"}                      | ${"EUR"} | ${MAX_AMOUNT_MINOR} | ${percent(100)}           | ${0n}
    ${"all but one cent, as an amount"} | ${"EUR"} | ${MAX_AMOUNT_MINOR} | ${amount(2n ** 53n - 2n)} | ${1n}
  `("$why: $left is left", ({ currency, line, benefit, left }: { currency: string; line: bigint; benefit: DiscountBenefit; left: bigint }) => {
    expect(takeOff([line], [benefit], "PERCENT_FIRST", currency).amounts).toEqual([left]);
  });
});

test("within a phase the higher priority comes off first, then the key that comes first", () => {
  const prior = aDiscount("z", amount(1500n), { stacking: { priority: 1 } });
  const { steps } = takeOff(
    [2000n],
    [aDiscount("b", amount(1000n)), prior, aDiscount("a", amount(300n))].map((discount) => ({ discount, lines: [0] })),
  );
  expect(steps.map(({ discountKey, offMinor }) => [discountKey, offMinor])).toEqual([
    ["z", 1500n],
    ["a", 300n],
    ["b", 200n],
  ]);
});

test("a discount touches its own lines only", () => {
  const { amounts, steps } = takeOff([1000n, 1000n, 1000n], [{ discount: aDiscount("some", amount(500n)), lines: [2, 0] }]);
  expect(amounts).toEqual([750n, 1000n, 750n]);
  expect(steps).toMatchObject([{ baseMinor: 2000n, offMinor: 500n, shares: [250n, 0n, 250n] }]);
});

test("whatever comes off, shares sum to it and nothing falls below zero", () => {
  const benefit = fc.oneof(
    fc.integer({ min: 1, max: 1_000_000 }).map((parts) => percent(parts / 10_000)),
    fc.bigInt(0n, 100_000n).map((minor) => amount(minor)),
    fc.bigInt(0n, 100_000n).map((minor) => fixedPrice(minor)),
    fc.constant(FREE),
  );
  const lines = fc.array(fc.oneof(fc.bigInt(0n, 5n), fc.bigInt(0n, 100_000n)), { minLength: 1, maxLength: 5 });
  const some = fc.array(fc.tuple(benefit, fc.integer({ min: 1, max: 31 })), { maxLength: 6 });
  const policy = fc.constantFrom("PERCENT_FIRST" as const, "AMOUNT_FIRST" as const);
  fc.assert(
    fc.property(lines, some, policy, (amounts, benefits, application) => {
      const discounts = benefits.map(([given, mask], index) => ({
        discount: aDiscount(`d${index}`, given),
        lines: amounts.flatMap((_amount, line) => (mask & (1 << line) ? [line] : [])),
      }));
      const { amounts: left, steps } = takeOff(amounts, discounts, application);
      expect(left.every((minor) => minor >= 0n)).toBe(true);
      for (const { offMinor, shares } of steps) {
        expect(shares.every((share) => share >= 0n)).toBe(true);
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(offMinor);
      }
      for (const [line, minor] of amounts.entries()) expect(steps.reduce((rest, { shares }) => rest - (shares[line] ?? 0n), minor)).toBe(left[line]);
    }),
    { numRuns: 2_000 },
  );
});

test("an amount that is not offered in the currency is the fault of whoever did not ask", () => {
  expect(() => takeOff([100n], [amount(1n, "SEK")])).toThrow(RangeError);
});
