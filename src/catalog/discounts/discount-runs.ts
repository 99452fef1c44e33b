import type { CurrencyCode } from "../../kernel/currency.js";
import type { Decimal } from "../../kernel/decimal.js";
import { inOrderOfApplication, offOf, periodsOf, sum, takeOff, type LinedDiscount } from "./discount-application.js";
import type { DiscountPolicy } from "./discount-policy.js";

/** What discounts come off, period after period, at the amounts of the first one. */
export interface RecurringAmounts {
  readonly amounts: readonly bigint[];
  /** For each line when it is due again: lines of one cadence are on the same invoices. Null = never again. */
  readonly cadences: readonly (string | null)[];
  readonly currency: CurrencyCode;
  /** See `applyDiscounts`. */
  readonly units?: readonly Decimal[];
}

/** A run of periods in which the same discounts hold. Periods count from 1. */
interface Run {
  readonly from: number;
  /** Exclusive; infinite for the last run. */
  readonly until: number;
  /** What each discount takes off in one of its periods, in the order in which they come off. */
  readonly offs: readonly bigint[];
}

/** How many periods of a discount without end are counted, where its worth must be a number: in comparisons and for budgets. */
export const PERIODS_COUNTED = 12;

/** What discounts together save over the periods counted: what the policy BEST_FOR_CUSTOMER compares. */
export function savingsOf(recurring: RecurringAmounts, discounts: readonly LinedDiscount[], policy: DiscountPolicy): bigint {
  let saved = 0n;
  for (const run of runsOf(recurring, inOrderOfApplication(discounts, policy), PERIODS_COUNTED)) saved += periodsIn(run, PERIODS_COUNTED + 1) * sum(run.offs);
  return saved;
}

export interface DiscountWorth {
  /**
   * What it takes off over its whole duration. Of a discount without end over as many periods as are counted, from the first in which it takes
   * anything off, so that one that begins to work after a free year is not for nothing. Budgets are charged with it.
   */
  readonly grantedMinor: bigint;
  /** Whether it ever takes anything off, also beyond the periods counted. */
  readonly hasEffect: boolean;
}

/** What each of some discounts that come off together is worth, by key. */
export function worthOf(recurring: RecurringAmounts, discounts: readonly LinedDiscount[], policy: DiscountPolicy): Map<string, DiscountWorth> {
  const ordered = inOrderOfApplication(discounts, policy);
  const runs = runsOf(recurring, ordered);
  const worth = new Map<string, DiscountWorth>();
  for (const [index, { discount }] of ordered.entries()) worth.set(discount.key, worthIn(runs, index, periodsOf(discount)));
  return worth;
}

/** Whether a discount ever takes anything off if no other does. */
export function hasEffectAlone({ amounts, cadences, currency, units }: RecurringAmounts, one: LinedDiscount): boolean {
  const lasts = periodsOf(one.discount);
  if (lasts >= 1 && offOf(one, amounts, currency, units) > 0n) return true;
  return lasts >= 2 && !isUniform(cadences) && invoicesOf(amounts, cadences).some((due) => offOf(one, due, currency, units) > 0n);
}

/** What the discount at `index` is worth that lasts so many periods. */
function worthIn(runs: readonly Run[], index: number, lasts: number): DiscountWorth {
  const first = runs.find(({ offs }) => (offs[index] ?? 0n) > 0n);
  if (!first) return { grantedMinor: 0n, hasEffect: false };
  const end = Number.isFinite(lasts) ? lasts + 1 : first.from + PERIODS_COUNTED;
  let grantedMinor = 0n;
  for (const run of runs) grantedMinor += periodsIn(run, end) * (run.offs[index] ?? 0n);
  return { grantedMinor, hasEffect: true };
}

/** How many periods a run has before `end`. */
function periodsIn({ from, until }: Run, end: number): bigint {
  return BigInt(Math.max(0, Math.min(until, end) - from));
}

/**
 * @param ordered discounts in the order of `inOrderOfApplication`.
 * @param last the last period that matters to whoever asks.
 */
function runsOf({ amounts, cadences, currency, units }: RecurringAmounts, ordered: readonly LinedDiscount[], last = Number.POSITIVE_INFINITY): Run[] {
  // All lines share the first invoice; later on each cadence has its own, and an amount comes off every one of them.
  const first = [amounts];
  const later = isUniform(cadences) ? first : invoicesOf(amounts, cadences);
  const starts = startsOf(ordered, later === first ? [1] : [1, 2], last);
  return starts.map((from, index): Run => {
    const offs = ordered.map(() => 0n);
    const final = ordered.findLastIndex(({ discount }) => periodsOf(discount) >= from);
    for (const due of from === 1 ? first : later) {
      const left = [...due];
      for (const [place, one] of ordered.entries()) {
        if (periodsOf(one.discount) < from) continue;
        // Nobody takes anything of what the last one leaves.
        const off = place === final ? offOf(one, left, currency, units) : sum(takeOff(one, left, currency, units));
        offs[place] = (offs[place] ?? 0n) + off;
      }
    }
    return { from, until: starts[index + 1] ?? Number.POSITIVE_INFINITY, offs };
  });
}

/** The periods from which on something else is due, or other discounts hold than before, in order. */
function startsOf(discounts: readonly LinedDiscount[], starts: number[], last: number): readonly number[] {
  for (const { discount } of discounts) {
    const end = periodsOf(discount) + 1;
    if (Number.isFinite(end) && end <= last && !starts.includes(end)) starts.push(end);
  }
  return starts.sort((a, b) => a - b);
}

/** Whether every invoice has the same lines as the first. */
function isUniform(cadences: readonly (string | null)[]): boolean {
  const [first, ...others] = cadences;
  return first !== null && others.every((cadence) => cadence === first);
}

/** What is due on each of the invoices after the first. */
function invoicesOf(amounts: readonly bigint[], cadences: readonly (string | null)[]): readonly (readonly bigint[])[] {
  const distinct = new Set(cadences.filter((cadence) => cadence !== null));
  return [...distinct].map((of) => amounts.map((amount, line) => (cadences[line] === of ? amount : 0n)));
}
