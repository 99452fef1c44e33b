import { allocate } from "../../kernel/allocation.js";
import type { CurrencyCode } from "../../kernel/currency.js";
import { Decimal, percentOf } from "../../kernel/decimal.js";
import { roundToMoney, toMajor } from "../../kernel/money.js";
import type { Discount } from "./discount.js";
import type { DiscountPolicy } from "./discount-policy.js";

/** A discount and the lines that it may come off, as indexes. */
export interface LinedDiscount {
  readonly discount: Discount;
  readonly lines: readonly number[];
}

/** One discount coming off. Amounts are minor units. */
export interface DiscountStep {
  readonly discountKey: string;
  /** What its lines came to before. */
  readonly baseMinor: bigint;
  /** What it gives exactly, before it is rounded or cut to what is left. In the major unit. */
  readonly exact: Decimal;
  readonly offMinor: bigint;
  /** What of it came off each line of the invoice, in their order; they sum to `offMinor`. */
  readonly shares: readonly bigint[];
}

export interface DiscountedAmounts {
  readonly amounts: readonly bigint[];
  readonly steps: readonly DiscountStep[];
}

/** How many billing intervals a discount holds for; a line that is paid once has one. */
export function periodsOf({ duration, periods }: Discount): number {
  if (duration === "ONCE") return 1;
  return duration === "FOREVER" ? Number.POSITIVE_INFINITY : (periods ?? 0);
}

const PHASES = {
  PERCENT_FIRST: ["FREE_PERIODS", "FIXED_PRICE", "PERCENT", "AMOUNT"],
  AMOUNT_FIRST: ["FREE_PERIODS", "FIXED_PRICE", "AMOUNT", "PERCENT"],
} as const;

/** The order in which discounts come off: by what they do, as the policy says, then by priority, then by key. Never by how they were given. */
export function inOrderOfApplication<D extends LinedDiscount>(discounts: readonly D[], { application }: DiscountPolicy): D[] {
  const phases: readonly string[] = PHASES[application];
  return [...discounts].sort(({ discount: a }, { discount: b }) => phases.indexOf(a.benefit.kind) - phases.indexOf(b.benefit.kind) || byPriority(a, b));
}

/** Higher priority first, then by key: the total order wherever discounts are compared. */
export function byPriority(a: Discount, b: Discount): number {
  return b.stacking.priority - a.stacking.priority || (a.key < b.key ? -1 : Number(a.key > b.key));
}

/**
 * Takes discounts off the lines of one invoice, one after the other, each from what the one before has left. A percent and an
 * amount come off the sum of their lines and are split over them by largest remainder; a percent is rounded once, half to even.
 * A fixed price replaces the amount of each of its lines, if it is lower; of a line that is paid by units it is the price of one. Nothing falls below zero.
 * @param discounts in the order of `inOrderOfApplication`, only those that still hold in this period.
 * @param units for each line how often a fixed price is due: once for a flat price, else once a unit.
 */
export function applyDiscounts(
  amounts: readonly bigint[],
  discounts: readonly LinedDiscount[],
  currency: CurrencyCode,
  units: readonly Decimal[] = amounts.map(() => ONE_UNIT),
): DiscountedAmounts {
  const left = [...amounts];
  const steps = discounts.map(({ discount, lines }): DiscountStep => {
    const parts = lines.map((line) => left[line] ?? 0n);
    const { exact, offs } = comeOff(
      discount,
      parts,
      currency,
      lines.map((line) => units[line] ?? ONE_UNIT),
    );
    const shares = amounts.map(() => 0n);
    lines.forEach((line, index) => {
      shares[line] = offs[index] ?? 0n;
      left[line] = (left[line] ?? 0n) - (offs[index] ?? 0n);
    });
    return { discountKey: discount.key, baseMinor: sum(parts), exact, offMinor: sum(offs), shares };
  });
  return { amounts: left, steps };
}

function comeOff({ benefit }: Discount, parts: readonly bigint[], currency: CurrencyCode, units: readonly Decimal[]): { exact: Decimal; offs: bigint[] } {
  const base = sum(parts);
  const major = (amountMinor: bigint): Decimal => toMajor({ amountMinor, currency });
  switch (benefit.kind) {
    case "FREE_PERIODS":
      return { exact: major(base), offs: [...parts] };
    case "PERCENT": {
      const exact = percentOf(major(base), benefit.percent);
      return { exact, offs: split(roundToMoney(exact, currency).amountMinor, parts) };
    }
    case "AMOUNT": {
      const amount = inCurrency(benefit.amounts, currency);
      return { exact: major(amount), offs: split(amount < base ? amount : base, parts) };
    }
    case "FIXED_PRICE": {
      const price = major(inCurrency(benefit.amounts, currency));
      const offs = parts.map((part, index) => {
        const fixed = price.times(units[index] ?? ONE_UNIT);
        return fixed.lt(major(part)) ? part - roundToMoney(fixed, currency).amountMinor : 0n;
      });
      return { exact: major(sum(offs)), offs };
    }
  }
}

export const ONE_UNIT = new Decimal(1);

/** A part takes no more than it has: as long as the whole is at most the sum of the weights, so is each part at most its weight. */
function split(off: bigint, parts: readonly bigint[]): bigint[] {
  return off === 0n ? parts.map(() => 0n) : allocate(off, parts);
}

function inCurrency(amounts: readonly { readonly amountMinor: bigint; readonly currency: CurrencyCode }[], currency: CurrencyCode): bigint {
  const amount = amounts.find((offered) => offered.currency === currency);
  if (!amount) throw new RangeError(`the discount is not offered in ${currency}`); // Eligibility asked before.
  return amount.amountMinor;
}

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
