import type { CatalogKey } from "../../kernel/key.js";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../kernel/page.js";
import type { CatalogSight } from "../releases/release.js";
import type { ReleasedRepository } from "../releases/released.repository.js";
import type { Plan, PlanKind } from "./plan.js";

export interface PlanFilter {
  readonly keys?: readonly CatalogKey[] | null;
  readonly products?: readonly CatalogKey[] | null;
  readonly kinds?: readonly PlanKind[] | null;
}

/** RANK is by product, then rank: the order of a pricing table. */
export type PlanOrderField = "RANK" | "KEY" | "NAME";

/** An add-on that can be bought on top of a plan. */
export interface AddOnOffer {
  readonly planKey: CatalogKey;
  readonly addOnKey: CatalogKey;
}

/** Plans of one release, as far as they are within reach. */
export interface PlanRepository extends ReleasedRepository {
  findAll(keys: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Plan[]>;
  /** By rank. */
  listByProducts(products: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Plan[]>;
  /** The keys of the plans of these products, within reach or not. */
  listKeysOfProducts(products: readonly CatalogKey[], release: number): MaybePromise<readonly CatalogKey[]>;
  /** Those of which both sides are within reach, by the key of the other side. */
  listAddOnOffers(side: "planKey" | "addOnKey", keys: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly AddOnOffer[]>;
  listKeys(filter: PlanFilter, order: ListOrder<PlanOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Plan>>;
  count(filter: PlanFilter, sight: CatalogSight): MaybePromise<number>;
}
