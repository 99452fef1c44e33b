import { importCatalog, type ImportOptions, type ImportOutcome } from "../../src/catalog/import/import-catalog.service.js";
import { fileFromText, type CatalogFile } from "../../src/catalog/import/reading/catalog-file.js";
import { pgImportRepository } from "../../src/catalog/import/storage/pg-import.repository.js";
import { VERSIONED_TABLE_NAMES } from "../../src/catalog/releases/versioned-tables.js";
import { connectDatabase, type Database } from "../../src/platform/database/database.js";
import { createTestDatabase } from "../support/database.js";

/** Texts by name, or files as they are. */
export type Files = Readonly<Record<string, string>> | readonly CatalogFile[];

export interface ImportWorld {
  readonly database: Database;
  readonly url: string;
  /** The clock of imports; tests may set it. */
  now: Date;
  import(files: Files, options?: Partial<ImportOptions>): Promise<ImportOutcome>;
  /** Imports what must be published. */
  publish(files: Files, options?: Partial<ImportOptions>): Promise<Extract<ImportOutcome, { outcome: "PUBLISHED" }>>;
  /** Imports what must be refused, and tells why: "file:line CODE path". */
  refuse(files: Files, options?: Partial<ImportOptions>): Promise<string[]>;
  query<Row extends object>(text: string, ...values: unknown[]): Promise<Row[]>;
  /** Everything that is released, row by row as text, without the numbers of releases: two equal catalogs are equal here. */
  content(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function importWorld(): Promise<ImportWorld> {
  const { url, drop } = await createTestDatabase();
  const database = connectDatabase({ url, maxConnections: 4 });
  const query: ImportWorld["query"] = async <Row extends object>(text: string, ...values: unknown[]) => (await database.pool.query<Row>(text, values)).rows;
  const world: ImportWorld = {
    database,
    url,
    now: new Date("2026-06-01T12:00:00Z"),
    import: (files, options) =>
      importCatalog({
        imports: pgImportRepository(database),
        files: Array.isArray(files) ? (files as readonly CatalogFile[]) : Object.entries(files).map(([name, text]) => fileFromText(name, text as string)),
        options: { author: "tester", ...options },
        clock: { now: () => world.now },
      }),
    publish: async (files, options) => {
      const outcome = await world.import(files, options);
      if (outcome.outcome !== "PUBLISHED") throw new Error(`Expected a release, got ${JSON.stringify(outcome, null, 2)}`);
      return outcome;
    },
    refuse: async (files, options) => {
      const outcome = await world.import(files, options);
      if (outcome.outcome !== "REFUSED") throw new Error(`Expected a refusal, got ${JSON.stringify(outcome, null, 2)}`);
      return outcome.problems.map(({ file, line, code, path }) => `${file}:${line} ${code} ${path}`.trim());
    },
    query,
    content: async () => {
      const text = VERSIONED_TABLE_NAMES.map(
        (name) =>
          `select '${name}' || (to_jsonb(t) - 'since_release' - 'until_release' - 'release_range')::text as row from ${name} t where until_release is null`,
      ).join(" union all ");
      return (await query<{ row: string }>(`select row from (${text}) all_rows order by row`)).map(({ row }) => row);
    },
    stop: async () => {
      await database.close();
      await drop();
    },
  };
  return world;
}
