import type { Pool } from "pg";
import type { CatalogKey } from "../../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { OrderColumns } from "../../../platform/database/keyset.js";
import type { Reads } from "../../../platform/database/reads.js";
import type { CatalogSight } from "../../releases/release.js";
import { inReach } from "../../releases/storage/in-reach.js";
import { ListConditions } from "../../releases/storage/list-conditions.js";
import { PgList } from "../../releases/storage/pg-list.js";
import { AT_RELEASE, localizedColumns, localizedText } from "../../releases/storage/versioned.js";
import type { Product } from "../product.js";
import type { ProductFilter, ProductOrderField, ProductRepository } from "../product.repository.js";

export interface ProductRow {
  readonly key: string;
  readonly name: string;
  readonly name_translations: Record<string, string> | null;
  readonly description: string;
  readonly description_translations: Record<string, string> | null;
}

export const PRODUCT_COLUMNS = `key, ${localizedColumns("name")}, ${localizedColumns("description")}`;

export const PRODUCT_ORDERS: Readonly<Record<ProductOrderField, OrderColumns>> = { KEY: {}, NAME: { name: "text" } };

export class PgProductRepository implements ProductRepository {
  private readonly list;

  constructor(
    private readonly reads: Reads,
    pool: Pool,
  ) {
    this.list = new PgList(reads, pool, { table: "product", orders: PRODUCT_ORDERS, fromRow });
  }

  async findAll(keys: readonly CatalogKey[], { point, reach }: CatalogSight): Promise<Product[]> {
    const { rows } = await this.reads.query<ProductRow>({
      name: "products-by-key",
      text: `select ${PRODUCT_COLUMNS} from product where key = any($1) and ${AT_RELEASE} and ${inReach("key", "$3")}`,
      values: [keys, point.release, reach.products],
    });
    return rows.map(fromRow);
  }

  listKeys(filter: ProductFilter, order: ListOrder<ProductOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page<Product>> {
    return this.list.page(PRODUCT_COLUMNS, matching(filter, sight), order, page);
  }

  count(filter: ProductFilter, sight: CatalogSight): Promise<number> {
    return this.list.count(matching(filter, sight));
  }
}

function matching({ keys }: ProductFilter, { point, reach }: CatalogSight): ListConditions {
  return new ListConditions(point.release).among("key", reach.products).among("key", keys);
}

export function fromRow(row: ProductRow): Product {
  return {
    key: row.key,
    name: localizedText(row.name, row.name_translations),
    description: localizedText(row.description, row.description_translations),
  };
}
