import { InvalidArgumentError, type Command } from "commander";
import { PgUniqueCodeBatchRepository } from "../catalog/codes/storage/pg-unique-code-batch.repository.js";
import { batchStateAt, type BatchOrder, type BatchRefusal, type UniqueCodeBatch } from "../catalog/codes/unique-code-batch.js";
import { UniqueCodeBatches, type CodeSink } from "../catalog/codes/unique-code-batches.service.js";
import { isCodePrefix } from "../catalog/codes/unique-code.js";
import { PgDiscountRepository } from "../catalog/discounts/storage/pg-discount.repository.js";
import { PgReleaseRepository } from "../catalog/releases/storage/pg-release.repository.js";
import { isCatalogKey } from "../kernel/key.js";
import { systemClock } from "../platform/clock.js";
import { readConfig } from "../platform/config.js";
import { readPepper } from "../startup/secrets.js";
import { codesToFile, codesToStream } from "./code-output.js";
import { lineOf, osUser, readExpiry } from "./option-values.js";
import { progressLine } from "./progress-line.js";
import { withDatabase } from "./with-database.js";

const MAX_COUNT = 10_000_000;

interface CreateFlags {
  readonly discount: string;
  readonly count: number;
  readonly prefix: string;
  readonly expires?: Date;
  readonly note: string;
  readonly author: string;
  readonly out?: string;
}

export function addCodesCommand(program: Command): void {
  const codes = program.command("codes").description("make, list and revoke batches of codes that can each be used once");

  codes
    .command("create")
    .description("make a batch and write its codes, this once, one a line")
    .requiredOption("--discount <key>", "what each of them claims", readKey)
    .requiredOption("--count <count>", "how many", readCount)
    .option("--prefix <prefix>", "what they begin with, for whoever sees one: up to 10 letters and digits", readPrefix, "")
    .option("--expires <instant>", "from when they are no longer good: 2027-01-01, or an instant with an offset", readExpiry)
    .option("--note <text>", "what for, for whoever reads the list", lineOf(2_000), "")
    .option("--author <name>", "who makes them", lineOf(200, 1), osUser())
    .option("--out <file>", "a new file to write them to, instead of the standard output")
    .action(async ({ discount, count, prefix, expires, note, author, out }: CreateFlags) => {
      await create({ discountKey: discount, count, prefix, expiresAt: expires ?? null, note, createdBy: author }, out);
    });

  codes
    .command("list")
    .description("list the batches, newest first; the codes themselves are not kept")
    .option("--discount <key>", "only those that claim this discount", readKey)
    .option("--json", "print them as JSON", false)
    .action(async ({ discount, json }: { discount?: string; json: boolean }) => {
      const batches = await withBatches((service) => service.list(discount ?? null));
      process.stdout.write(json ? `${JSON.stringify(batches, null, 2)}\n` : printBatches(batches));
    });

  codes
    .command("revoke")
    .description("end all codes of a batch at once; it cannot be undone")
    .argument("<batch>", "its number", readCount)
    .action(async (id: number) => {
      if (await withBatches((service) => service.revoke(id))) {
        process.stdout.write(`Revoked batch ${id}.\n`);
      } else {
        process.stderr.write(`There is no batch ${id} that could be revoked. See: catalog codes list\n`);
        process.exitCode = 1;
      }
    });
}

async function create(order: BatchOrder, out: string | undefined): Promise<void> {
  const line = progressLine(process.stderr);
  let written = 0;
  // Until the batch is ready: whoever reads us may leave and a signal may come, and the process then ends wherever it is.
  process.exitCode = 1;
  const warn = (): void => {
    line.clear();
    if (written > 0) process.stderr.write("The batch was not finished: none of the codes written so far is good. Throw them away.\n");
  };
  process.once("exit", warn);
  const openSink = async (): Promise<CodeSink> => {
    const sink = out === undefined ? codesToStream(process.stdout) : await codesToFile(out);
    const write: CodeSink["write"] = async (codes) => {
      written += codes.length;
      await sink.write(codes);
      line.show(`${amount(written)} of ${amount(order.count)} codes …`);
    };
    return { ...sink, write };
  };
  const batch = await withBatches(async (service) => {
    const made = await service.create(order, openSink);
    process.off("exit", warn);
    return made;
  });
  line.clear();
  process.stderr.write("refused" in batch ? refusalText(batch, order) : readyText(batch, out));
  if (!("refused" in batch)) process.exitCode = 0;
}

function withBatches<T>(body: (service: UniqueCodeBatches) => Promise<T>): Promise<T> {
  return withDatabase(async (database) => {
    const { pool, prisma } = database;
    const service = new UniqueCodeBatches({
      batches: new PgUniqueCodeBatchRepository(database),
      discounts: new PgDiscountRepository(pool, pool),
      releases: new PgReleaseRepository(pool, prisma),
      pepper: await readPepper(readConfig(process.env), "codePepper"),
      clock: systemClock,
    });
    return body(service);
  });
}

function readyText({ id, count, discountKey, expiresAt }: UniqueCodeBatch, out: string | undefined): string {
  const what = `${amount(count)} ${count === 1 ? "code" : "codes"} of batch ${id} ${count === 1 ? "is" : "are"} ready${out === undefined ? "" : ` in ${out}`}`;
  const until = expiresAt === null ? "" : ` until ${expiresAt.toISOString()}`;
  return (
    `${what}: each claims ${discountKey} once${until}. ` +
    `Keep them safe and hand them out: they cannot be shown again. To end them all: catalog codes revoke ${id}\n`
  );
}

function refusalText({ refused }: BatchRefusal, { discountKey }: BatchOrder): string {
  switch (refused) {
    case "DISCOUNT_NOT_FOUND":
      return `There is no discount ${JSON.stringify(discountKey)} in the current release. Correct the key, or publish it first with: catalog import <file...>\n`;
    case "DISCOUNT_IS_AUTOMATIC":
      return `The discount ${JSON.stringify(discountKey)} applies by itself, without a code. Publish it with "activation: CODE" first.\n`;
  }
}

function printBatches(batches: readonly UniqueCodeBatch[]): string {
  if (batches.length === 0) return "There are no batches. Make one with: catalog codes create --discount staff --count 1000 --out codes.txt\n";
  return batches
    .map((batch) => {
      const { id, discountKey, prefix, count, createdAt, createdBy, note } = batch;
      const columns = [String(id).padStart(6), stateOf(batch).padEnd(18), amount(count).padStart(10), discountKey.padEnd(24), prefix.padEnd(10)];
      return `${[...columns, `made ${day(createdAt)} by ${createdBy}`, note].join("  ").trimEnd()}\n`;
    })
    .join("");
}

function stateOf(batch: UniqueCodeBatch): string {
  const { expiresAt, revokedAt } = batch;
  if (revokedAt !== null) return `revoked ${day(revokedAt)}`;
  const state = batchStateAt(batch, systemClock.now()).toLowerCase();
  return expiresAt === null ? state : `${state}, ${day(expiresAt)}`;
}

function day(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

function amount(count: number): string {
  return count.toLocaleString("en");
}

function readKey(text: string): string {
  if (!isCatalogKey(text)) throw new InvalidArgumentError("Give the key of a discount, such as student.");
  return text;
}

function readCount(text: string): number {
  if (!/^[1-9][0-9]{0,7}$/.test(text) || Number(text) > MAX_COUNT) throw new InvalidArgumentError(`Give a whole number from 1 to ${amount(MAX_COUNT)}.`);
  return Number(text);
}

function readPrefix(text: string): string {
  const prefix = text.toUpperCase();
  if (!isCodePrefix(prefix)) throw new InvalidArgumentError("Give up to 10 letters from A to Z and digits.");
  return prefix;
}
