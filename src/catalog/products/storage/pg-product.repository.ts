import type { CatalogKey } from "../../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { PrismaClient } from "../../../platform/database/generated/client.js";
import { keyedOrder, readKeysetPage, type OrderColumns } from "../../../platform/database/keyset.js";
import type { Reads } from "../../../platform/database/reads.js";
import type { CatalogSight } from "../../releases/release.js";
import { inReach } from "../../releases/storage/in-reach.js";
import { AT_RELEASE, atRelease, isOneOf, localizedText } from "../../releases/storage/versioned.js";
import type { Product } from "../product.js";
import type { ProductFilter, ProductOrderField, ProductRepository } from "../product.repository.js";

export interface ProductRow {
  readonly key: string;
  readonly name: string;
  readonly name_translations: Record<string, string>;
  readonly description: string;
  readonly description_translations: Record<string, string>;
}

export const PRODUCT_COLUMNS = "key, name, name_translations, description, description_translations";

export const PRODUCT_ORDERS: Readonly<Record<ProductOrderField, OrderColumns>> = { KEY: {}, NAME: { name: "text" } };

export class PgProductRepository implements ProductRepository {
  constructor(
    private readonly reads: Reads,
    private readonly prisma: PrismaClient,
  ) {}

  async findAll(keys: readonly CatalogKey[], { point, reach }: CatalogSight): Promise<Product[]> {
    const { rows } = await this.reads.query<ProductRow>({
      name: "products-by-key",
      text: `select ${PRODUCT_COLUMNS} from product where key = any($1) and ${AT_RELEASE} and ${inReach("key", "$3")}`,
      values: [keys, point.release, reach.products],
    });
    return rows.map(fromRow);
  }

  listKeys(filter: ProductFilter, order: ListOrder<ProductOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page> {
    return readKeysetPage(keyedOrder(PRODUCT_ORDERS[order.field], order.direction), page, async ({ where, orderBy, take }) =>
      this.prisma.product.findMany({ where: { AND: [matching(filter, sight), where] }, orderBy, take, select: { key: true, name: true } }),
    );
  }

  async count(filter: ProductFilter, sight: CatalogSight): Promise<number> {
    return this.prisma.product.count({ where: matching(filter, sight) });
  }
}

function matching({ keys }: ProductFilter, { point, reach }: CatalogSight): object {
  return { AND: [atRelease(point.release), isOneOf("key", reach.products), isOneOf("key", keys)] };
}

export function fromRow(row: ProductRow): Product {
  return {
    key: row.key,
    name: localizedText(row.name, row.name_translations),
    description: localizedText(row.description, row.description_translations),
  };
}
