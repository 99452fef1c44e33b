import { Option, type Command } from "commander";
import { importCatalog, type ImportOutcome, type ImportProgress } from "../catalog/import/import-catalog.service.js";
import { filesOnDisk } from "../catalog/import/storage/files-on-disk.js";
import { pgImportRepository } from "../catalog/import/storage/pg-import.repository.js";
import { systemClock } from "../platform/clock.js";
import { printOutcome } from "./import-outcome.js";
import { lineOf, osUser } from "./option-values.js";
import { progressLine } from "./progress-line.js";
import { withDatabase } from "./with-database.js";

interface Flags {
  readonly replace: boolean;
  readonly rollout?: "follow" | "keep";
  readonly note: string;
  readonly author: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const ROLLOUT = { follow: "FOLLOW", keep: "KEEP" } as const;

export function addImportCommand(program: Command): void {
  program
    .command("import")
    .description("publish catalog files as one release, or nothing: see docs/catalog-files.md")
    .argument("<file...>", "YAML, JSON and CSV files; a folder stands for all in it")
    .option("--replace", "the files are the whole catalog: what they do not name ends", false)
    .addOption(new Option("--rollout <what>", "whether existing subscriptions get changed entitlements that do not say it").choices(["follow", "keep"]))
    .addOption(new Option("--note <text>", "why, for whoever reads the list of releases").default("").argParser(lineOf(2_000)))
    .addOption(new Option("--author <name>", "who publishes").default(osUser(), "you").argParser(lineOf(200, 1)))
    .option("--dry-run", "show what would be released, and leave no trace", false)
    .option("--json", "print the result as JSON", false)
    .action(async (paths: string[], flags: Flags) => {
      const outcome = await run(paths, flags);
      process.stdout.write(flags.json ? `${JSON.stringify(outcome, null, 2)}\n` : printOutcome(outcome));
      if (outcome.outcome === "REFUSED") process.exitCode = 1;
    });
}

function run(paths: readonly string[], { replace, rollout, note, author, dryRun }: Flags): Promise<ImportOutcome> {
  const line = progressLine(process.stderr);
  return withDatabase(async (database) => {
    try {
      return await importCatalog({
        imports: pgImportRepository(database),
        files: await filesOnDisk(paths),
        options: { replace, note, author, dryRun, rollout: rollout ? ROLLOUT[rollout] : null },
        clock: systemClock,
        onProgress: (progress) => line.show(progressText(progress)),
      });
    } finally {
      line.clear();
    }
  });
}

function progressText({ step, prices }: ImportProgress): string {
  const read = prices.toLocaleString("en");
  switch (step) {
    case "READING":
      return "Reading the files …";
    case "WAITING":
      return "Waiting for other imports …";
    case "PRICES":
      return `Reading prices: ${read} …`;
    case "COMPARING":
      return `Comparing ${read} prices with the catalog …`;
    case "RELEASING":
      return `Releasing (${read} prices read) …`;
  }
}
