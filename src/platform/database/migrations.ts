import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { EXIT_CODE, OperatorError } from "../operator-error.js";
import { readMigrations, type MigrationFile } from "./migration-files.js";
import { compareHistory, type HistoryComparison, type HistoryRow } from "./migration-history.js";
import type { Queryable } from "./queryable.js";
import { assertSupportedServer } from "./server-version.js";
import { migrationList, noFilters, openSchemaEngine } from "./schema-engine.js";

export interface MigrateOptions {
  readonly url: string;
  /** The folder of the migrations, prisma/migrations. */
  readonly folder: string;
  readonly log: (line: string) => void;
  /** Try a migration again that failed before; for the operator who has mended the cause. */
  readonly retryFailed?: boolean;
}

/** Any number that no other program locks in this database. */
const MIGRATION_LOCK = 5_261_839_472;
/** What Prisma's engine locks while it works, on a connection of its own. */
const ENGINE_LOCK = 72_707_369;
const LOCK_PROGRESS_MS = 5_000;
const LOCK_TIMEOUT_MS = 600_000;

/**
 * Joins the transaction of a migration, so that the row says "finished" exactly when the migration is there: what is
 * unfinished has left nothing behind, wherever the process was killed.
 */
const MARK_FINISHED = `UPDATE "_prisma_migrations" SET "finished_at" = now() WHERE "finished_at" IS NULL AND "rolled_back_at" IS NULL`;

/**
 * Brings the database to the schema of the code; returns the names of the migrations applied. Several gateways may do so at
 * once: one works, the others wait. When there is nothing to do, that is found out in two statements.
 */
export async function migrateDatabase(options: MigrateOptions): Promise<readonly string[]> {
  const { url, folder, log } = options;
  const files = await readMigrations(folder);
  const client = await connect(url);
  try {
    await assertSupportedServer(client);
    if (isUpToDate(await compare(client, files))) return [];
    await takeLock(client, log);
    // Another process may have done it all while this one waited.
    const comparison = await compare(client, files);
    if (isUpToDate(comparison)) return [];
    await clearTheWay(client, comparison, options);
    log(`Migrating the database: ${comparison.pending.join(", ")}.`);
    return await apply(url, folder, files);
  } finally {
    // Ends the session and with it the lock.
    await client.end();
  }
}

/** What a migration would do or refuse, for readiness; changes nothing. */
export async function checkDatabase(database: Queryable, folder: string): Promise<{ pending: readonly string[]; unknown: readonly string[] }> {
  const { pending, unknown } = compareHistory(await readMigrations(folder), await readHistory(database));
  return { pending, unknown };
}

async function compare(client: Queryable, files: readonly MigrationFile[]): Promise<HistoryComparison> {
  const comparison = compareHistory(files, await readHistory(client));
  if (comparison.unknown.length > 0) {
    throw new OperatorError(
      `The database is newer than this version of the gateway, which does not know its ${listed(comparison.unknown)}. ` +
        "What to do: start the newer version, or restore a backup from before its migration.",
      EXIT_CODE.DATABASE_TOO_NEW,
    );
  }
  if (comparison.edited.length > 0) {
    throw new OperatorError(
      `The ${listed(comparison.edited)} was changed after it had been applied, so nobody can tell what the database looks like. ` +
        "What to do: put the file back as it was, and write a new migration for the change.",
      EXIT_CODE.MIGRATION_BROKEN,
    );
  }
  return comparison;
}

function isUpToDate({ pending }: HistoryComparison): boolean {
  return pending.length === 0;
}

async function readHistory(database: Queryable): Promise<readonly HistoryRow[]> {
  const { rows: found } = await database.query(`SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS is_there`);
  if (found[0]?.["is_there"] !== true) return [];
  const { rows } = await database.query(
    `SELECT "id", "migration_name", "checksum", "finished_at" IS NOT NULL AS is_finished, "rolled_back_at" IS NOT NULL AS is_rolled_back, "logs"
     FROM "_prisma_migrations" ORDER BY "started_at"`,
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    name: String(row["migration_name"]),
    checksum: String(row["checksum"]),
    isFinished: row["is_finished"] === true,
    isRolledBack: row["is_rolled_back"] === true,
    error: typeof row["logs"] === "string" && row["logs"] !== "" ? row["logs"] : null,
  }));
}

/**
 * Locks of the session rather than rows: they go when their holder does, however that ends. The engine's is only waited
 * for: when its process was killed, the server may still be at work on the migration that it had sent.
 */
async function takeLock(client: pg.Client, log: (line: string) => void): Promise<void> {
  const began = performance.now();
  let told = 0;
  for (const lock of [MIGRATION_LOCK, ENGINE_LOCK]) {
    while (!(await tryLock(client, lock))) {
      const waited = performance.now() - began;
      if (waited > LOCK_TIMEOUT_MS) {
        throw new OperatorError(
          `Another process has been migrating the database for ${LOCK_TIMEOUT_MS / 60_000} minutes. What to do: see in pg_stat_activity what it does; start again when it is done.`,
          EXIT_CODE.TRY_AGAIN,
        );
      }
      if (waited >= told) {
        log(`Another process is migrating the database; waiting (${Math.round(waited / 1_000)} s).`);
        told += LOCK_PROGRESS_MS;
      }
      await sleep(100);
    }
  }
  await client.query("SELECT pg_advisory_unlock($1)", [ENGINE_LOCK]);
}

async function tryLock(client: pg.Client, lock: number): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1) AS taken", [lock]);
  return rows[0]?.taken === true;
}

/** Under the lock, an unfinished row is nobody's work any more. */
async function clearTheWay(client: pg.Client, { failed, interrupted }: HistoryComparison, { retryFailed = false, log }: MigrateOptions): Promise<void> {
  const [first] = failed;
  if (first !== undefined && !retryFailed) {
    throw new OperatorError(
      `The migration ${first.name} failed before: ${withoutTrace(first.error ?? "")}\n` +
        "Nothing of it was kept. What to do: mend the cause or start a version in which the migration is mended; then allow another try with\n" +
        `  UPDATE "_prisma_migrations" SET "rolled_back_at" = now() WHERE "id" = '${first.id}';`,
      EXIT_CODE.MIGRATION_BROKEN,
    );
  }
  for (const { id, name } of [...failed, ...interrupted]) {
    log(`The migration ${name} was not finished by an earlier start; nothing of it was kept. Trying it again.`);
    await client.query(`UPDATE "_prisma_migrations" SET "rolled_back_at" = now() WHERE "id" = $1`, [id]);
  }
}

async function apply(url: string, folder: string, files: readonly MigrationFile[]): Promise<readonly string[]> {
  const { engine, close } = await openSchemaEngine({ url, afterScript: MARK_FINISHED });
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: migrationList(folder, files), filters: noFilters });
    return appliedMigrationNames;
  } catch (error) {
    throw new OperatorError(
      `The database could not be migrated: ${withoutTrace(error instanceof Error ? error.message : String(error))}\n` +
        "Nothing of that migration was kept. What to do: mend the cause (permissions, disk space, rows that the new rules refuse) and start again; it says how.",
      EXIT_CODE.MIGRATION_BROKEN,
      { cause: error },
    );
  } finally {
    await close();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: "catalog-gateway migrations", connectionTimeoutMillis: 5_000, keepAlive: true });
  // A connection that breaks while it waits makes the next statement fail, which is where it is dealt with.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { host, pathname } = new URL(url);
    throw new OperatorError(
      `The database ${pathname.slice(1)} at ${host} cannot be reached: ${error instanceof Error ? error.message || error.name : String(error)}. ` +
        "What to do: check DATABASE_URL, and that the server runs and accepts this user.",
      EXIT_CODE.DATABASE_UNAVAILABLE,
      { cause: error },
    );
  }
}

function listed(names: readonly string[]): string {
  return `${names.length === 1 ? "migration" : "migrations"} ${names.join(", ")}`;
}

/** The engine adds lines of its own source code. */
function withoutTrace(message: string): string {
  return message
    .replace(/\n\s+0: [\s\S]*$/, "")
    .replace(/^external connector error\n/, "")
    .trim();
}
