import { join } from "node:path";
import { importCatalog } from "../catalog/import/import-catalog.service.js";
import { filesOnDisk } from "../catalog/import/storage/files-on-disk.js";
import { pgImportRepository } from "../catalog/import/storage/pg-import.repository.js";
import { PgReleaseRepository } from "../catalog/releases/storage/pg-release.repository.js";
import type { Clock } from "../platform/clock.js";
import type { Database } from "../platform/database/database.js";

const FOLDER = join(import.meta.dirname, "..", "..", "catalog");

/** Loads the reference catalog into a database that has no release yet; leaves any other as it is. */
export async function loadReferenceCatalog(database: Database, { clock, say }: { clock: Clock; say: (line: string) => void }): Promise<void> {
  const releases = new PgReleaseRepository(database.pool, database.prisma);
  if ((await releases.getHead()) > 0) return;
  say("Loading the reference catalog.");
  const options = { author: "catalog-gateway", note: "The reference catalog." };
  const outcome = await importCatalog({ imports: pgImportRepository(database), files: await filesOnDisk([FOLDER]), options, clock });
  if (outcome.outcome !== "REFUSED") return;
  const problems = outcome.problems.map(({ file, line, code, message }) => `${file}:${line} ${code} ${message}`);
  throw new Error(`The reference catalog has ${outcome.problemCount} problems:\n${problems.join("\n")}`);
}
