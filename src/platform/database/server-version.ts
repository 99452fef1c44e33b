import { EXIT_CODE, OperatorError } from "../operator-error.js";
import type { Queryable } from "./queryable.js";

/** Temporal keys, on which the released catalog rests, came with PostgreSQL 18. */
const OLDEST = 180_000;

export async function assertSupportedServer(database: Queryable): Promise<void> {
  const { rows } = await database.query("SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name");
  const row = rows[0];
  assertSupportedVersion(Number(row?.["number"]), String(row?.["name"]));
}

/** `number` is server_version_num, for example 180004 for 18.4. */
export function assertSupportedVersion(number: number, name: string): void {
  if (number >= OLDEST) return;
  throw new OperatorError(
    `The database server is PostgreSQL ${name}; the gateway needs 18 or newer, for its temporal keys. ` +
      "What to do: upgrade the server, point DATABASE_URL to another, or leave DATABASE_URL away to use the embedded one.",
    EXIT_CODE.CONFIG,
  );
}
