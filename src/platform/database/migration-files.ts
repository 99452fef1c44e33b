import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** One folder of prisma/migrations. */
export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
}

/** All migrations of the folder, in the order in which they apply: their names begin with a time. */
export async function readMigrations(folder: string): Promise<readonly MigrationFile[]> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const files = await Promise.all(names.sort().map(async (name) => ({ name, sql: await readFile(join(folder, name, "migration.sql"), "utf8") })));
  for (const { name, sql } of files) {
    // One migration is one transaction; that a failed one has left nothing behind is what recovery counts on.
    if (/^\s*(BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK)\s*;/im.test(sql)) throw new Error(`migration ${name} must not begin or end transactions itself`);
  }
  return files;
}

/** Whether the script is the one that was applied. Like Prisma, blind to the line endings that a checkout may have changed. */
export function hasChecksum({ sql }: MigrationFile, checksum: string): boolean {
  const unix = sql.replaceAll("\r\n", "\n");
  return [sql, unix, unix.replaceAll("\n", "\r\n")].some((text) => createHash("sha256").update(text).digest("hex") === checksum);
}
