import { allocate } from "../../kernel/allocation.js";
import type { CurrencyCode } from "../../kernel/currency.js";
import { Decimal, percentOf } from "../../kernel/decimal.js";
import { divideHalfEven, fractionOf } from "../../kernel/fraction.js";
import { toMajor } from "../../kernel/money.js";
import type { Discount, DiscountBenefit } from "./discount.js";
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
  readonly offMinor: bigint;
  /** What of it came off each line of the invoice, in their order; they sum to `offMinor`. */
  readonly shares: readonly bigint[];
}

export interface ExactDiscountStep extends DiscountStep {
  /** What it gives exactly, before it is rounded or cut to what is left. In the major unit. */
  readonly exact: Decimal;
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
  return discounts.length < 2
    ? [...discounts]
    : [...discounts].sort(({ discount: a }, { discount: b }) => phases.indexOf(a.benefit.kind) - phases.indexOf(b.benefit.kind) || byPriority(a, b));
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
  units?: readonly Decimal[],
): DiscountedAmounts {
  const left = [...amounts];
  const steps = discounts.map((one): DiscountStep => {
    const { discount, lines } = one;
    const baseMinor = sumOver(lines, left);
    const offs = takeOff(one, left, currency, units);
    const shares = amounts.map(() => 0n);
    for (const [index, line] of lines.entries()) shares[line] = offs[index] ?? 0n;
    return { discountKey: discount.key, baseMinor, offMinor: sum(offs), shares };
  });
  return { amounts: left, steps };
}

/** Steps with what each gives exactly, which takes sixty digits. `discounts` has each of them. */
export function exactSteps(steps: readonly DiscountStep[], discounts: readonly LinedDiscount[], currency: CurrencyCode): ExactDiscountStep[] {
  return steps.flatMap((step): ExactDiscountStep[] => {
    const one = discounts.find(({ discount }) => discount.key === step.discountKey);
    return one ? [{ ...step, exact: exactly(one.discount, step.baseMinor, step.offMinor, currency) }] : [];
  });
}

/** Takes one discount off what is left of all lines, and says what came off each of its own. */
export function takeOff({ discount, lines }: LinedDiscount, left: bigint[], currency: CurrencyCode, units?: readonly Decimal[]): readonly bigint[] {
  const parts = partsOf(lines, left);
  const offs = offsOf(discount, lines, parts, currency, units);
  for (const [index, line] of lines.entries()) left[line] = (left[line] ?? 0n) - (offs[index] ?? 0n);
  return offs;
}

/** What `takeOff` would take off in all, where nobody asks which line bears what of it. */
export function offOf({ discount, lines }: LinedDiscount, left: readonly bigint[], currency: CurrencyCode, units?: readonly Decimal[]): bigint {
  const { benefit } = discount;
  if (benefit.kind === "FIXED_PRICE") return sum(offsOf(discount, lines, partsOf(lines, left), currency, units));
  const base = sumOver(lines, left);
  return benefit.kind === "FREE_PERIODS" ? base : offSum(benefit, base, currency);
}

function partsOf(lines: readonly number[], amounts: readonly bigint[]): bigint[] {
  const parts: bigint[] = [];
  for (const line of lines) parts.push(amounts[line] ?? 0n);
  return parts;
}

function offsOf(
  { benefit }: Discount,
  lines: readonly number[],
  parts: readonly bigint[],
  currency: CurrencyCode,
  units?: readonly Decimal[],
): readonly bigint[] {
  switch (benefit.kind) {
    case "FREE_PERIODS":
      return parts;
    case "PERCENT":
    case "AMOUNT":
      return split(offSum(benefit, sum(parts), currency), parts);
    case "FIXED_PRICE": {
      const price = inCurrency(benefit.amounts, currency);
      return parts.map((part, index) => {
        const { numerator, denominator } = fractionOf(units?.[lines[index] ?? 0] ?? ONE_UNIT);
        return price * numerator < part * denominator ? part - divideHalfEven(price * numerator, denominator) : 0n;
      });
    }
  }
}

/** What comes off a sum. */
function offSum(benefit: Extract<DiscountBenefit, { kind: "PERCENT" | "AMOUNT" }>, base: bigint, currency: CurrencyCode): bigint {
  if (benefit.kind === "PERCENT") {
    const { numerator, denominator } = fractionOf(benefit.percent);
    return divideHalfEven(base * numerator, 100n * denominator);
  }
  const amount = inCurrency(benefit.amounts, currency);
  return amount < base ? amount : base;
}

/** See `ExactDiscountStep`. */
function exactly({ benefit }: Discount, baseMinor: bigint, offMinor: bigint, currency: CurrencyCode): Decimal {
  switch (benefit.kind) {
    case "FREE_PERIODS":
      return toMajor({ amountMinor: baseMinor, currency });
    case "PERCENT":
      return percentOf(toMajor({ amountMinor: baseMinor, currency }), benefit.percent);
    case "AMOUNT":
      return toMajor({ amountMinor: inCurrency(benefit.amounts, currency), currency });
    case "FIXED_PRICE":
      return toMajor({ amountMinor: offMinor, currency });
  }
}

export const ONE_UNIT = new Decimal(1);

/** A part takes no more than it has: as long as the whole is at most the sum of the weights, so is each part at most its weight. */
function split(off: bigint, parts: readonly bigint[]): bigint[] {
  return off === 0n ? parts.map(() => 0n) : allocate(off, parts);
}

function inCurrency(amounts: readonly { readonly amountMinor: bigint; readonly currency: CurrencyCode }[], currency: CurrencyCode): bigint {
  for (const offered of amounts) if (offered.currency === currency) return offered.amountMinor;
  throw new RangeError(`the discount is not offered in ${currency}`); // Eligibility asked before.
}

export function sum(amounts: readonly bigint[]): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}

function sumOver(lines: readonly number[], amounts: readonly bigint[]): bigint {
  let total = 0n;
  for (const line of lines) total += amounts[line] ?? 0n;
  return total;
}
