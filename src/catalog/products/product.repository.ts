import type { CatalogKey } from "../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../kernel/page.js";
import type { CatalogSight } from "../releases/release.js";
import type { Product } from "./product.js";

export interface ProductFilter {
  readonly keys?: readonly CatalogKey[] | null;
}

export type ProductOrderField = "KEY" | "NAME";

/** Products of one release, as far as they are within reach. */
export interface ProductRepository {
  findAll(keys: readonly CatalogKey[], sight: CatalogSight): Promise<Product[]>;
  listKeys(filter: ProductFilter, order: ListOrder<ProductOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page>;
  count(filter: ProductFilter, sight: CatalogSight): Promise<number>;
}
