import type { CatalogKey } from "../../kernel/key.js";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../kernel/page.js";
import type { CatalogSight } from "../releases/release.js";
import type { ReleasedRepository } from "../releases/released.repository.js";
import type { Product } from "./product.js";

export interface ProductFilter {
  readonly keys?: readonly CatalogKey[] | null;
}

export type ProductOrderField = "KEY" | "NAME";

/** Products of one release, as far as they are within reach. */
export interface ProductRepository extends ReleasedRepository {
  findAll(keys: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Product[]>;
  listKeys(filter: ProductFilter, order: ListOrder<ProductOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Product>>;
  count(filter: ProductFilter, sight: CatalogSight): MaybePromise<number>;
}
