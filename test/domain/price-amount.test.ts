import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { amountOf, type Charge } from "../../src/catalog/prices/price-amount.js";
import type { Tier } from "../../src/catalog/prices/price.js";
import { Decimal } from "../../src/kernel/decimal.js";
import { formatMajor, MAX_AMOUNT_MINOR, roundToMoney, toMajor } from "../../src/kernel/money.js";

const NOTHING: Charge = {
  currency: "EUR",
  model: "FLAT",
  amountMinor: 0n,
  unitRate: null,
  packageSize: null,
  freeUnits: new Decimal(0),
  minimumMinor: null,
  maximumMinor: null,
  tiers: null,
};

/** "100@0.10+2.00; *@0.05" as a price list writes it, in euros. */
function tiers(text: string): Tier[] {
  return text.split("; ").map((tier) => {
    const [, upTo = "*", rate = "0", fee = "0"] = /^([^@]+)@([^+]+)(?:\+(.+))?$/.exec(tier) ?? [];
    return { upTo: upTo === "*" ? null : new Decimal(upTo), unitRate: new Decimal(rate), flatFeeMinor: roundToMoney(new Decimal(fee), "EUR").amountMinor };
  });
}

const cost = (charge: Partial<Charge>, quantity: string | number): string => amountOf({ ...NOTHING, ...charge }, new Decimal(quantity)).exact.toFixed();

const FALLING = tiers("100@0.10; 500@0.05; *@0.02");
const WITH_FEES = tiers("10@10+2; 20@5+3; *@5+3");
const VOLUME_FEES = tiers("100@2+10; 200@1; *@0.5+50");

describe("each model, as others reckon it too", () => {
  test.each`
    why                                                  | charge                                                             | quantity | exact
    ${"graduated: all in two tiers"}                     | ${{ model: "GRADUATED", tiers: FALLING }}                          | ${250}   | ${"17.5"}
    ${"graduated: the end of the second tier"}           | ${{ model: "GRADUATED", tiers: FALLING }}                          | ${500}   | ${"30"}
    ${"graduated: into the open tier"}                   | ${{ model: "GRADUATED", tiers: FALLING }}                          | ${1000}  | ${"40"}
    ${"volume: the first tier"}                          | ${{ model: "VOLUME", tiers: FALLING }}                             | ${50}    | ${"5"}
    ${"volume: the last unit of the first tier"}         | ${{ model: "VOLUME", tiers: FALLING }}                             | ${100}   | ${"10"}
    ${"volume: one more costs less"}                     | ${{ model: "VOLUME", tiers: FALLING }}                             | ${101}   | ${"5.05"}
    ${"volume: within the second tier"}                  | ${{ model: "VOLUME", tiers: FALLING }}                             | ${250}   | ${"12.5"}
    ${"volume: the end of the second tier"}              | ${{ model: "VOLUME", tiers: FALLING }}                             | ${500}   | ${"25"}
    ${"volume: the open tier"}                           | ${{ model: "VOLUME", tiers: FALLING }}                             | ${1000}  | ${"20"}
    ${"fees: no unit reaches no tier"}                   | ${{ model: "GRADUATED", tiers: WITH_FEES }}                        | ${0}     | ${"0"}
    ${"fees: the first unit owes the first fee"}         | ${{ model: "GRADUATED", tiers: WITH_FEES }}                        | ${1}     | ${"12"}
    ${"fees: the first tier full"}                       | ${{ model: "GRADUATED", tiers: WITH_FEES }}                        | ${10}    | ${"102"}
    ${"fees: the second tier reached"}                   | ${{ model: "GRADUATED", tiers: WITH_FEES }}                        | ${11}    | ${"110"}
    ${"fees: within the second tier"}                    | ${{ model: "GRADUATED", tiers: WITH_FEES }}                        | ${12}    | ${"115"}
    ${"fees: the third tier reached"}                    | ${{ model: "GRADUATED", tiers: WITH_FEES }}                        | ${21}    | ${"163"}
    ${"volume with fees: the first tier full"}           | ${{ model: "VOLUME", tiers: VOLUME_FEES }}                         | ${100}   | ${"210"}
    ${"volume with fees: half a unit more is beyond it"} | ${{ model: "VOLUME", tiers: VOLUME_FEES }}                         | ${100.5} | ${"100.5"}
    ${"volume with fees: the second tier"}               | ${{ model: "VOLUME", tiers: VOLUME_FEES }}                         | ${101}   | ${"101"}
    ${"volume with fees: its end"}                       | ${{ model: "VOLUME", tiers: VOLUME_FEES }}                         | ${200}   | ${"200"}
    ${"volume with fees: the open tier"}                 | ${{ model: "VOLUME", tiers: VOLUME_FEES }}                         | ${210}   | ${"155"}
    ${"volume with fees: further on"}                    | ${{ model: "VOLUME", tiers: VOLUME_FEES }}                         | ${300}   | ${"200"}
    ${"volume: nothing used, nothing owed"}              | ${{ model: "VOLUME", tiers: VOLUME_FEES }}                         | ${0}     | ${"0"}
    ${"flat: whatever the quantity"}                     | ${{ amountMinor: 1099n }}                                          | ${7}     | ${"10.99"}
    ${"per unit: fixed part and sub-cent rate"}          | ${{ model: "PER_UNIT", amountMinor: 500n, unitRate: d("0.0025") }} | ${3}     | ${"5.0075"}
    ${"per unit: free units first"}                      | ${{ model: "PER_UNIT", unitRate: d("2"), freeUnits: d("3") }}      | ${5}     | ${"4"}
    ${"per unit: all of it free"}                        | ${{ model: "PER_UNIT", unitRate: d("2"), freeUnits: d("3") }}      | ${2}     | ${"0"}
    ${"package: a begun one is due in full"}             | ${pack({})}                                                        | ${11}    | ${"10"}
    ${"package: exactly full"}                           | ${pack({})}                                                        | ${10}    | ${"5"}
    ${"package: free units come off first"}              | ${pack({ freeUnits: d("1") })}                                     | ${11}    | ${"5"}
    ${"package: none used"}                              | ${pack({})}                                                        | ${0}     | ${"0"}
    ${"a minimum is due without any use"}                | ${pack({ minimumMinor: 300n })}                                    | ${0}     | ${"3"}
    ${"a maximum ends it"}                               | ${pack({ maximumMinor: 1200n })}                                   | ${100}   | ${"12"}
  `("$why: $quantity units cost $exact", ({ charge, quantity, exact }: { charge: Partial<Charge>; quantity: number; exact: string }) => {
    expect(cost(charge, quantity)).toBe(exact);
  });
});

function d(text: string): Decimal {
  return new Decimal(text);
}

function pack(more: Partial<Charge>): Partial<Charge> {
  return { model: "PACKAGE", unitRate: d("5"), packageSize: d("10"), ...more };
}

describe("whatever the price", () => {
  const rate = fc.integer({ min: 0, max: 10_000_000 }).map((value) => new Decimal(value).div(100_000));
  const units = fc.integer({ min: 0, max: 1_000_000 }).map((value) => new Decimal(value).div(100));
  const minor = fc.integer({ min: 0, max: 100_000 }).map(BigInt);
  const anyTiers = fc
    .tuple(fc.uniqueArray(fc.integer({ min: 1, max: 5_000 }), { maxLength: 4 }), fc.array(fc.tuple(rate, minor), { minLength: 5, maxLength: 5 }))
    .map(([ends, prices]) =>
      [...ends.sort((a, b) => a - b), null].map((upTo, index): Tier => {
        const [unitRate, flatFeeMinor] = prices[index] ?? [new Decimal(0), 0n];
        return { upTo: upTo === null ? null : new Decimal(upTo), unitRate, flatFeeMinor };
      }),
    );
  const charge: fc.Arbitrary<Charge> = fc
    .record({
      model: fc.constantFrom("FLAT", "PER_UNIT", "GRADUATED", "VOLUME", "PACKAGE"),
      amountMinor: minor,
      rate,
      tiers: anyTiers,
      free: units,
      bounds: fc.option(fc.tuple(minor, minor)),
    })
    .map(({ model, amountMinor, rate: unitRate, tiers: chosen, free, bounds }) => ({
      ...NOTHING,
      model,
      amountMinor,
      unitRate,
      packageSize: new Decimal(7),
      freeUnits: free,
      tiers: chosen,
      minimumMinor: bounds && (bounds[0] < bounds[1] ? bounds[0] : bounds[1]),
      maximumMinor: bounds && (bounds[0] < bounds[1] ? bounds[1] : bounds[0]),
    }));

  test("the steps of the working sum to the amount, which is not negative and within its bounds", () =>
    fc.assert(
      fc.property(charge, units, (price, quantity) => {
        const { exact, steps } = amountOf(price, quantity);
        expect(steps.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0)).eq(exact)).toBe(true);
        expect(exact.gte(0)).toBe(true);
        if (price.minimumMinor !== null) expect(exact.gte(toMajor({ amountMinor: price.minimumMinor, currency: "EUR" }))).toBe(true);
        if (price.maximumMinor !== null) expect(exact.lte(toMajor({ amountMinor: price.maximumMinor, currency: "EUR" }))).toBe(true);
      }),
    ));

  test("more units never cost less, but for volume tiers, which may fall", () =>
    fc.assert(
      fc.property(charge, units, units, (price, a, b) => {
        fc.pre(price.model !== "VOLUME");
        const [less, more] = a.lt(b) ? [a, b] : [b, a];
        expect(amountOf(price, more).exact.gte(amountOf(price, less).exact)).toBe(true);
      }),
    ));

  test("a negative quantity is nobody's", () => {
    expect(() => amountOf(NOTHING, new Decimal(-1))).toThrow(RangeError);
  });
});

describe("rounding to money", () => {
  test.each`
    why                              | major                  | currency | amount
    ${"half goes to even, down"}     | ${"0.125"}             | ${"EUR"} | ${"0.12"}
    ${"half goes to even, up"}       | ${"0.135"}             | ${"EUR"} | ${"0.14"}
    ${"more than half goes up"}      | ${"0.12500000001"}     | ${"EUR"} | ${"0.13"}
    ${"no digits"}                   | ${"1200.5"}            | ${"JPY"} | ${"1200"}
    ${"three digits"}                | ${"4.7505"}            | ${"KWD"} | ${"4.750"}
    ${"a credit is rounded alike"}   | ${"-0.125"}            | ${"EUR"} | ${"-0.12"}
    ${"the largest amount there is"} | ${"90071992547409.91"} | ${"EUR"} | ${"90071992547409.91"}
  `("$why: $major $currency is $amount", ({ major, currency, amount }: Record<string, string>) => {
    expect(formatMajor(roundToMoney(new Decimal(major ?? ""), currency ?? ""))).toBe(amount);
  });

  test("beyond the largest amount nothing is rounded", () => {
    expect(() => roundToMoney(new Decimal((MAX_AMOUNT_MINOR + 1n).toString()), "JPY")).toThrow(RangeError);
  });
});
