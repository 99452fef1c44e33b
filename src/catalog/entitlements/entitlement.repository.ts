import type { CatalogKey } from "../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../kernel/page.js";
import type { CatalogSight } from "../releases/release.js";
import type { Entitlement } from "./entitlement.js";

export interface EntitlementFilter {
  readonly plans?: readonly CatalogKey[] | null;
  readonly features?: readonly CatalogKey[] | null;
  /** Said for exactly these markets. */
  readonly markets?: readonly CatalogKey[] | null;
  /** True: only what holds everywhere; false: only what is said for a market. */
  readonly everywhere?: boolean | null;
}

export type EntitlementOrderField = "KEY" | "FEATURE";

/** Entitlements of one release. */
export interface EntitlementRepository {
  findAll(keys: readonly string[], release: number): Promise<Entitlement[]>;
  listByPlans(plans: readonly CatalogKey[], release: number): Promise<Entitlement[]>;
  listKeys(filter: EntitlementFilter, order: ListOrder<EntitlementOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page>;
  count(filter: EntitlementFilter, sight: CatalogSight): Promise<number>;
}
