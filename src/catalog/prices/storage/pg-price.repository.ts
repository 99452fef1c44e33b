import type { Pool } from "pg";
import type { CatalogKey } from "../../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { OrderColumns } from "../../../platform/database/keyset.js";
import type { Reads } from "../../../platform/database/reads.js";
import type { CatalogSight } from "../../releases/release.js";
import { EMBARGO } from "../../releases/storage/effective.js";
import { inReach } from "../../releases/storage/in-reach.js";
import { ListConditions } from "../../releases/storage/list-conditions.js";
import { PgList } from "../../releases/storage/pg-list.js";
import { AT_RELEASE } from "../../releases/storage/versioned.js";
import type { PriceVersion } from "../price-resolution.js";
import type { Price } from "../price.js";
import type { PriceFilter, PriceOrderField, PriceRepository } from "../price.repository.js";
import { fromRow, PRICE_COLUMNS, type PriceRow } from "./price.mapping.js";

export const PRICE_ORDERS: Readonly<Record<PriceOrderField, OrderColumns>> = {
  KEY: {},
  EFFECTIVE_FROM: { effectiveFrom: "instant" },
  AMOUNT: { amountMinor: "bigint" },
};

export class PgPriceRepository implements PriceRepository {
  private readonly list;

  constructor(
    private readonly reads: Reads,
    pool: Pool,
  ) {
    this.list = new PgList(reads, pool, { table: "price", orders: PRICE_ORDERS, fromRow });
  }

  async findAll(keys: readonly string[], { point, seesUpcoming, reach }: CatalogSight): Promise<Price[]> {
    const { rows } = await this.reads.query<PriceRow>({
      name: "prices-by-key",
      text: `select ${PRICE_COLUMNS} from price
             where key = any($1) and ${AT_RELEASE} and ${EMBARGO} and ${inReach("market_key", "$5")} and ${inReach("plan_key", "$6")}`,
      values: [keys, point.release, seesUpcoming, point.time, reach.markets, reach.plans],
    });
    return rows.map(fromRow);
  }

  async listInForce(plans: readonly CatalogKey[], markets: readonly CatalogKey[], { point, reach }: CatalogSight): Promise<Price[]> {
    const { rows } = await this.reads.query<PriceRow>({
      name: "prices-in-force",
      text: `select ${PRICE_COLUMNS} from price
             where plan_key = any($1) and market_key = any($3) and ${AT_RELEASE}
               and effective_from <= $4 and (effective_until is null or effective_until > $4)
               and ${inReach("market_key", "$5")} and ${inReach("plan_key", "$6")}
             order by key`,
      values: [plans, point.release, markets, point.time, reach.markets, reach.plans],
    });
    return rows.map(fromRow);
  }

  async listVersions(plans: readonly CatalogKey[], markets: readonly CatalogKey[], history: boolean, sight: CatalogSight): Promise<PriceVersion[]> {
    const { point, seesUpcoming, reach } = sight;
    const { rows } = await this.reads.query<PriceRow & { known_from: Date | null; known_until: Date | null }>({
      name: "price-versions",
      // Release 1 speaks for all time before it, and what a release after the point says is not known there.
      text: `select ${PRICE_COLUMNS},
               (select published_at from release where number = since_release and number > 1) as known_from,
               (select published_at from release where number = until_release and number <= $2) as known_until
             from price
             where plan_key = any($1) and market_key = any($5) and ${EMBARGO}
               and since_release <= $2 and ($6 or until_release is null or until_release > $2)
               and ${inReach("market_key", "$7")} and ${inReach("plan_key", "$8")}
             order by key, since_release`,
      values: [plans, point.release, seesUpcoming, point.time, markets, history, reach.markets, reach.plans],
    });
    return rows.map((row) => ({ ...fromRow(row), knownFrom: row.known_from, knownUntil: row.known_until }));
  }

  listKeys(filter: PriceFilter, order: ListOrder<PriceOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page<Price>> {
    return this.list.page(PRICE_COLUMNS, matching(filter, sight), order, page);
  }

  count(filter: PriceFilter, sight: CatalogSight): Promise<number> {
    return this.list.count(matching(filter, sight));
  }
}

function matching(filter: PriceFilter, sight: CatalogSight): ListConditions {
  return new ListConditions(sight.point.release)
    .effectiveAs(filter.periods, sight)
    .among("plan_key", sight.reach.plans)
    .among("market_key", sight.reach.markets)
    .among("key", filter.keys)
    .among("plan_key", filter.plans)
    .among("market_key", filter.markets)
    .among("currency", filter.currencies)
    .among("interval", filter.intervals)
    .among("channel", filter.channels)
    .among("segment", filter.segments)
    .among("model", filter.models);
}
