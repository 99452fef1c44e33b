import type { Decimal } from "../../kernel/decimal.js";
import type { CatalogKey } from "../../kernel/key.js";

/** What one plan gives of one feature, everywhere or in one market. */
export interface Entitlement {
  /** "plan/feature/market", `*` for everywhere. */
  readonly key: string;
  readonly planKey: CatalogKey;
  readonly featureKey: CatalogKey;
  /** Null = everywhere. */
  readonly marketKey: CatalogKey | null;
  readonly value: EntitlementValue;
  /** Whether subscriptions that began before this version was released get it too. */
  readonly existingFollow: boolean;
}

export type EntitlementValue =
  | { readonly kind: "SWITCH"; readonly enabled: boolean }
  | { readonly kind: "SETTING"; readonly setting: string }
  /** `amount` null = unlimited. */
  | { readonly kind: "CAP"; readonly amount: Decimal | null };

/** A value as it is kept: a column for each kind. */
export interface KeptValue {
  readonly kind: EntitlementValue["kind"];
  readonly enabled: boolean | null;
  readonly setting: string | null;
  /** Of a CAP null = unlimited. */
  readonly amount: Decimal | null;
}

/** The value of its kind. That this one is there is held by the database: entitlement_switch_says_on_or_off, entitlement_setting_says_value. */
export function entitlementValueOf({ kind, enabled, setting, amount }: KeptValue): EntitlementValue {
  switch (kind) {
    case "SWITCH":
      return { kind, enabled: enabled === true };
    case "SETTING":
      return { kind, setting: setting ?? "" };
    case "CAP":
      return { kind, amount };
  }
}

/**
 * Of the entitlements of one plan, the one that holds for each feature in a market: the most specific market on `path`
 * (see `marketPath`) wins, then "everywhere". With an empty path only what holds everywhere.
 */
export function entitlementsInMarket(entitlements: readonly Entitlement[], path: readonly CatalogKey[]): Entitlement[] {
  const best = new Map<CatalogKey, Entitlement>();
  for (const entitlement of entitlements) {
    const distance = distanceOf(entitlement, path);
    if (distance === -1) continue;
    const held = best.get(entitlement.featureKey);
    if (!held || distance < distanceOf(held, path)) best.set(entitlement.featureKey, entitlement);
  }
  return [...best.values()];
}

/** "Everywhere" is farther than every market of the path; -1 = it is said for a market elsewhere. */
function distanceOf({ marketKey }: Entitlement, path: readonly CatalogKey[]): number {
  return marketKey === null ? path.length : path.indexOf(marketKey);
}

export function entitlementValuesEqual(a: EntitlementValue, b: EntitlementValue): boolean {
  if (a.kind === "SWITCH") return b.kind === "SWITCH" && a.enabled === b.enabled;
  if (a.kind === "SETTING") return b.kind === "SETTING" && a.setting === b.setting;
  if (b.kind !== "CAP") return false;
  return a.amount === null || b.amount === null ? a.amount === b.amount : a.amount.eq(b.amount);
}
