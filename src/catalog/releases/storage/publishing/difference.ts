import type { ClientBase } from "pg";
import type { Changes, TableChange } from "../../publishing.js";
import { columnList } from "./staging.js";
import { VERSIONED_TABLE_NAMES, VERSIONED_TABLES, type VersionedTable } from "../../versioned-tables.js";

/** Makes what is staged the content of `release`: closes the versions that it changes or ends, and opens their successors. */
export async function applyStaged(client: ClientBase, tables: readonly VersionedTable[], release: number): Promise<Changes> {
  const changes = Object.fromEntries(VERSIONED_TABLE_NAMES.map((table) => [table, { added: 0, changed: 0, ended: 0 }])) as Record<VersionedTable, TableChange>;
  for (const table of tables) changes[table] = await applyTable(client, table, release);
  return changes;
}

async function applyTable(client: ClientBase, table: VersionedTable, release: number): Promise<TableChange> {
  const columns = VERSIONED_TABLES[table];
  const count = async (text: string): Promise<number> => (await client.query(text, [release])).rowCount ?? 0;
  // Two versions that say the same are one: only a row that is distinct in some data column gets a successor.
  const changed = await count(`
    update ${table} current set until_release = $1 from staged_${table} staged
    where current.key = staged.key and current.until_release is null
      and (${columnList(columns, "current.")}) is distinct from (${columnList(columns, "staged.")})`);
  const ended = await count(`
    update ${table} current set until_release = $1 from ended_${table} ended
    where current.key = ended.key and current.until_release is null
      and not exists (select from staged_${table} staged where staged.key = ended.key)`);
  // What is staged and has no open version by now is new, or was closed just above. In the order of keys neighbours go to
  // the same pages of the temporal indexes, which is what most of the time is spent on.
  const opened = await count(`
    insert into ${table} (since_release, ${columnList(columns)})
    select $1, ${columnList(columns, "staged.")} from staged_${table} staged
    where not exists (select from ${table} current where current.key = staged.key and current.until_release is null)
    order by staged.key`);
  // So that readers of a large import do not wait for the autovacuum to tell the planner about it.
  if (opened + ended > 1_000) await client.query(`analyze ${table}`);
  return { added: opened - changed, changed, ended };
}
