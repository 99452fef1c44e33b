import type { Pool } from "pg";
import type { CatalogKey } from "../../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { OrderColumns } from "../../../platform/database/keyset.js";
import type { Reads } from "../../../platform/database/reads.js";
import type { CatalogSight } from "../../releases/release.js";
import { inReach } from "../../releases/storage/in-reach.js";
import { ListConditions } from "../../releases/storage/list-conditions.js";
import { PgList } from "../../releases/storage/pg-list.js";
import { sharedDecimalOrNull } from "../../releases/storage/shared-decimal.js";
import { ALL_AT_RELEASE, AT_RELEASE, localizedColumns, localizedText } from "../../releases/storage/versioned.js";
import type { Market, MarketInTree, MarketKind } from "../market.js";
import type { MarketFilter, MarketOrderField, MarketRepository } from "../market.repository.js";

interface TreeRow {
  readonly key: string;
  readonly parent_key: string | null;
  readonly currency: string;
  readonly time_zone: string;
  readonly tax_rate: string | null;
}

export interface MarketRow extends TreeRow {
  readonly kind: MarketKind;
  readonly country_code: string | null;
  readonly name: string;
  readonly name_translations: Record<string, string> | null;
}

const TREE_COLUMNS = "key, parent_key, currency, time_zone, tax_rate";
export const MARKET_COLUMNS = `${TREE_COLUMNS}, kind, country_code, ${localizedColumns("name")}`;

export const MARKET_ORDERS: Readonly<Record<MarketOrderField, OrderColumns>> = { KEY: {}, NAME: { name: "text" } };

export class PgMarketRepository implements MarketRepository {
  private readonly list;

  constructor(
    private readonly reads: Reads,
    pool: Pool,
  ) {
    this.list = new PgList(reads, pool, { table: "market", orders: MARKET_ORDERS, fromRow });
  }

  async findAll(keys: readonly CatalogKey[], { point, reach }: CatalogSight): Promise<Market[]> {
    const { rows } = await this.reads.query<MarketRow>({
      name: "markets-by-key",
      text: `select ${MARKET_COLUMNS} from market where key = any($1) and ${AT_RELEASE} and ${inReach("key", "$3")}`,
      values: [keys, point.release, reach.markets],
    });
    return rows.map(fromRow);
  }

  async listByParents(parents: readonly CatalogKey[], { point, reach }: CatalogSight): Promise<Market[]> {
    const { rows } = await this.reads.query<MarketRow>({
      name: "markets-by-parent",
      text: `select ${MARKET_COLUMNS} from market where parent_key = any($1) and ${AT_RELEASE} and ${inReach("key", "$3")} order by key`,
      values: [parents, point.release, reach.markets],
    });
    return rows.map(fromRow);
  }

  async listTree(release: number): Promise<MarketInTree[]> {
    const { rows } = await this.reads.query<TreeRow>({
      name: "market-tree",
      text: `select ${TREE_COLUMNS} from market where ${ALL_AT_RELEASE}`,
      values: [release],
    });
    return rows.map(fromTreeRow);
  }

  listKeys(filter: MarketFilter, order: ListOrder<MarketOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page<Market>> {
    return this.list.page(MARKET_COLUMNS, matching(filter, sight), order, page);
  }

  count(filter: MarketFilter, sight: CatalogSight): Promise<number> {
    return this.list.count(matching(filter, sight));
  }
}

function matching({ keys, kinds, parents, currencies, countryCodes }: MarketFilter, { point, reach }: CatalogSight): ListConditions {
  return new ListConditions(point.release)
    .among("key", reach.markets)
    .among("key", keys)
    .among("kind", kinds)
    .among("parent_key", parents)
    .among("currency", currencies)
    .among("country_code", countryCodes);
}

function fromTreeRow(row: TreeRow): MarketInTree {
  return {
    key: row.key,
    parentKey: row.parent_key,
    currency: row.currency,
    timeZone: row.time_zone,
    taxRate: sharedDecimalOrNull(row.tax_rate),
  };
}

export function fromRow(row: MarketRow): Market {
  return {
    key: row.key,
    kind: row.kind,
    countryCode: row.country_code,
    parentKey: row.parent_key,
    currency: row.currency,
    timeZone: row.time_zone,
    taxRate: sharedDecimalOrNull(row.tax_rate),
    name: localizedText(row.name, row.name_translations),
  };
}
