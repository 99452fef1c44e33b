import type { Pool, QueryConfig, QueryResult, QueryResultRow } from "pg";
import { escapeLiteral } from "pg";

/** The role that sees only the rows that the settings name; see the migration that makes it. */
const ROLE = "catalog_rows";

/** What the policies of the tables go by, by setting. */
export type RowSettings = Readonly<Record<string, string>>;

/**
 * Reads what these settings let one see, and nothing else, whatever the statement asks for. Takes two round trips more than
 * a plain read, which null stands for: the caller reaches every row.
 */
export async function readRows<Row extends QueryResultRow>(
  pool: Pool,
  settings: RowSettings | null,
  query: QueryConfig & { name: string },
): Promise<QueryResult<Row>> {
  if (settings === null) return pool.query<Row>(query);
  const client = await pool.connect();
  let failed = true;
  try {
    const local = Object.entries(settings).map(([name, value]) => `set local ${client.escapeIdentifier(name)} = ${escapeLiteral(value)}`);
    await client.query(["begin read only", `set local role ${ROLE}`, ...local].join("; "));
    // Under a name of its own: a plan depends on the role that it was made for.
    const result = await client.query<Row>({ ...query, name: `${query.name}-within` });
    await client.query("commit");
    failed = false;
    return result;
  } finally {
    // A connection in doubt is closed, not handed to somebody else with the role or the settings of this one.
    client.release(failed);
  }
}
