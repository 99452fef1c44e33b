import { Decimal } from "../../kernel/decimal.js";
import { MAX_AMOUNT_MINOR, toMajor } from "../../kernel/money.js";
import type { Price, Tier } from "./price.js";

/** What of a price says how an interval is charged. */
export type Charge = Pick<Price, "currency" | "model" | "amountMinor" | "unitRate" | "packageSize" | "freeUnits" | "minimumMinor" | "maximumMinor" | "tiers">;

/** One step of the working: what was reckoned, and what it came to. Amounts are exact, in the major unit. */
export type AmountStep =
  | { readonly step: "FIXED"; readonly amount: Decimal }
  | { readonly step: "FREE_UNITS"; readonly units: Decimal; readonly amount: Decimal }
  | { readonly step: "UNITS"; readonly units: Decimal; readonly rate: Decimal; readonly amount: Decimal }
  | { readonly step: "PACKAGES"; readonly packages: Decimal; readonly rate: Decimal; readonly amount: Decimal }
  | { readonly step: "TIER_UNITS"; readonly tier: number; readonly units: Decimal; readonly rate: Decimal; readonly amount: Decimal }
  | { readonly step: "TIER_FLAT_FEE"; readonly tier: number; readonly amount: Decimal }
  /** `amount` is what was added (minimum) or taken off (maximum, negative). */
  | { readonly step: "MINIMUM" | "MAXIMUM"; readonly bound: Decimal; readonly amount: Decimal };

export interface PriceAmount {
  /** Exact, in the major unit, never negative; the quote line rounds it, once. */
  readonly exact: Decimal;
  /** Their amounts sum to `exact`. */
  readonly steps: readonly AmountStep[];
}

/**
 * What one interval costs for `quantity` units, with its working. Free units come off first, then the model prices the rest,
 * the fixed part is added, and last the bounds hold: a minimum is due for an interval without any use too.
 * Throws a RangeError for a negative quantity; whoever asked is told before.
 */
export function amountOf(charge: Charge, quantity: Decimal): PriceAmount {
  if (quantity.isNegative() && !quantity.isZero()) throw new RangeError("a quantity is not negative");
  const free = charge.freeUnits.isZero() ? NOTHING : Decimal.min(quantity, charge.freeUnits);
  const steps: AmountStep[] = [];
  if (charge.amountMinor !== 0n || charge.model === "FLAT") steps.push({ step: "FIXED", amount: money(charge, charge.amountMinor) });
  if (free.gt(0)) steps.push({ step: "FREE_UNITS", units: free, amount: NOTHING });
  if (charge.model !== "FLAT") steps.push(...pricedUnits(charge, quantity.minus(free)));
  return bounded(charge, steps);
}

/** What an interval costs in minor units, however many units, where that is one amount and needs no rounding; null = it has to be reckoned. */
export function fixedMinor({ model, amountMinor, minimumMinor, maximumMinor }: Charge): bigint | null {
  if (model !== "FLAT" || minimumMinor !== null || maximumMinor !== null) return null;
  return amountMinor >= 0n && amountMinor <= MAX_AMOUNT_MINOR ? amountMinor : null;
}

const NOTHING = new Decimal(0);

function pricedUnits(charge: Charge, units: Decimal): AmountStep[] {
  switch (charge.model) {
    case "FLAT":
      return [];
    case "PER_UNIT": {
      const rate = charge.unitRate ?? new Decimal(0);
      return [{ step: "UNITS", units, rate, amount: units.times(rate) }];
    }
    case "PACKAGE": {
      const rate = charge.unitRate ?? new Decimal(0);
      const packages = units.div(charge.packageSize ?? 1).ceil(); // A begun package is due in full.
      return [{ step: "PACKAGES", packages, rate, amount: packages.times(rate) }];
    }
    case "GRADUATED":
      return graduated(charge, charge.tiers ?? [], units);
    case "VOLUME":
      return volume(charge, charge.tiers ?? [], units);
  }
}

/** Each unit at the rate of the tier that it falls into, and the flat fee of every tier reached. A tier is reached by a unit in it: no unit, no fee. */
function graduated(charge: Charge, tiers: readonly Tier[], units: Decimal): AmountStep[] {
  const steps: AmountStep[] = [];
  let priced = new Decimal(0);
  for (const [index, tier] of tiers.entries()) {
    if (priced.gte(units)) break;
    const inTier = Decimal.min(units, tier.upTo ?? units).minus(priced);
    steps.push(...tierSteps(charge, tier, index, inTier));
    priced = priced.plus(inTier);
  }
  return steps;
}

/** All units at the rate of the tier that the quantity falls into, and that tier's flat fee. 100.5 units are beyond a tier up to 100. */
function volume(charge: Charge, tiers: readonly Tier[], units: Decimal): AmountStep[] {
  if (units.isZero()) return [];
  const index = tiers.findIndex(({ upTo }) => upTo === null || units.lte(upTo));
  const tier = tiers[index];
  return tier ? tierSteps(charge, tier, index, units) : [];
}

function tierSteps(charge: Charge, { unitRate, flatFeeMinor }: Tier, index: number, units: Decimal): AmountStep[] {
  const tier = index + 1;
  const fee: AmountStep[] = flatFeeMinor === 0n ? [] : [{ step: "TIER_FLAT_FEE", tier, amount: money(charge, flatFeeMinor) }];
  return [{ step: "TIER_UNITS", tier, units, rate: unitRate, amount: units.times(unitRate) }, ...fee];
}

function bounded(charge: Charge, steps: readonly AmountStep[]): PriceAmount {
  let sum = NOTHING;
  for (const { amount } of steps) sum = sum.plus(amount);
  const minimum = charge.minimumMinor === null ? null : money(charge, charge.minimumMinor);
  const maximum = charge.maximumMinor === null ? null : money(charge, charge.maximumMinor);
  if (minimum && sum.lt(minimum)) return { exact: minimum, steps: [...steps, { step: "MINIMUM", bound: minimum, amount: minimum.minus(sum) }] };
  if (maximum && sum.gt(maximum)) return { exact: maximum, steps: [...steps, { step: "MAXIMUM", bound: maximum, amount: maximum.minus(sum) }] };
  return { exact: sum, steps };
}

function money({ currency }: Charge, amountMinor: bigint): Decimal {
  return toMajor({ amountMinor, currency });
}
