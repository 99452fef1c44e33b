import type { BillingInterval } from "../../kernel/billing-interval.js";
import type { Decimal } from "../../kernel/decimal.js";
import type { CatalogKey } from "../../kernel/key.js";
import type { LocalizedText } from "../../kernel/localized-text.js";
import type { Money } from "../../kernel/money.js";
import type { Period } from "../../kernel/period.js";

export const DISCOUNT_BENEFITS = ["PERCENT", "AMOUNT", "FIXED_PRICE", "FREE_PERIODS"] as const;
export type DiscountBenefitKind = (typeof DISCOUNT_BENEFITS)[number];

export const DISCOUNT_DURATIONS = ["ONCE", "REPEATING", "FOREVER"] as const;
export type DiscountDuration = (typeof DISCOUNT_DURATIONS)[number];

export const DISCOUNT_ACTIVATIONS = ["AUTOMATIC", "CODE"] as const;
export type DiscountActivation = (typeof DISCOUNT_ACTIVATIONS)[number];

export type DiscountBenefit =
  | { readonly kind: "PERCENT"; readonly percent: Decimal }
  | { readonly kind: "AMOUNT"; readonly amounts: readonly Money[] }
  | { readonly kind: "FIXED_PRICE"; readonly amounts: readonly Money[] }
  | { readonly kind: "FREE_PERIODS" };

/** What must hold for a discount to apply. An empty list asks nothing. */
export interface DiscountConditions {
  readonly planKeys: readonly CatalogKey[];
  readonly marketKeys: readonly CatalogKey[];
  readonly intervals: readonly BillingInterval[];
  readonly segments: readonly CatalogKey[];
  readonly channels: readonly CatalogKey[];
  readonly minimumQuantity: number | null;
  readonly newCustomersOnly: boolean;
}

export interface DiscountLimits {
  readonly total: number | null;
  readonly perCustomer: number | null;
  readonly budget: Money | null;
}

/** A benefit, its conditions, its limits and its stacking policy, over an effective period. */
export interface Discount {
  readonly key: CatalogKey;
  readonly name: LocalizedText;
  readonly description: LocalizedText;
  readonly benefit: DiscountBenefit;
  readonly duration: DiscountDuration;
  /** REPEATING: how many billing intervals; null otherwise. */
  readonly periods: number | null;
  readonly activation: DiscountActivation;
  readonly secretCodes: boolean;
  readonly conditions: DiscountConditions;
  readonly stacking: { readonly group: CatalogKey | null; readonly priority: number; readonly exclusive: boolean };
  readonly limits: DiscountLimits;
  readonly effective: Period;
  readonly internalNote: string | null;
}

/** A code as typed, in its one canonical spelling: case, hyphens and spaces do not distinguish codes. */
export function canonicalCode(word: string): string {
  return word.replace(/[^A-Za-z0-9]/g, "").toUpperCase();
}
