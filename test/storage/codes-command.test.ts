import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PgUniqueCodeRepository } from "../../src/catalog/codes/storage/pg-unique-code.repository.js";
import { canonicalUniqueCode, uniqueCodeId } from "../../src/catalog/codes/unique-code.js";
import { UniqueCodes } from "../../src/catalog/codes/unique-codes.service.js";
import { connectDatabase, type Database } from "../../src/platform/database/database.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { run, type Program, type ProgramEnd } from "../support/program.js";
import { makeTemporaryFolder } from "../support/temporary-folder.js";

const PEPPER = "a pepper that only the tests know of";
const NOW = new Date("2026-11-22T12:00:00Z");
const BY_CODE = "lossless-try-out";

let testDatabase: TestDatabase;
let database: Database;
let codes: UniqueCodes;
let folder: string;

beforeAll(async () => {
  [testDatabase, folder] = [await createTestDatabase("reference"), await makeTemporaryFolder()];
  database = connectDatabase({ url: testDatabase.url, maxConnections: 2 });
  codes = new UniqueCodes(new PgUniqueCodeRepository(database.pool), PEPPER);
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
  await rm(folder, { recursive: true });
});

function start(...args: string[]): Program {
  return run("cli/catalog.ts", ["codes", ...args], {
    ...{ DATABASE_URL: testDatabase.url, API_KEY_PEPPER: "p".repeat(32), CODE_PEPPER: PEPPER },
    QUOTE_SIGNING_KEYS: `test:${"07".repeat(32)}`,
  });
}

function command(...args: string[]): Promise<ProgramEnd> {
  return start(...args).ended;
}

interface ListedBatch {
  readonly id: number;
  readonly readyAt: string | null;
  readonly revokedAt: string | null;
}

async function newestBatch(): Promise<ListedBatch> {
  const [batch] = JSON.parse((await command("list", "--json")).out) as ListedBatch[];
  if (!batch) throw new Error("No batch is listed.");
  return batch;
}

test("codes are printed once, listed as a batch, and revoked", async () => {
  const made = await command(
    "create",
    "--discount",
    BY_CODE,
    "--count",
    "12000",
    "--prefix",
    "stu",
    "--expires",
    "2999-01-01",
    "--note",
    "Fair",
    "--author",
    "Ada",
  );
  expect(made.code).toBe(0);
  const printed = made.out.trimEnd().split("\n");
  expect(printed).toHaveLength(12_000);
  for (const code of printed) expect(code).toMatch(/^STU(-[0-9A-HJKMNP-TV-Z]{5}){4}$/);
  expect((await codes.claimsOf(printed, NOW)).size).toBe(12_000);

  const { id, readyAt } = await newestBatch();
  expect(readyAt).not.toBeNull();
  expect(made.err).toContain(
    `12,000 codes of batch ${id} are ready: each claims ${BY_CODE} once until 2999-01-01T00:00:00.000Z. ` +
      `Keep them safe and hand them out: they cannot be shown again. To end them all: catalog codes revoke ${id}\n`,
  );
  const listed = await command("list", "--discount", BY_CODE);
  expect(listed.out).toMatch(new RegExp(`^ +${id}  ready, 2999-01-01 +12,000  ${BY_CODE} +STU +made \\d{4}-\\d\\d-\\d\\d by Ada  Fair\n`));
  expect(printed.some((code) => listed.out.includes(code))).toBe(false);
  expect((await command("list", "--discount", "staff")).out).toContain("There are no batches.");

  expect(await command("revoke", String(id))).toMatchObject({ code: 0, out: `Revoked batch ${id}.\n` });
  expect(await command("revoke", String(id))).toMatchObject({ code: 1, out: "" });
  expect(new Set([...(await codes.claimsOf(printed, NOW)).values()].map(({ state }) => state))).toEqual(new Set(["REVOKED"]));
  expect((await command("list")).out).toMatch(/ revoked \d{4}-/);
});

test("a file is for its owner's eyes, and never overwritten", async () => {
  const path = join(folder, "codes.txt");
  const made = await command("create", "--discount", BY_CODE, "--count", "1", "--out", path);
  expect(made).toMatchObject({ code: 0, out: "" });
  expect(made.err).toContain(`1 code of batch `);
  const text = await readFile(path, "utf8");
  expect((await codes.claimsOf([text], NOW)).get(text)?.state).toBe("READY");
  expect((await stat(path)).mode & 0o777).toBe(0o600);

  await writeFile(path, "kept");
  const before = await newestBatch();
  const again = await command("create", "--discount", BY_CODE, "--count", "1", "--out", path);
  expect(again).toMatchObject({ code: 73, out: "" });
  expect(again.err).toContain("it is there already");
  expect(await readFile(path, "utf8")).toBe("kept");
  expect((await command("create", "--discount", BY_CODE, "--count", "1", "--out", join(folder, "no", "codes.txt"))).code).toBe(73);
  expect(await newestBatch()).toEqual(before);
});

test.each([
  ["is not there", "no-such-discount", "There is no discount"],
  ["needs no code", "welcome-first-month", "applies by itself"],
])("a discount that %s is refused with exit code 1, and leaves no file", async (_why, discount, says) => {
  const path = join(folder, "refused.txt");
  const { code, out, err } = await command("create", "--discount", discount, "--count", "5", "--out", path);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toContain(says);
  await expect(stat(path)).rejects.toThrow("ENOENT");
});

test.each([
  ["no count", ["create", "--discount", BY_CODE]],
  ["a count of none", ["create", "--discount", BY_CODE, "--count", "0"]],
  ["more than ten million", ["create", "--discount", BY_CODE, "--count", "10000001"]],
  ["a prefix with a hyphen", ["create", "--discount", BY_CODE, "--count", "1", "--prefix", "A-B"]],
  ["an expiry that has passed", ["create", "--discount", BY_CODE, "--count", "1", "--expires", "2020-01-01"]],
  ["a key that is none", ["create", "--discount", "Not A Key", "--count", "1"]],
  ["a batch that is no number", ["revoke", "latest"]],
])("%s is wrong usage: 2", async (_what, args) => {
  const { code, out, err } = await command(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain("--help");
});

describe("a command that ends midway", () => {
  const NOT_FINISHED = "The batch was not finished: none of the codes written so far is good. Throw them away.\n";

  async function expectNothingGood(printed: readonly string[]): Promise<void> {
    expect(printed.length).toBeGreaterThan(1_000);
    const { id, readyAt } = await newestBatch();
    expect(readyAt).toBeNull();
    expect((await command("list")).out).toContain("unfinished");
    // What was printed was kept before, and is worth nothing all the same.
    const ids = printed.map((code) => uniqueCodeId(canonicalUniqueCode(code) ?? "", PEPPER));
    const { rowCount } = await database.pool.query("select from unique_code where batch_id = $1 and id = any($2)", [id, ids]);
    expect(rowCount).toBe(printed.length);
    expect((await codes.claimsOf(printed, NOW)).size).toBe(0);
  }

  test.each(["SIGKILL", "SIGTERM"] as const)("by %s leaves no code that is good", async (signal) => {
    const program = start("create", "--discount", BY_CODE, "--count", "2000000");
    await program.says(/\n/);
    program.kill(signal);
    const { code, out, err } = await program.ended;
    expect(code).toBe(signal === "SIGTERM" ? 143 : null);
    if (signal === "SIGTERM") expect(err).toContain(NOT_FINISHED);
    expect(err).not.toContain("ready");
    // The last line may be cut.
    await expectNothingGood(out.split("\n").slice(0, -1));
  });

  test("because its reader left leaves no code that is good, and says so with its exit code", async () => {
    const program = start("create", "--discount", BY_CODE, "--count", "2000000");
    await program.says(/\n/);
    program.stopReading();
    const { code, out, err } = await program.ended;
    expect(code).toBe(1);
    expect(err).toContain(NOT_FINISHED);
    await expectNothingGood(out.split("\n").slice(0, -1));
  });
});
