import { InvalidArgumentError, type Command } from "commander";
import { PgReleaseRepository } from "../catalog/releases/storage/pg-release.repository.js";
import type { Release } from "../catalog/releases/release.js";
import { MAX_PAGE_SIZE, type Page } from "../kernel/page.js";
import { withDatabase } from "./with-database.js";

export function addReleasesCommand(program: Command): void {
  program
    .command("releases")
    .description("list the releases, newest first")
    .option("--limit <count>", "how many at most", readLimit, 20)
    .option("--json", "print them as JSON", false)
    .action(async ({ limit, json }: { limit: number; json: boolean }) => {
      const releases = await withDatabase(({ pool, prisma }) => newest(new PgReleaseRepository(pool, prisma), limit));
      process.stdout.write(json ? `${JSON.stringify(releases, null, 2)}\n` : printReleases(releases));
    });
}

async function newest(repository: PgReleaseRepository, limit: number): Promise<Release[]> {
  const head = await repository.getHead();
  const releases = new Map<number, Release>();
  const numbers: number[] = [];
  for (let page: Page | null = null; numbers.length < limit && (page === null || page.hasNextPage);) {
    const beyond: readonly string[] | null = page?.items.at(-1)?.sortValues ?? null;
    page = await repository.listNumbers({ size: Math.min(MAX_PAGE_SIZE, limit - numbers.length), from: "START", beyond }, head);
    const found = page.items.map(({ key }) => Number(key));
    for (const release of await repository.findAll(found)) releases.set(release.number, release);
    numbers.push(...found);
    if (found.length === 0) break;
  }
  return numbers.flatMap((number) => releases.get(number) ?? []);
}

function printReleases(releases: readonly Release[]): string {
  if (releases.length === 0) return "Nothing was released yet. Publish something with: catalog import <file...>\n";
  return releases
    .map(({ number, publishedAt, author, note }) => `${String(number).padStart(6)}  ${publishedAt.toISOString()}  ${author}${note === "" ? "" : `  ${note}`}\n`)
    .join("");
}

function readLimit(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError("Give a whole number from 1 to 9999.");
  return Number(text);
}
