import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { importCatalog } from "./catalog/import/import-catalog.service.js";
import { pgImportRepository } from "./catalog/import/storage/pg-import.repository.js";
import type { Clock } from "./platform/clock.js";
import type { Database } from "./platform/database/database.js";
import { kindOfFile, type CatalogFile } from "./catalog/import/reading/catalog-file.js";

const FOLDER = join(import.meta.dirname, "..", "catalog");

/** Loads the reference catalog into a database that has no release yet; leaves any other as it is. */
export async function loadReferenceCatalog(database: Database, { clock, say }: { clock: Clock; say: (line: string) => void }): Promise<void> {
  const { rows } = await database.pool.query<{ release: bigint }>("select release from catalog_head");
  if (rows[0]?.release !== 0n) return;
  say("Loading the reference catalog.");
  const outcome = await importCatalog({ imports: pgImportRepository(database), files: await referenceFiles(), options: { author: "catalog-gateway", note: "The reference catalog" }, clock });
  if (outcome.outcome === "REFUSED") {
    const problems = outcome.problems.map(({ file, line, code, message }) => `${file}:${line} ${code} ${message}`);
    throw new Error(`The reference catalog has ${outcome.problemCount} problems:\n${problems.join("\n")}`);
  }
}

async function referenceFiles(): Promise<CatalogFile[]> {
  const names = (await readdir(FOLDER)).filter((name) => kindOfFile(name) !== null).sort();
  return names.map((name) => ({ name: join("catalog", name), open: () => createReadStream(join(FOLDER, name)) }));
}
