import { createHash } from "node:crypto";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { hasChecksum } from "../../src/platform/database/migration-files.js";
import { checkDatabase, migrateDatabase, type MigrateOptions } from "../../src/platform/database/migrations.js";
import { diffSchema } from "../../src/platform/database/schema-diff.js";
import { assertSupportedVersion } from "../../src/platform/database/server-version.js";
import { EXIT_CODE } from "../../src/platform/operator-error.js";
import { Child } from "../support/child.js";
import { createTestDatabase, migrationsFolder, type TestDatabase } from "../support/database.js";
import { makeTemporaryFolder } from "../support/temporary-folder.js";

const NEXT = "20991231000000_next";

let temporary: string;
let folder: string;
let database: TestDatabase;
let client: pg.Client;
let logged: string[];

// Each test has the real migrations in a folder of its own, to add to or to spoil, and a database that has them applied.
beforeEach(async () => {
  temporary = await makeTemporaryFolder();
  folder = join(temporary, "migrations");
  await cp(migrationsFolder, folder, { recursive: true });
  database = await createTestDatabase("empty");
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  logged = [];
});

afterEach(async () => {
  await client.end();
  await database.drop();
  await rm(temporary, { recursive: true, force: true });
});

function migrate(options: Partial<MigrateOptions> = {}): Promise<readonly string[]> {
  return migrateDatabase({ url: database.url, folder, log: (line) => logged.push(line), ...options });
}

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "migration.sql"), sql);
}

async function isTable(name: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>("SELECT to_regclass($1) IS NOT NULL AS found", [name]);
  return rows[0]?.found === true;
}

async function history(name: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ state: string }>(
    `SELECT CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled back' WHEN finished_at IS NOT NULL THEN 'applied' WHEN logs IS NOT NULL THEN 'failed' ELSE 'open' END AS state
     FROM _prisma_migrations WHERE migration_name = $1 ORDER BY started_at`,
    [name],
  );
  return rows.map(({ state }) => state);
}

const refusal = (exitCode: number, text: string): object => ({ name: "OperatorError", exitCode, message: expect.stringContaining(text) as string });

test("an up-to-date database is left alone, without a word", async () => {
  expect(await migrate()).toEqual([]);
  expect(logged).toEqual([]);
});

test("a function's body, with its semicolons, arrives whole", async () => {
  await addMigration(NEXT, "CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$; -- the end");
  expect(await migrate()).toEqual([NEXT]);
  expect((await client.query("SELECT two()")).rows).toEqual([{ two: 2 }]);
  expect(await history(NEXT)).toEqual(["applied"]);
});

test("two processes migrate at once: one works, the other waits and finds it done", async () => {
  await addMigration(NEXT, "CREATE TABLE next (); SELECT pg_sleep(1);");
  const children = [1, 2].map(() => new Child("migrate-child.ts", database.url, folder));
  const results = await Promise.all(children.map((child) => child.line(/^\[/)));
  await Promise.all(children.map(({ exited }) => exited));
  expect(results.sort()).toEqual([JSON.stringify([NEXT]), "[]"]);
  expect(await history(NEXT)).toEqual(["applied"]);
});

test("who waits says so", async () => {
  await addMigration(NEXT, "SELECT pg_sleep(1)");
  const results = await Promise.all([migrate(), migrate()]);
  expect(results.flat()).toEqual([NEXT]);
  expect(logged.join()).toContain("Another process is migrating the database; waiting");
});

describe("a history that the code does not share", () => {
  test("a newer database is refused, and readiness names what is unknown", async () => {
    await addMigration(NEXT, "CREATE TABLE next ()");
    await migrate();
    await rm(join(folder, NEXT), { recursive: true });
    await expect(migrate()).rejects.toMatchObject(refusal(EXIT_CODE.DATABASE_TOO_NEW, NEXT));
    expect(await checkDatabase(client, folder)).toEqual({ pending: [], unknown: [NEXT] });
  });

  test("a migration edited after it was applied is refused", async () => {
    await addMigration(NEXT, "CREATE TABLE next ()");
    await migrate();
    await addMigration(NEXT, "CREATE TABLE next (added int)");
    await expect(migrate()).rejects.toMatchObject(refusal(EXIT_CODE.MIGRATION_BROKEN, `${NEXT} was changed`));
  });

  test("other line endings are no edit", () => {
    const checksum = createHash("sha256").update("CREATE TABLE a ();\n").digest("hex");
    expect(hasChecksum({ name: NEXT, sql: "CREATE TABLE a ();\r\n" }, checksum)).toBe(true);
    expect(hasChecksum({ name: NEXT, sql: "CREATE TABLE b ();\r\n" }, checksum)).toBe(false);
  });

  test("what is not applied yet is pending", async () => {
    await addMigration(NEXT, "CREATE TABLE next ()");
    expect(await checkDatabase(client, folder)).toEqual({ pending: [NEXT], unknown: [] });
  });

  test("a database that holds something else is refused", async () => {
    await client.query("DROP TABLE _prisma_migrations");
    await expect(migrate()).rejects.toMatchObject(refusal(EXIT_CODE.MIGRATION_BROKEN, "not empty"));
  });
});

describe("a migration that fails", () => {
  beforeEach(() => addMigration(NEXT, "CREATE TABLE next (); SELECT 1 / 0;"));

  test("leaves nothing behind and says what the database said", async () => {
    await expect(migrate()).rejects.toMatchObject(refusal(EXIT_CODE.MIGRATION_BROKEN, "division by zero"));
    expect(await isTable("next")).toBe(false);
    expect(await history(NEXT)).toEqual(["failed"]);
  });

  test("is not tried again until the operator allows it, by the statement that the message gives", async () => {
    await expect(migrate()).rejects.toThrow();
    await addMigration(NEXT, "CREATE TABLE next ()");
    const error: unknown = await migrate().catch((caught: unknown) => caught);
    expect(error).toMatchObject(refusal(EXIT_CODE.MIGRATION_BROKEN, "division by zero"));
    const statement = /UPDATE .*;/.exec(error instanceof Error ? error.message : "")?.[0] ?? "";
    await client.query(statement);
    expect(await migrate()).toEqual([NEXT]);
    expect(await history(NEXT)).toEqual(["rolled back", "applied"]);
  });

  test("is tried again when the caller says so", async () => {
    await expect(migrate()).rejects.toThrow();
    await addMigration(NEXT, "CREATE TABLE next ()");
    expect(await migrate({ retryFailed: true })).toEqual([NEXT]);
  });

  test("does not stop the older version, to which it left nothing", async () => {
    await expect(migrate()).rejects.toThrow();
    await rm(join(folder, NEXT), { recursive: true });
    expect(await migrate()).toEqual([]);
  });
});

describe("a process killed while it migrates", () => {
  async function killWhileMigrating(sql: string): Promise<void> {
    await addMigration(NEXT, sql);
    const child = new Child("migrate-child.ts", database.url, folder);
    await child.line(/^Migrating/);
    const atWork = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query ~ 'pg_sleep'";
    while ((await client.query(atWork)).rowCount === 0) await sleep(10);
    await child.kill();
  }

  test("is made good by the next start", async () => {
    await killWhileMigrating("CREATE TABLE next (); SELECT pg_sleep(60);");
    await addMigration(NEXT, "CREATE TABLE next ()");
    expect(await migrate()).toEqual([NEXT]);
    expect(await history(NEXT)).toEqual(["rolled back", "applied"]);
  });

  test("when the server had all of it already is waited for, and has then migrated", async () => {
    await killWhileMigrating("CREATE TABLE next (); SELECT pg_sleep(0.5);");
    expect(await migrate()).toEqual([]);
    expect([await isTable("next"), await history(NEXT)]).toEqual([true, ["applied"]]);
  });
});

test("a migration that ends transactions itself is refused, since it could be half-applied", async () => {
  await addMigration(NEXT, "CREATE TABLE next ();\nCOMMIT;\nSELECT 1 / 0;");
  await expect(migrate()).rejects.toThrow("must not begin or end transactions");
});

test.each([
  ["17.6", 170_006],
  ["9.6.24", 90_624],
])("PostgreSQL %s is too old", (name, number) => {
  expect(() => assertSupportedVersion(number, name)).toThrow(expect.objectContaining(refusal(EXIT_CODE.CONFIG, name)) as Error);
});

test("PostgreSQL 18 and newer will do", () => {
  for (const number of [180_000, 180_004, 190_000]) assertSupportedVersion(number, String(number));
});

test("a database that is not there is explained, without its password", async () => {
  const url = new URL(database.url);
  url.port = "1";
  const error: unknown = await migrate({ url: url.href }).catch((caught: unknown) => caught);
  expect(error).toMatchObject(refusal(EXIT_CODE.DATABASE_UNAVAILABLE, "127.0.0.1:1"));
  expect(String(error)).not.toContain(url.password);
});

test("schema.prisma says what the migrations make, but for the foreign keys, which Prisma would take for relations", async () => {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('ALTER TABLE "%s" DROP CONSTRAINT "%s"', conrelid::regclass, conname) AS statement FROM pg_constraint
     WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0 ORDER BY 1`,
  );
  const difference = await diffSchema({ url: inject("serverUrl"), schemaFile: join(migrationsFolder, "..", "schema.prisma"), folder: migrationsFolder });
  expect([...difference].sort()).toEqual(rows.map(({ statement }) => statement).sort());
});
