import type { ClientBase, CustomTypesConfig } from "pg";
import { OPEN, type VersionRow } from "./version.js";

/** What is read at once: a few milliseconds of work, so that requests are answered in between. */
const CHUNK_ROWS = 500;

/** What a row is read as; columns that the entity needs come beside these. */
export interface ReadRow extends Readonly<Record<string, unknown>> {
  readonly since_release: bigint;
  readonly until_release: bigint | null;
}

export function toVersionRow(row: ReadRow): VersionRow {
  return { row, since: Number(row.since_release), until: row.until_release === null ? OPEN : Number(row.until_release) };
}

/** What is left of a cursor, in chunks. */
export async function* fetchRows(client: ClientBase, cursor: string, types: CustomTypesConfig): AsyncGenerator<ReadRow[]> {
  const query = { text: `fetch ${CHUNK_ROWS} from ${cursor}`, types };
  for (let next = client.query<ReadRow>(query); ;) {
    const { rows } = await next;
    if (rows.length === 0) return;
    // The database prepares the next rows while these are worked on.
    next = client.query<ReadRow>(query);
    next.catch(ignore);
    yield rows;
  }
}

function ignore(): void {
  // Whoever awaits the rows is told.
}
