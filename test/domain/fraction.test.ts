import fc from "fast-check";
import { expect, test } from "vitest";
import { Decimal } from "../../src/kernel/decimal.js";
import { divideHalfEven, fractionOf } from "../../src/kernel/fraction.js";

test.each`
  why                                    | numerator | denominator | nearest
  ${"nothing"}                           | ${0n}     | ${7n}       | ${0n}
  ${"less than a half"}                  | ${149n}   | ${100n}     | ${1n}
  ${"a half, down to the even one"}      | ${250n}   | ${100n}     | ${2n}
  ${"a half, up to the even one"}        | ${350n}   | ${100n}     | ${4n}
  ${"more than a half"}                  | ${251n}   | ${100n}     | ${3n}
  ${"a half below 0, to the even one"}   | ${-250n}  | ${100n}     | ${-2n}
  ${"a half below 0, away from the odd"} | ${-350n}  | ${100n}     | ${-4n}
  ${"less than a half below 0"}          | ${-149n}  | ${100n}     | ${-1n}
`("$why: $numerator of $denominator is $nearest", ({ numerator, denominator, nearest }: Record<"numerator" | "denominator" | "nearest", bigint>) => {
  expect(divideHalfEven(numerator, denominator)).toBe(nearest);
});

test("a decimal and its fraction are rounded to the same", () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.nat(12), (digits, scale) => {
      const value = new Decimal(`${digits}e-${scale}`);
      const { numerator, denominator } = fractionOf(value);
      expect(new Decimal(numerator.toString()).div(denominator.toString()).eq(value)).toBe(true);
      expect(divideHalfEven(numerator, denominator).toString()).toBe(
        new Decimal(value.toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN).toFixed(0)).plus(0).toFixed(),
      );
    }),
  );
});
