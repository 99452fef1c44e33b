import type { CatalogKey } from "../../kernel/key.js";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../kernel/page.js";
import type { CatalogSight } from "../releases/release.js";
import type { ReleasedRepository } from "../releases/released.repository.js";
import type { Market, MarketInTree, MarketKind } from "./market.js";

export interface MarketFilter {
  readonly keys?: readonly CatalogKey[] | null;
  readonly kinds?: readonly MarketKind[] | null;
  readonly parents?: readonly CatalogKey[] | null;
  readonly currencies?: readonly string[] | null;
  readonly countryCodes?: readonly string[] | null;
}

export type MarketOrderField = "KEY" | "NAME";

/** Markets of one release, as far as they are within reach. */
export interface MarketRepository extends ReleasedRepository {
  findAll(keys: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Market[]>;
  /** Every market, within reach or not, with what is looked up along paths: a catalog has hundreds at most, and paths need them all. */
  listTree(release: number): MaybePromise<readonly MarketInTree[]>;
  listByParents(parents: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Market[]>;
  listKeys(filter: MarketFilter, order: ListOrder<MarketOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Market>>;
  count(filter: MarketFilter, sight: CatalogSight): MaybePromise<number>;
}
