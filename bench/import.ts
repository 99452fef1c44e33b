import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importCatalog, type ImportOutcome } from "../src/catalog/import/import-catalog.service.js";
import { fileFromText, type CatalogFile } from "../src/catalog/import/reading/catalog-file.js";
import { pgImportRepository } from "../src/catalog/import/storage/pg-import.repository.js";
import { systemClock } from "../src/platform/clock.js";
import { connectDatabase, createDatabaseIfMissing, type Database } from "../src/platform/database/database.js";
import { startEmbeddedPostgres } from "../src/platform/database/embedded/embedded-postgres.js";
import { migrateDatabase } from "../src/platform/database/migrations.js";

// How fast a long price list becomes a release, and in how much memory: `node --import tsx bench/import.ts [rows]`.
// With --small-heap it runs once more in a process whose heap would not hold the list.

const MARKETS = 100;
const PLANS = 50;
const SMALL_HEAP_MB = 64;

const rows = Number(process.argv[2] ?? 100_000);

const STRUCTURE = JSON.stringify({
  markets: Array.from({ length: MARKETS }, (_, index) => ({ key: `m${index}`, kind: "GROUP", name: `Market ${index}`, currency: "EUR", timeZone: "UTC" })),
  products: [{ key: "music", name: "Music" }],
  plans: Array.from({ length: PLANS }, (_, index) => ({ key: `p${index}`, product: "music", rank: index, name: `Plan ${index}` })),
});

/** A price list that is made while it is read. Every `changed`th price is another than in a list without. */
function priceList(changed = 0): CatalogFile {
  return {
    name: "prices.csv",
    async *open() {
      yield Buffer.from("plan,market,currency,interval,segment,amount,from,until,existing\n");
      for (let start = 0; start < rows; start += 1_000) {
        const lines = Array.from({ length: Math.min(1_000, rows - start) }, (_, offset) => {
          const index = start + offset;
          const isChanged = changed > 0 && index % changed === 0;
          const slot = `p${index % PLANS},m${Math.floor(index / PLANS) % MARKETS},EUR,P1M,s${Math.floor(index / (PLANS * MARKETS))}`;
          return `${slot},${isChanged ? "10.99" : "9.99"},2026-01-01,,${isChanged ? "KEEP" : ""}\n`;
        });
        yield Buffer.from(lines.join(""));
      }
    },
  };
}

async function measure(what: string, database: Database, files: readonly CatalogFile[]): Promise<void> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  const start = performance.now();
  const seconds = (): string => ((performance.now() - start) / 1_000).toFixed(1);
  const steps = new Map<string, string>();
  const outcome = await importCatalog({
    imports: pgImportRepository(database),
    files,
    options: { author: "bench" },
    clock: systemClock,
    onProgress: ({ step }) => steps.set(step, steps.get(step) ?? seconds()),
  });
  const perSecond = Math.round((rows * 1_000) / (performance.now() - start)).toLocaleString("en");
  clearInterval(sampling);
  console.log(`${what}: ${seconds()} s, ${perSecond} rows/s, ${told(outcome)}`);
  console.log(
    `  resident memory ${mebibytes(before)} before, ${mebibytes(peak)} at its peak; steps began at ${[...steps].map((entry) => entry.join(" ")).join(", ")}`,
  );
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

function told(outcome: ImportOutcome): string {
  if (outcome.outcome === "REFUSED") throw new Error(JSON.stringify(outcome.problems.slice(0, 3)));
  if (outcome.outcome === "UNCHANGED") return "no changes";
  const { added, changed, ended } = outcome.changes.price;
  return `release ${outcome.release.number}: ${added} prices added, ${changed} changed, ${ended} ended`;
}

const folder = await mkdtemp(join(tmpdir(), "bench-import-"));
await chmod(folder, 0o755);
const server = await startEmbeddedPostgres({ dataFolder: join(folder, "data") });
try {
  const url = server.url("bench");
  await createDatabaseIfMissing(url);
  await migrateDatabase({ url, folder: join(import.meta.dirname, "..", "prisma", "migrations"), log: () => undefined });
  const database = connectDatabase({ url, maxConnections: 2 });
  const structure = fileFromText("structure.json", STRUCTURE);
  await measure("first import", database, [structure, priceList()]);
  await measure("the same again", database, [structure, priceList()]);
  await measure("every hundredth changed", database, [structure, priceList(100)]);
  await database.close();
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

if (process.argv.includes("--small-heap")) {
  console.log(`With a heap of ${SMALL_HEAP_MB} MiB:`);
  execFileSync(process.execPath, [`--max-old-space-size=${SMALL_HEAP_MB}`, "--expose-gc", "--import", "tsx", import.meta.filename, String(rows)], {
    stdio: "inherit",
  });
}
