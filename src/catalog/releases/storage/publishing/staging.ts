import type { ClientBase } from "pg";
import { VERSIONED_TABLES, type DataRow, type VersionedTable } from "../../versioned-tables.js";

// What is sent at once: large enough to make round trips few, small enough to keep memory flat.
const CHUNK_ROWS = 1_000;

/**
 * Makes room for a release in preparation: `staged_<table>` takes the rows that the release should have, `ended_<table>` the
 * keys that it should no longer have. They are seen by this connection only, and are gone with the transaction.
 */
export async function createStaging(client: ClientBase, tables: readonly VersionedTable[]): Promise<void> {
  const statements = tables.flatMap((table) => [
    // Generated columns come along (the slot of a price); ranges of releases do not concern what is only staged.
    `create temp table staged_${table} (like ${table} including generated) on commit drop`,
    `alter table staged_${table} alter column since_release set default 0`,
    `create temp table ended_${table} (key text collate "C" not null) on commit drop`,
  ]);
  await client.query(statements.join(";\n"));
}

/** @param more columns that the caller has added to the staging table, beside the data columns. */
export async function stageRows<Table extends VersionedTable, More extends string = never>(
  client: ClientBase,
  table: Table,
  rows: readonly (DataRow<Table> & Readonly<Record<More, unknown>>)[],
  more: readonly More[] = [],
): Promise<void> {
  const columns = columnList([...VERSIONED_TABLES[table], ...more]);
  const text = `insert into staged_${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::staged_${table}, $1)`;
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    await client.query(text, [JSON.stringify(rows.slice(start, start + CHUNK_ROWS))]);
  }
}

/** Keys that are staged too do not end. */
export async function stageEndings(client: ClientBase, table: VersionedTable, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await client.query(`insert into ended_${table} (key) select unnest($1::text[])`, [keys]);
}

/** A fresh table has no statistics, and without them the planner joins a hundred thousand rows one by one. */
export async function analyzeStaging(client: ClientBase, table: VersionedTable): Promise<void> {
  await client.query(`analyze staged_${table}; analyze ended_${table}`);
}

export function columnList(columns: readonly string[], prefix = ""): string {
  return columns.map((column) => `${prefix}"${column}"`).join(", ");
}
