import type { CurrencyCode } from "../../kernel/currency.js";
import { entitlementValuesEqual, type Entitlement } from "../entitlements/entitlement.js";

/** One row of a pricing table: what each plan, in the order of the columns, gives of a feature; null = nothing is said. */
export interface ComparisonRow<E extends Entitlement> {
  readonly featureKey: string;
  readonly entitlements: readonly (E | null)[];
  /** Whether every plan gives the same. */
  readonly sameForAll: boolean;
}

/**
 * Lays the entitlements of several plans out as rows of a table, one for each feature that any of them gives.
 * The rows are in no order of use: whoever knows the features puts them in theirs.
 * @param columns for each plan its entitlements.
 */
export function comparisonRows<E extends Entitlement>(columns: readonly (readonly E[])[]): ComparisonRow<E>[] {
  const byFeature = columns.map((entitlements) => new Map(entitlements.map((entitlement) => [entitlement.featureKey, entitlement])));
  const features = new Set(columns.flatMap((entitlements) => entitlements.map(({ featureKey }) => featureKey)));
  return [...features].map((featureKey) => {
    const entitlements = byFeature.map((column) => column.get(featureKey) ?? null);
    const [first] = entitlements;
    const sameForAll = entitlements.every((entitlement) =>
      first && entitlement ? entitlementValuesEqual(first.value, entitlement.value) : first === entitlement,
    );
    return { featureKey, entitlements, sameForAll };
  });
}

/** The prices that a table shows of a plan: those in `currency` or, if it has none in it, all. */
export function shownPrices<P extends { readonly currency: CurrencyCode }>(prices: readonly P[], currency: CurrencyCode): readonly P[] {
  const wanted = prices.filter((price) => price.currency === currency);
  return wanted.length > 0 ? wanted : prices;
}
