import { fileFromText } from "../../src/catalog/import/reading/catalog-file.js";
import { importCatalog, type ImportOptions, type ImportOutcome } from "../../src/catalog/import/import-catalog.service.js";
import { pgImportRepository } from "../../src/catalog/import/storage/pg-import.repository.js";
import { systemClock, type Clock } from "../../src/platform/clock.js";
import type { Database } from "../../src/platform/database/database.js";

/** Imports catalog files given as text, by name. */
export function importText(
  database: Database,
  files: Readonly<Record<string, string>>,
  options: Partial<ImportOptions> = {},
  clock: Clock = systemClock,
): Promise<ImportOutcome> {
  return importCatalog({
    imports: pgImportRepository(database),
    files: Object.entries(files).map(([name, content]) => fileFromText(name, content)),
    options: { author: "test", ...options },
    clock,
  });
}

/** The same, for catalogs that must be good: throws with all problems if one is not. */
export async function publish(
  database: Database,
  files: Readonly<Record<string, string>>,
  options: Partial<ImportOptions> = {},
  clock: Clock = systemClock,
): Promise<number> {
  const outcome = await importText(database, files, options, clock);
  if (outcome.outcome !== "PUBLISHED") throw new Error(`not published: ${JSON.stringify(outcome, null, 2)}`);
  return outcome.release.number;
}
