import fc from "fast-check";
import { expect, test } from "vitest";
import { allocate } from "../../src/kernel/allocation.js";

test.each`
  why                                    | total   | weights                             | parts
  ${"the largest remainder gets more"}   | ${299}  | ${[4300, 1400, 2300]}               | ${[161, 52, 86]}
  ${"alike: the earlier ones get more"}  | ${299}  | ${[1, 1, 1]}                        | ${[100, 100, 99]}
  ${"eight parts"}                       | ${93}   | ${[10, 20, 10, 30, 50, 20, 10, 40]} | ${[5, 10, 5, 15, 24, 10, 5, 19]}
  ${"a credit is split alike"}           | ${-300} | ${[4000, 2000, 2000]}               | ${[-150, -75, -75]}
  ${"nothing to go by: all count alike"} | ${10}   | ${[0, 0]}                           | ${[5, 5]}
  ${"a weight of zero gets nothing"}     | ${10}   | ${[0, 3]}                           | ${[0, 10]}
  ${"nothing to split"}                  | ${0}    | ${[1, 2]}                           | ${[0, 0]}
  ${"nothing for nobody"}                | ${0}    | ${[]}                               | ${[]}
  ${"one cent for three"}                | ${1}    | ${[1, 1, 1]}                        | ${[1, 0, 0]}
`("$why: $total over $weights is $parts", ({ total, weights, parts }: { total: number; weights: number[]; parts: number[] }) => {
  expect(allocate(BigInt(total), weights.map(BigInt))).toEqual(parts.map(BigInt));
});

test("parts sum to the whole and are less than one unit from their share", () =>
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 53n), 2n ** 53n), fc.array(fc.bigInt(0n, 2n ** 53n), { minLength: 1, maxLength: 20 }), (total, weights) => {
      const parts = allocate(total, weights);
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(total);
      const whole = weights.reduce((sum, weight) => sum + weight, 0n);
      if (whole === 0n) return;
      for (const [index, part] of parts.entries()) {
        const off = part * whole - total * (weights[index] ?? 0n);
        expect(off < whole && off > -whole).toBe(true);
      }
    }),
  ));

const minor = fc.oneof(fc.bigInt(0n, 30n), fc.bigInt(0n, 100_000n), fc.bigInt(0n, 2n ** 53n));

test("small amounts and large ones are split by one rule", () =>
  fc.assert(
    fc.property(minor, fc.array(minor, { minLength: 1, maxLength: 8 }), (total, weights) => {
      expect(allocate(total, weights)).toEqual(byDefinition(total, weights.some((weight) => weight > 0n) ? weights : weights.map(() => 1n)));
    }),
    { numRuns: 2_000 },
  ));

/** Whole units first, then one each by the size of what was cut off. */
function byDefinition(total: bigint, weights: readonly bigint[]): bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  const parts = weights.map((weight, index) => ({ index, units: (total * weight) / whole, rest: (total * weight) % whole }));
  let left = parts.reduce((rest, { units }) => rest - units, total);
  for (const part of [...parts].sort((a, b) => Number(b.rest > a.rest) - Number(a.rest > b.rest) || a.index - b.index)) {
    if (left <= 0n) break;
    part.units++;
    left--;
  }
  return parts.map(({ units }) => units);
}

test("what cannot be split is refused", () => {
  expect(() => allocate(1n, [])).toThrow(RangeError);
  expect(() => allocate(1n, [1n, -1n])).toThrow(RangeError);
});
