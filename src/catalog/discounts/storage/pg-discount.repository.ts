import type { Pool } from "pg";
import type { CatalogKey } from "../../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { OrderColumns } from "../../../platform/database/keyset.js";
import type { Reads } from "../../../platform/database/reads.js";
import type { CatalogSight } from "../../releases/release.js";
import { EMBARGO } from "../../releases/storage/effective.js";
import { ListConditions } from "../../releases/storage/list-conditions.js";
import { PgList } from "../../releases/storage/pg-list.js";
import { AT_RELEASE } from "../../releases/storage/versioned.js";
import { DEFAULT_DISCOUNT_POLICY, DISCOUNT_POLICY_KEY, type DiscountPolicy } from "../discount-policy.js";
import type { Discount } from "../discount.js";
import type { DiscountFilter, DiscountOrderField, DiscountRepository } from "../discount.repository.js";
import { discountColumns, discountInReach, fromRow, type DiscountRow } from "./discount.mapping.js";

export const DISCOUNT_ORDERS: Readonly<Record<DiscountOrderField, OrderColumns>> = {
  KEY: {},
  NAME: { name: "text" },
  PRIORITY: { priority: "int" },
  EFFECTIVE_FROM: { effectiveFrom: "instant" },
};

export class PgDiscountRepository implements DiscountRepository {
  private readonly list;

  constructor(
    private readonly reads: Reads,
    pool: Pool,
  ) {
    this.list = new PgList(reads, pool, { table: "discount", orders: DISCOUNT_ORDERS, fromRow });
  }

  async findAll(keys: readonly CatalogKey[], { point, seesUpcoming, reach }: CatalogSight): Promise<Discount[]> {
    const { rows } = await this.reads.query<DiscountRow>({
      name: "discounts-by-key",
      text: `select ${discountColumns("$5", "$6")} from discount where key = any($1) and ${AT_RELEASE} and ${EMBARGO} and ${discountInReach("$5", "$6")}`,
      values: [keys, point.release, seesUpcoming, point.time, reach.markets, reach.plans],
    });
    return rows.map(fromRow);
  }

  async listCodes(discounts: readonly CatalogKey[], release: number): Promise<{ discountKey: CatalogKey; word: string }[]> {
    const { rows } = await this.reads.query<{ discount_key: string; word: string }>({
      name: "codes-by-discount",
      text: `select discount_key, word from code where discount_key = any($1) and ${AT_RELEASE} order by key`,
      values: [discounts, release],
    });
    return rows.map((row) => ({ discountKey: row.discount_key, word: row.word }));
  }

  async findPolicy(release: number): Promise<DiscountPolicy> {
    const { rows } = await this.reads.query<DiscountPolicy>({
      name: "discount-policy",
      text: `select choice, application from policy where key = $1 and ${AT_RELEASE}`,
      values: [DISCOUNT_POLICY_KEY, release],
    });
    return rows[0] ?? DEFAULT_DISCOUNT_POLICY;
  }

  async listAutomatic(plans: readonly CatalogKey[], { point, reach }: CatalogSight): Promise<Discount[]> {
    const { rows } = await this.reads.query<DiscountRow>({
      name: "discounts-automatic",
      text: `select ${discountColumns("$4", "$5")} from discount
             where activation = 'AUTOMATIC' and since_release <= $2 and coalesce(until_release, 9223372036854775807) > $2 -- As the index has it.
               and effective_from <= $3 and (effective_until is null or effective_until > $3)
               and ${discountInReach("$4", "$5")}
               and coalesce((select bool_or(plan_key = any($1)) from discount_plan where discount_key = discount.key and ${AT_RELEASE}), true)
             order by key`,
      values: [plans, point.release, point.time, reach.markets, reach.plans],
    });
    return rows.map(fromRow);
  }

  async findCodes(canonical: readonly string[], release: number): Promise<{ canonical: string; discountKey: CatalogKey }[]> {
    const { rows } = await this.reads.query<{ key: string; discount_key: string }>({
      name: "codes-by-key",
      text: `select key, discount_key from code where key = any($1) and ${AT_RELEASE}`,
      values: [canonical, release],
    });
    return rows.map((row) => ({ canonical: row.key, discountKey: row.discount_key }));
  }

  async listKeys(filter: DiscountFilter, order: ListOrder<DiscountOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page<Discount>> {
    const where = await this.matching(filter, sight);
    // Its statements say so: the release is the first parameter, where others have it second.
    return this.list.page(discountColumns(where.parameter(sight.reach.markets), where.parameter(sight.reach.plans), "$1"), where, order, page);
  }

  async count(filter: DiscountFilter, sight: CatalogSight): Promise<number> {
    return this.list.count(await this.matching(filter, sight));
  }

  private async matching(filter: DiscountFilter, sight: CatalogSight): Promise<ListConditions> {
    const { point, reach } = sight;
    const where = new ListConditions(point.release)
      .effectiveAs(filter.periods, sight)
      .among("key", filter.keys)
      .among("benefit", filter.benefits)
      .among("activation", filter.activations);
    return this.openTo(where, both(filter.markets, reach.markets), both(filter.plans, reach.plans));
  }

  /** All but the discounts that name markets or plans, and none of these. Null = any. */
  private async openTo(where: ListConditions, markets: Wanted, plans: Wanted): Promise<ListConditions> {
    if (markets === "NONE" || plans === "NONE") return where.narrow("false");
    if (markets === null && plans === null) return where;
    const { rows } = await this.reads.query<{ discount_key: string }>({
      name: "discounts-closed-to",
      text: `select discount_key from discount_market where $1::text[] is not null and ${AT_RELEASE} group by discount_key having not bool_or(market_key = any($1))
             union
             select discount_key from discount_plan where $3::text[] is not null and ${AT_RELEASE} group by discount_key having not bool_or(plan_key = any($3))`,
      values: [markets, where.release, plans],
    });
    return where.narrow(`key <> all(${where.parameter(rows.map((row) => row.discount_key))})`);
  }
}

/** Keys of which a discount is to be open to one; null asks for none in particular. */
export type Wanted = readonly CatalogKey[] | "NONE" | null;

/** What is asked for and within reach. Of what is asked for but not within reach there is nothing: like an unknown key, it names no condition. */
export function both(asked: readonly CatalogKey[] | null | undefined, reach: readonly CatalogKey[] | null): Wanted {
  if (asked?.length === 0 || reach?.length === 0) return "NONE";
  if (asked == null || reach === null) return asked ?? reach;
  return asked.filter((key) => reach.includes(key));
}
