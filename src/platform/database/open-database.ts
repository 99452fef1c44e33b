import { join } from "node:path";
import type { Config } from "../config.js";
import { connectDatabase, createDatabaseIfMissing, type Database } from "./database.js";
import { startEmbeddedPostgres } from "./embedded/embedded-postgres.js";
import { migrateDatabase } from "./migrations.js";
import type { OnStatement } from "./observed-client.js";

export const MIGRATIONS_FOLDER = join(import.meta.dirname, "..", "..", "..", "prisma", "migrations");

const EMBEDDED_DATABASE = "catalog";

export interface OpenDatabase {
  readonly database: Database;
  /** Closes the connections and leaves the embedded server, if there is one. */
  stop(): Promise<void>;
}

export interface OpenDatabaseOptions {
  /** One line for each step that an operator may wonder about. */
  readonly log: (line: string) => void;
  readonly onStatement?: OnStatement;
  readonly onConnectionLost?: (error: Error) => void;
}

/** The database of the configuration, migrated: the server of DATABASE_URL, or the embedded one in the data folder. */
export async function openDatabase(
  { databaseUrl, dataFolder, databasePoolSize }: Pick<Config, "databaseUrl" | "dataFolder" | "databasePoolSize">,
  { log, ...hooks }: OpenDatabaseOptions,
): Promise<OpenDatabase> {
  const embedded = databaseUrl === null ? await startEmbeddedPostgres({ dataFolder: join(dataFolder, "postgres"), log }) : null;
  try {
    const url = databaseUrl ?? embedded?.url(EMBEDDED_DATABASE) ?? "";
    if (embedded) await createDatabaseIfMissing(url);
    await migrateDatabase({ url, folder: MIGRATIONS_FOLDER, log });
    const database = connectDatabase({ url, maxConnections: databasePoolSize, readConnections: Math.floor(databasePoolSize / 2), ...hooks });
    return {
      database,
      stop: async () => {
        await database.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
