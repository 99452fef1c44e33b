import type { CurrencyCode } from "../../kernel/currency.js";
import type { Decimal } from "../../kernel/decimal.js";
import { applyDiscounts, inOrderOfApplication, periodsOf, sum, type DiscountStep, type LinedDiscount } from "./discount-application.js";
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
  readonly steps: readonly DiscountStep[];
}

/** How many periods of a discount without end are counted, where its worth must be a number: in comparisons and for budgets. */
export const PERIODS_COUNTED = 12;

/** What discounts together save over the periods counted: what the policy BEST_FOR_CUSTOMER compares. */
export function savingsOf(recurring: RecurringAmounts, discounts: readonly LinedDiscount[], policy: DiscountPolicy): bigint {
  return runsOf(recurring, discounts, policy, PERIODS_COUNTED).reduce((total, { from, until, steps }) => {
    const periods = Math.max(0, Math.min(until, PERIODS_COUNTED + 1) - from);
    return total + BigInt(periods) * sum(steps.map(({ offMinor }) => offMinor));
  }, 0n);
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
  const runs = runsOf(recurring, discounts, policy);
  return new Map(
    discounts.map(({ discount }) => {
      const offs = runs.map(({ from, until, steps }) => ({
        from,
        until,
        off: sum(steps.flatMap((step) => (step.discountKey === discount.key ? [step.offMinor] : []))),
      }));
      const first = offs.find(({ off }) => off > 0n)?.from;
      const lasts = periodsOf(discount);
      const end = Number.isFinite(lasts) ? lasts + 1 : (first ?? 1) + PERIODS_COUNTED;
      const grantedMinor = offs.reduce((total, { from, until, off }) => total + BigInt(Math.max(0, Math.min(until, end) - from)) * off, 0n);
      return [discount.key, { grantedMinor, hasEffect: first !== undefined }];
    }),
  );
}

/** @param last the last period that matters to whoever asks. */
function runsOf(
  { amounts, cadences, currency, units }: RecurringAmounts,
  discounts: readonly LinedDiscount[],
  policy: DiscountPolicy,
  last = Number.POSITIVE_INFINITY,
): Run[] {
  const ordered = inOrderOfApplication(discounts, policy);
  const dueOf = (cadence: string): bigint[] => amounts.map((amount, line) => (cadences[line] === cadence ? amount : 0n));
  const ends = discounts.map(({ discount }) => periodsOf(discount) + 1).filter((end) => Number.isFinite(end) && end <= last);
  const starts = [...new Set([1, ...(isUniform(cadences) ? [] : [2]), ...ends])].sort((a, b) => a - b);
  return starts.map((from, index) => {
    const holding = ordered.filter(({ discount }) => periodsOf(discount) >= from);
    // All lines share the first invoice; later on each cadence has its own, and an amount comes off every one of them.
    const invoices = from === 1 ? [amounts] : [...new Set(cadences)].flatMap((cadence) => (cadence === null ? [] : [dueOf(cadence)]));
    return {
      from,
      until: starts[index + 1] ?? Number.POSITIVE_INFINITY,
      steps: invoices.flatMap((due) => applyDiscounts(due, holding, currency, units).steps),
    };
  });
}

/** Whether every invoice has the same lines as the first. */
function isUniform(cadences: readonly (string | null)[]): boolean {
  const [first, ...others] = cadences;
  return first !== null && others.every((cadence) => cadence === first);
}
