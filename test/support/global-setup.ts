import { rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { generatePrismaClientIfNeeded } from "../../scripts/prisma-generate.js";
import { startEmbeddedPostgres } from "../../src/platform/database/embedded/embedded-postgres.js";
import { migrateDatabase } from "../../src/platform/database/migrations.js";
import { migrationsFolder, templateName } from "./database.js";
import { fillReferenceTemplate } from "./reference-template.js";
import { makeTemporaryFolder, sweepTemporaryFolders } from "./temporary-folder.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Of the database `postgres` on the server of this run. */
    readonly serverUrl: string;
  }
}

const NEED_DATABASE = ["storage", "api", "architecture", "faults"];

/** Starts one server for the whole run and makes its templates; the function returned takes all of it away. */
export async function setup({ vitest, provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  await generatePrismaClientIfNeeded();
  if (!vitest.projects.some(({ name }) => NEED_DATABASE.includes(name))) return undefined;
  await sweepTemporaryFolders();
  const folder = await makeTemporaryFolder();
  const server = await startEmbeddedPostgres({
    dataFolder: join(folder, "data"),
    // Nothing here outlives the run, so nothing needs to reach the disk.
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off" },
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await makeTemplates(server.url);
    provide("serverUrl", server.url("postgres"));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

async function makeTemplates(url: (database: string) => string): Promise<void> {
  const client = new pg.Client({ connectionString: url("postgres") });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${templateName.empty} STRATEGY file_copy`);
    await migrateDatabase({ url: url(templateName.empty), folder: migrationsFolder, log: () => undefined });
    await client.query(`CREATE DATABASE ${templateName.reference} TEMPLATE ${templateName.empty} STRATEGY file_copy`);
    await fillReferenceTemplate(url(templateName.reference));
  } finally {
    await client.end();
  }
}
