import type { Pool, QueryResultRow } from "pg";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import { keyedOrder, keysetOf, sortValuesBy, toPage, type OrderColumns } from "../../../platform/database/keyset.js";
import type { Reads } from "../../../platform/database/reads.js";
import type { ListConditions } from "./list-conditions.js";

interface Listed<Row, Entity, Word extends string> {
  readonly table: string;
  readonly orders: Readonly<Record<Word, OrderColumns>>;
  readonly fromRow: (row: Row) => Entity;
}

/** The lists of one table: pages, with all that stands on them in the same statement, and counts. */
export class PgList<Row extends QueryResultRow & { readonly key: string }, Entity, Word extends string> {
  constructor(
    private readonly reads: Reads,
    private readonly pool: Pool,
    private readonly listed: Listed<Row, Entity, Word>,
  ) {}

  /** @param columns what `fromRow` reads; they may speak of parameters that `where` has. */
  async page(columns: string, where: ListConditions, { field, direction }: ListOrder<Word>, request: PageRequest): Promise<Page<Entity>> {
    const { table, orders, fromRow } = this.listed;
    const order = keyedOrder(orders[field], direction);
    const { beyond, orderBy, values } = keysetOf(order, request, where.values.length);
    const text = `select ${columns} from ${table} where ${where.text}${beyond === null ? "" : ` and ${beyond}`} order by ${orderBy}`;
    const statement = { text, values: [...where.values, ...values] };
    // Those that are not narrowed have few forms, and each is planned once. Of the others there are too many; how best to find what they ask for depends on the values.
    const form = `${table}-page ${field} ${direction} ${request.from}${beyond === null ? "" : " beyond"}`;
    const { rows } = await (where.isNarrowed ? this.pool.query<Row>(statement) : this.reads.query<Row>({ name: form, ...statement }));
    return toPage(rows, request, sortValuesBy(order), fromRow);
  }

  async count({ text, values }: ListConditions): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>({ text: `select count(*)::int as count from ${this.listed.table} where ${text}`, values });
    return rows[0]?.count ?? 0;
  }
}
