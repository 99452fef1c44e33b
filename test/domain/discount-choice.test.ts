import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyDiscounts, inOrderOfApplication, periodsOf, type LinedDiscount } from "../../src/catalog/discounts/discount-application.js";
import { chooseDiscounts, type DiscountChoiceResult } from "../../src/catalog/discounts/discount-choice.js";
import type { DiscountPolicy } from "../../src/catalog/discounts/discount-policy.js";
import type { RecurringAmounts } from "../../src/catalog/discounts/discount-runs.js";
import type { Discount } from "../../src/catalog/discounts/discount.js";
import { aDiscount, amount, fixedPrice, FREE, percent } from "../support/quotes.js";

const BEST: DiscountPolicy = { choice: "BEST_FOR_CUSTOMER", application: "PERCENT_FIRST" };
const IN_ORDER: DiscountPolicy = { choice: "IN_PRIORITY_ORDER", application: "PERCENT_FIRST" };

const ten: RecurringAmounts = { amounts: [1000n], cadences: ["P1M"], currency: "EUR" };

/** Of 10.00 a month, given in any order: what is chosen, and what became of the rest. */
function choose(discounts: readonly Discount[], policy: DiscountPolicy): Record<string, string> {
  const given = discounts.map((discount) => ({ discount, lines: [0] }));
  const [one, other] = [given, given.toReversed()].map((some) => chooseDiscounts(some, ten, policy));
  expect(one?.chosen).toEqual(other?.chosen);
  return Object.fromEntries([...(one?.verdicts ?? [])].map(([key, { outcome, by }]) => [key, by === null ? outcome : `${outcome} by ${by}`]));
}

const off = (key: string, by: number, stacking: Partial<Discount["stacking"]> = {}): Discount => aDiscount(key, percent(by), { stacking });
const once = { duration: "ONCE" } as const;
const free = (key: string, periods: number, stacking: Partial<Discount["stacking"]> = {}): Discount =>
  aDiscount(key, FREE, { duration: "REPEATING", periods, stacking });

const inGroup = [off("five", 5, { group: "g", priority: 9 }), off("ten", 10, { group: "g", priority: 5 }), off("half", 50, { priority: 1 })];
const exclusive = [off("sole", 20, { exclusive: true, priority: 9 }), off("ten", 10, { priority: 5 }), off("thirty", 30)];
const soleIsLow = [off("sole", 60, { exclusive: true }), off("ten", 10, { priority: 5 })];
const intro = [
  free("first", 1, { priority: 5 }),
  aDiscount("welcome", percent(10), { ...once, stacking: { group: "g", priority: 9 } }),
  off("loyal", 5, { group: "g" }),
];

describe("what goes with what", () => {
  test.each`
    why                                                           | policy      | discounts                                                                                                      | become
    ${"none"}                                                     | ${IN_ORDER} | ${[]}                                                                                                          | ${{}}
    ${"those in no group add up"}                                 | ${IN_ORDER} | ${[off("a", 10), off("b", 20)]}                                                                                | ${{ a: "CHOSEN", b: "CHOSEN" }}
    ${"of a group the highest priority"}                          | ${IN_ORDER} | ${inGroup}                                                                                                     | ${{ five: "CHOSEN", ten: "GROUP_TAKEN by five", half: "CHOSEN" }}
    ${"of a group the one that saves most"}                       | ${BEST}     | ${inGroup}                                                                                                     | ${{ five: "SAVES_LESS by ten", ten: "CHOSEN", half: "CHOSEN" }}
    ${"an exclusive one shuts the others out"}                    | ${IN_ORDER} | ${exclusive}                                                                                                   | ${{ sole: "CHOSEN", ten: "EXCLUDED by sole", thirty: "EXCLUDED by sole" }}
    ${"unless together they save more"}                           | ${BEST}     | ${exclusive}                                                                                                   | ${{ sole: "SAVES_LESS by ten", ten: "CHOSEN", thirty: "CHOSEN" }}
    ${"an exclusive one that comes later is shut out"}            | ${IN_ORDER} | ${soleIsLow}                                                                                                   | ${{ sole: "NOT_ALONE by ten", ten: "CHOSEN" }}
    ${"unless it saves more"}                                     | ${BEST}     | ${soleIsLow}                                                                                                   | ${{ sole: "CHOSEN", ten: "EXCLUDED by sole" }}
    ${"of two that save alike the higher priority"}               | ${BEST}     | ${[off("a", 10, { group: "g" }), off("b", 10, { group: "g", priority: 1 })]}                                   | ${{ a: "SAVES_LESS by b", b: "CHOSEN" }}
    ${"then the key that comes first"}                            | ${BEST}     | ${[off("b", 10, { group: "g" }), off("a", 10, { group: "g" })]}                                                | ${{ a: "CHOSEN", b: "SAVES_LESS by a" }}
    ${"an exclusive one of higher priority, if it saves as much"} | ${BEST}     | ${[off("sole", 10, { exclusive: true, priority: 9 }), off("ten", 10)]}                                         | ${{ sole: "CHOSEN", ten: "EXCLUDED by sole" }}
    ${"one of lower priority does not"}                           | ${BEST}     | ${[off("sole", 10, { exclusive: true }), off("ten", 10, { priority: 9 })]}                                     | ${{ sole: "SAVES_LESS by ten", ten: "CHOSEN" }}
    ${"a year counts: 10 % for ever beat a free month"}           | ${BEST}     | ${[free("month", 1, { group: "g", priority: 9 }), off("ten", 10, { group: "g" })]}                             | ${{ month: "SAVES_LESS by ten", ten: "CHOSEN" }}
    ${"and two free months beat 10 % for ever"}                   | ${BEST}     | ${[free("months", 2, { group: "g" }), off("ten", 10, { group: "g", priority: 9 })]}                            | ${{ months: "CHOSEN", ten: "SAVES_LESS by months" }}
    ${"what takes nothing off does not count"}                    | ${IN_ORDER} | ${[aDiscount("dear", fixedPrice(2000n), { stacking: { exclusive: true, priority: 9 } }), off("ten", 10)]}      | ${{ dear: "NO_EFFECT", ten: "CHOSEN" }}
    ${"nor what takes nothing off beside the others"}             | ${IN_ORDER} | ${[free("first", 1), aDiscount("welcome", percent(10), once)]}                                                 | ${{ first: "CHOSEN", welcome: "NO_EFFECT" }}
    ${"and it does not stand in the way of its group"}            | ${IN_ORDER} | ${intro}                                                                                                       | ${{ first: "CHOSEN", welcome: "NO_EFFECT", loyal: "CHOSEN" }}
    ${"nor for the best"}                                         | ${BEST}     | ${intro}                                                                                                       | ${{ first: "CHOSEN", welcome: "SAVES_LESS by loyal", loyal: "CHOSEN" }}
    ${"an amount is taken where a percent takes less"}            | ${BEST}     | ${[aDiscount("one", amount(100n), { stacking: { group: "g" } }), off("nine", 9, { group: "g", priority: 9 })]} | ${{ one: "CHOSEN", nine: "SAVES_LESS by one" }}
  `("$why", ({ policy, discounts, become }: { policy: DiscountPolicy; discounts: Discount[]; become: Record<string, string> }) => {
    expect(choose(discounts, policy)).toEqual(become);
  });
});

/** What is paid over a year, reckoned period by period. */
function paid({ amounts, cadences, currency }: RecurringAmounts, discounts: readonly LinedDiscount[], policy: DiscountPolicy): bigint {
  let total = 0n;
  for (let period = 1; period <= 12; period++) {
    const due = amounts.map((minor, line) => (period > 1 && cadences[line] === null ? 0n : minor));
    const holding = discounts.filter(({ discount }) => periodsOf(discount) >= period);
    total += applyDiscounts(due, inOrderOfApplication(holding, policy), currency).amounts.reduce((sum, minor) => sum + minor, 0n);
  }
  return total;
}

function* subsets<T>([first, ...rest]: readonly T[]): Generator<T[]> {
  if (first === undefined) return yield [];
  for (const others of subsets(rest)) {
    yield others;
    yield [first, ...others];
  }
}

const goTogether = (some: readonly LinedDiscount[]): boolean =>
  some.every(({ discount: { key, stacking } }) =>
    some.every(({ discount: other }) => other.key === key || (!stacking.exclusive && (stacking.group === null || stacking.group !== other.stacking.group))),
  );

test("one is left out where that saves a cent", () => {
  const recurring: RecurringAmounts = { amounts: [2n, 3n], cadences: ["P1M", "P1M"], currency: "EUR" };
  const policy: DiscountPolicy = { choice: "BEST_FOR_CUSTOMER", application: "AMOUNT_FIRST" };
  const given = [
    { discount: off("all", 51), lines: [0, 1] },
    { discount: aDiscount("cent", amount(1n)), lines: [0] },
    { discount: off("first", 51), lines: [0] },
  ];
  const { chosen, verdicts } = chooseDiscounts(given, recurring, policy);
  expect([paid(recurring, chosen, policy), paid(recurring, given, policy)]).toEqual([12n, 24n]);
  expect([...verdicts.values()].map(({ outcome }) => outcome).sort()).toEqual(["CHOSEN", "CHOSEN", "SAVES_LESS"]);
});

test("of more than can be tried a good one is found, soon", () => {
  const given = Array.from({ length: 200 }, (_none, index): LinedDiscount => {
    const stacking = { group: index < 100 ? `g${index % 20}` : null, priority: index % 5 };
    return { discount: aDiscount(`d${index}`, index % 2 ? percent(1 + (index % 7)) : amount(BigInt(index)), { stacking }), lines: [0, 1] };
  });
  const recurring: RecurringAmounts = { amounts: [99_999n, 100_001n], cadences: ["P1M", null], currency: "EUR" };
  const [best, inOrder] = [BEST, IN_ORDER].map((policy) => chooseDiscounts(given, recurring, policy));
  expect([best?.triedAll, inOrder?.triedAll]).toEqual([false, true]);
  expect(goTogether(best?.chosen ?? [])).toBe(true);
  expect(paid(recurring, best?.chosen ?? [], BEST)).toBeLessThanOrEqual(paid(recurring, inOrder?.chosen ?? [], BEST));
}, 5_000);

describe("for any discounts", () => {
  const benefit = fc.oneof(
    fc.integer({ min: 1, max: 100 }).map((by) => percent(by)),
    fc.bigInt(1n, 400n).map((minor) => amount(minor)),
    fc.bigInt(0n, 400n).map((minor) => fixedPrice(minor)),
  );
  const one = fc.record({
    benefit,
    periods: fc.constantFrom(null, null, 1, 3, 20),
    group: fc.constantFrom(null, null, "g", "h"),
    exclusive: fc.constantFrom(false, false, false, true),
    priority: fc.integer({ min: 0, max: 3 }),
    mask: fc.integer({ min: 1, max: 7 }),
  });
  const cart = fc.tuple(
    fc.array(fc.oneof(fc.bigInt(0n, 9n), fc.bigInt(0n, 1000n)), { minLength: 1, maxLength: 3 }),
    fc.array(one, { maxLength: 6 }),
    fc.boolean(),
    fc.constantFrom("PERCENT_FIRST" as const, "AMOUNT_FIRST" as const),
  );

  function laidOut([amounts, some, isOnce]: [
    bigint[],
    { benefit: Discount["benefit"]; periods: number | null; group: string | null; exclusive: boolean; priority: number; mask: number }[],
    boolean,
    unknown,
  ]) {
    const discounts = some.map(({ benefit: gives, periods, mask, ...stacking }, index): LinedDiscount => ({
      discount: aDiscount(`d${index}`, gives, { duration: periods === null ? "FOREVER" : "REPEATING", periods, stacking }),
      lines: amounts.flatMap((_minor, line) => (mask & (1 << line) ? [line] : [])),
    }));
    const recurring: RecurringAmounts = { amounts, cadences: amounts.map((_minor, line) => (isOnce && line === 0 ? null : "P1M")), currency: "EUR" };
    return { recurring, discounts: discounts.filter(({ lines }) => lines.length > 0) };
  }

  test("no allowed combination leaves less to pay over a year than the best", () =>
    fc.assert(
      fc.property(cart, (given) => {
        const { recurring, discounts } = laidOut(given);
        const policy: DiscountPolicy = { choice: "BEST_FOR_CUSTOMER", application: given[3] };
        const { chosen, triedAll } = chooseDiscounts(discounts, recurring, policy);
        expect(triedAll && goTogether(chosen)).toBe(true);
        const least = [...subsets(discounts)].filter(goTogether).map((some) => paid(recurring, some, policy));
        expect(paid(recurring, chosen, policy)).toBe(least.reduce((least, total) => (total < least ? total : least)));
      }),
      { numRuns: 1_500 },
    ));

  test("the order in which they are given changes nothing, and each has its verdict", () =>
    fc.assert(
      fc.property(cart, fc.constantFrom(BEST.choice, IN_ORDER.choice), (given, choice) => {
        const { recurring, discounts } = laidOut(given);
        const policy = { choice, application: given[3] };
        const result = told(chooseDiscounts(discounts, recurring, policy));
        expect(goTogether(result.chosen)).toBe(true);
        expect(new Set(result.verdicts.keys())).toEqual(new Set(discounts.map(({ discount }) => discount.key)));
        expect(told(chooseDiscounts(discounts.toReversed(), recurring, policy))).toEqual(result);
        for (const { discount } of result.chosen) expect(result.verdicts.get(discount.key)).toEqual({ outcome: "CHOSEN", by: null });
      }),
      { numRuns: 1_000 },
    ));
});

/** All of it, also what is found when it is asked for. */
function told<D extends LinedDiscount>({ chosen, verdicts, worth, triedAll }: DiscountChoiceResult<D>): DiscountChoiceResult<D> {
  return { chosen, verdicts, worth, triedAll };
}
