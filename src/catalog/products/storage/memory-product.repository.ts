import type { CatalogKey } from "../../../kernel/key.js";
import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { CatalogSight } from "../../releases/release.js";
import { isAmong, type Conditions } from "../../releases/storage/memory/conditions.js";
import { countMatching, listKeys } from "../../releases/storage/memory/listing.js";
import { MemoryTable } from "../../releases/storage/memory/memory-table.js";
import type { Product } from "../product.js";
import type { ProductFilter, ProductOrderField, ProductRepository } from "../product.repository.js";
import { fromRow, PRODUCT_COLUMNS, PRODUCT_ORDERS } from "./pg-product.repository.js";

export const productTable = (): MemoryTable<Product, never, ProductOrderField> =>
  new MemoryTable({
    table: "product",
    columns: PRODUCT_COLUMNS,
    fromRow,
    bytesPerRow: 1_500,
    indexes: {},
    orders: PRODUCT_ORDERS,
    sortedBy: { name: ({ name }) => name.text },
  });

export class MemoryProductRepository implements ProductRepository {
  constructor(
    private readonly products: ReturnType<typeof productTable>,
    private readonly database: ProductRepository,
  ) {}

  isAtHand(release: number): boolean {
    return this.products.isAtHand(release);
  }

  findAll(keys: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Product[]> {
    const { point, reach } = sight;
    if (!this.isAtHand(point.release)) return this.database.findAll(keys, sight);
    return this.products.findAll(keys, point.release).filter(({ key }) => isAmong(reach.products, key));
  }

  listKeys(filter: ProductFilter, order: ListOrder<ProductOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Product>> {
    const { release } = sight.point;
    if (!this.isAtHand(release)) return this.database.listKeys(filter, order, page, sight);
    return listKeys(this.products, matching(filter, sight), order, page, release);
  }

  count(filter: ProductFilter, sight: CatalogSight): MaybePromise<number> {
    const { release } = sight.point;
    return this.isAtHand(release) ? countMatching(this.products, matching(filter, sight), release) : this.database.count(filter, sight);
  }
}

function matching({ keys }: ProductFilter, { reach }: CatalogSight): Conditions<Product, never> {
  return {
    among: [
      ["key", reach.products],
      ["key", keys],
    ],
    where: null,
  };
}
