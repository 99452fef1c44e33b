import type { CatalogKey } from "../../../kernel/key.js";
import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListLoader } from "../../releases/graphql/catalog-list.js";
import { batchByKey, type AtView, type CatalogView } from "../../releases/graphql/catalog-view.js";
import type { Product } from "../product.js";
import type { ProductRepository } from "../product.repository.js";

export class ProductLoader implements ListLoader<Product> {
  private readonly keyed;

  constructor(products: ProductRepository) {
    this.keyed = batchByKey<Product>("Product", products, (keys, view) => products.findAll(keys, view));
  }

  byKey(view: CatalogView, key: CatalogKey): MaybePromise<AtView<Product> | null> {
    return view.load(this.keyed, key);
  }

  /** See `CatalogView.take`. */
  take(view: CatalogView, found: readonly Product[]): void {
    view.take(this.keyed, found);
  }
}
