import type { CatalogKey } from "../../kernel/key.js";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../kernel/page.js";
import type { CatalogSight } from "../releases/release.js";
import type { ReleasedRepository } from "../releases/released.repository.js";
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

/** Entitlements of one release, as far as their plans and markets are within reach. */
export interface EntitlementRepository extends ReleasedRepository {
  findAll(keys: readonly string[], sight: CatalogSight): MaybePromise<readonly Entitlement[]>;
  listByPlans(plans: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Entitlement[]>;
  listKeys(filter: EntitlementFilter, order: ListOrder<EntitlementOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Entitlement>>;
  count(filter: EntitlementFilter, sight: CatalogSight): MaybePromise<number>;
}
