import type { CatalogKey } from "../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../kernel/page.js";
import type { CatalogSight } from "../releases/release.js";
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
export interface MarketRepository {
  findAll(keys: readonly CatalogKey[], sight: CatalogSight): Promise<Market[]>;
  /** Every market, within reach or not, with what is looked up along paths: a catalog has hundreds at most, and paths need them all. */
  listTree(release: number): Promise<MarketInTree[]>;
  listByParents(parents: readonly CatalogKey[], sight: CatalogSight): Promise<Market[]>;
  listKeys(filter: MarketFilter, order: ListOrder<MarketOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page>;
  count(filter: MarketFilter, sight: CatalogSight): Promise<number>;
}
