import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectDatabase, createDatabaseIfMissing, type Database } from "../../src/platform/database/database.js";
import { startEmbeddedPostgres } from "../../src/platform/database/embedded/embedded-postgres.js";
import { migrateDatabase } from "../../src/platform/database/migrations.js";
import { MIGRATIONS_FOLDER } from "../../src/platform/database/open-database.js";
import { fillCatalog } from "../dataset/fill-catalog.js";
import { fillPeerTables } from "../dataset/fill-peer-tables.js";
import type { Factor } from "../dataset/shape.js";

/** A PostgreSQL server of the run's own, as in production: a commit is on the disk before it is acknowledged. */
export interface BenchServer {
  /** Another database with the dataset of this size. */
  fill(factor: Factor): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

export interface BenchDatabase {
  readonly url: string;
  /** This process' own connections to it. */
  readonly database: Database;
  readonly version: string;
  close(): Promise<void>;
}

export async function startBenchServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  // PostgreSQL does not run as root: another user has to get in.
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres({ dataFolder: join(folder, "data") });
  return {
    fill: (factor) => fillDatabase(server.url(`bench_${factor}`), factor),
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fillDatabase(url: string, factor: Factor): Promise<BenchDatabase> {
  await createDatabaseIfMissing(url);
  await migrateDatabase({ url, folder: MIGRATIONS_FOLDER, log: () => undefined });
  const database = connectDatabase({ url, maxConnections: 2 });
  await database.withLongClient(async (client) => {
    await fillCatalog(client, factor);
    await fillPeerTables(client);
    await client.query("checkpoint");
  });
  const { rows } = await database.pool.query<{ version: string }>("select version()");
  return { url, database, version: rows[0]?.version ?? "", close: () => database.close() };
}
