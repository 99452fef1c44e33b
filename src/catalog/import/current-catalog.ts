import type { CatalogKey } from "../../kernel/key.js";
import type { Entitlement } from "../entitlements/entitlement.js";
import type { Feature } from "../features/feature.js";
import type { Market } from "../markets/market.js";
import type { Plan } from "../plans/plan.js";

/** Of the current release, what an import is checked against: everything but prices and texts. */
export interface CurrentCatalog {
  readonly markets: ReadonlyMap<CatalogKey, Pick<Market, "key" | "countryCode" | "parentKey">>;
  readonly products: ReadonlyMap<CatalogKey, unknown>;
  readonly features: ReadonlyMap<CatalogKey, Pick<Feature, "key" | "kind" | "allowedValues">>;
  readonly plans: ReadonlyMap<CatalogKey, Pick<Plan, "key" | "productKey" | "kind" | "rank">>;
  readonly discounts: ReadonlyMap<CatalogKey, unknown>;
  readonly policies: ReadonlyMap<CatalogKey, unknown>;
  readonly entitlements: readonly Entitlement[];
  readonly addOns: readonly { readonly planKey: CatalogKey; readonly addOnKey: CatalogKey }[];
  readonly discountPlans: readonly { readonly discountKey: CatalogKey; readonly planKey: CatalogKey }[];
  readonly discountMarkets: readonly { readonly discountKey: CatalogKey; readonly marketKey: CatalogKey }[];
  /** `key` is the canonical word. */
  readonly codes: readonly { readonly key: string; readonly discountKey: CatalogKey }[];
}

/** What has a key of its own and can be named, referred to and retired. Prices are apart: they are too many to hold. */
export const CONCEPTS = ["markets", "products", "features", "plans", "discounts", "policies"] as const;
export type Concept = (typeof CONCEPTS)[number];

export const SINGULAR = {
  markets: "market",
  products: "product",
  features: "feature",
  plans: "plan",
  discounts: "discount",
  policies: "policy",
} as const satisfies Record<Concept, string>;
