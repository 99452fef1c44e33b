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
import type { Plan, PlanKind } from "../plan.js";
import type { AddOnOffer, PlanFilter, PlanOrderField, PlanRepository } from "../plan.repository.js";

export interface PlanRow {
  readonly key: string;
  readonly product_key: string;
  readonly kind: PlanKind;
  readonly rank: number;
  readonly name: string;
  readonly name_translations: Record<string, string> | null;
  readonly description: string;
  readonly description_translations: Record<string, string> | null;
  readonly internal_note: string | null;
}

export const PLAN_COLUMNS = `key, product_key, kind, rank, ${localizedColumns("name")}, ${localizedColumns("description")}, internal_note`;

const BOTH_IN_REACH = `${AT_RELEASE} and ${inReach("plan_key", "$3")} and ${inReach("add_on_key", "$3")}`;
const ADD_ON_OFFERS = {
  planKey: { name: "add-ons-by-plan", text: `select plan_key, add_on_key from plan_add_on where plan_key = any($1) and ${BOTH_IN_REACH} order by add_on_key` },
  addOnKey: { name: "plans-by-add-on", text: `select plan_key, add_on_key from plan_add_on where add_on_key = any($1) and ${BOTH_IN_REACH} order by plan_key` },
};

export const PLAN_ORDERS: Readonly<Record<PlanOrderField, OrderColumns>> = { RANK: { productKey: "text", rank: "int" }, KEY: {}, NAME: { name: "text" } };

export class PgPlanRepository implements PlanRepository {
  private readonly list;

  constructor(
    private readonly reads: Reads,
    pool: Pool,
  ) {
    this.list = new PgList(reads, pool, { table: "plan", orders: PLAN_ORDERS, fromRow });
  }

  async findAll(keys: readonly CatalogKey[], { point, reach }: CatalogSight): Promise<Plan[]> {
    const { rows } = await this.reads.query<PlanRow>({
      name: "plans-by-key",
      text: `select ${PLAN_COLUMNS} from plan where key = any($1) and ${AT_RELEASE} and ${inReach("product_key", "$3")}`,
      values: [keys, point.release, reach.products],
    });
    return rows.map(fromRow);
  }

  async listByProducts(products: readonly CatalogKey[], { point, reach }: CatalogSight): Promise<Plan[]> {
    const { rows } = await this.reads.query<PlanRow>({
      name: "plans-by-product",
      text: `select ${PLAN_COLUMNS} from plan where product_key = any($1) and ${AT_RELEASE} and ${inReach("product_key", "$3")} order by rank`,
      values: [products, point.release, reach.products],
    });
    return rows.map(fromRow);
  }

  async listKeysOfProducts(products: readonly CatalogKey[], release: number): Promise<CatalogKey[]> {
    const { rows } = await this.reads.query<{ key: string }>({
      name: "plan-keys-by-product",
      text: `select key from plan where product_key = any($1) and ${AT_RELEASE}`,
      values: [products, release],
    });
    return rows.map(({ key }) => key);
  }

  async listAddOnOffers(side: "planKey" | "addOnKey", keys: readonly CatalogKey[], { point, reach }: CatalogSight): Promise<AddOnOffer[]> {
    const { rows } = await this.reads.query<{ plan_key: string; add_on_key: string }>({ ...ADD_ON_OFFERS[side], values: [keys, point.release, reach.plans] });
    return rows.map((row) => ({ planKey: row.plan_key, addOnKey: row.add_on_key }));
  }

  listKeys(filter: PlanFilter, order: ListOrder<PlanOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page<Plan>> {
    return this.list.page(PLAN_COLUMNS, matching(filter, sight), order, page);
  }

  count(filter: PlanFilter, sight: CatalogSight): Promise<number> {
    return this.list.count(matching(filter, sight));
  }
}

function matching({ keys, products, kinds }: PlanFilter, { point, reach }: CatalogSight): ListConditions {
  return new ListConditions(point.release).among("product_key", reach.products).among("key", keys).among("product_key", products).among("kind", kinds);
}

export function fromRow(row: PlanRow): Plan {
  return {
    key: row.key,
    productKey: row.product_key,
    kind: row.kind,
    rank: row.rank,
    name: localizedText(row.name, row.name_translations),
    description: localizedText(row.description, row.description_translations),
    internalNote: row.internal_note,
  };
}
