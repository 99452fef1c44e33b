import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PgUniqueCodeBatchRepository } from "../../src/catalog/codes/storage/pg-unique-code-batch.repository.js";
import { PgUniqueCodeRepository } from "../../src/catalog/codes/storage/pg-unique-code.repository.js";
import type { BatchOrder, UniqueCodeBatch } from "../../src/catalog/codes/unique-code-batch.js";
import { UniqueCodeBatches, type CodeSink } from "../../src/catalog/codes/unique-code-batches.service.js";
import { canonicalUniqueCode } from "../../src/catalog/codes/unique-code.js";
import { UniqueCodes } from "../../src/catalog/codes/unique-codes.service.js";
import { PgDiscountRepository } from "../../src/catalog/discounts/storage/pg-discount.repository.js";
import { PgReleaseRepository } from "../../src/catalog/releases/storage/pg-release.repository.js";
import { connectDatabase, type Database } from "../../src/platform/database/database.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const PEPPER = "a pepper that only the tests know of";
const NOW = new Date("2026-11-22T12:00:00Z");
// Discounts of the reference catalog: one that codes claim, one that is for everybody.
const BY_CODE = "lossless-try-out";
const AUTOMATIC = "welcome-first-month";
const ORDER: BatchOrder = { discountKey: BY_CODE, prefix: "STU", count: 3, expiresAt: null, note: "Autumn fair", createdBy: "ada" };

let testDatabase: TestDatabase;
let database: Database;
let statements: string[];
let now: Date;
let batches: UniqueCodeBatches;
let codes: UniqueCodes;

beforeAll(async () => {
  testDatabase = await createTestDatabase("reference");
  database = connectDatabase({ url: testDatabase.url, maxConnections: 2, onStatement: (text) => statements.push(text) });
  statements = [];
  now = NOW;
  const { pool, prisma } = database;
  const [discounts, releases] = [new PgDiscountRepository(pool, pool), new PgReleaseRepository(pool, prisma)];
  batches = new UniqueCodeBatches({ batches: new PgUniqueCodeBatchRepository(database), discounts, releases, pepper: PEPPER, clock: { now: () => now } });
  codes = new UniqueCodes(new PgUniqueCodeRepository(pool), PEPPER);
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** Makes a batch that must not be refused, and keeps its codes as whoever ordered them would. */
async function make(order: Partial<BatchOrder> = {}, sink: Partial<CodeSink> = {}): Promise<{ batch: UniqueCodeBatch; made: string[] }> {
  const made: string[] = [];
  const batch = await batches.create({ ...ORDER, ...order }, async () => ({ ...sinkInto(made), ...sink }));
  if ("refused" in batch) throw new Error(batch.refused);
  return { batch, made };
}

function sinkInto(made: string[]): CodeSink {
  return { write: async (chunk) => void made.push(...chunk), flush: async () => undefined, close: async () => undefined };
}

/** The state of each code that claims something, in the order asked. */
async function statesOf(words: readonly string[], at = NOW): Promise<(string | undefined)[]> {
  const claims = await codes.claimsOf(words, at);
  return words.map((word) => claims.get(word)?.state);
}

test("twenty thousand codes: all different, all found however they are typed, none to be read from the database", async () => {
  const { batch, made } = await make({ count: 20_000 });
  expect(batch).toEqual({ ...ORDER, count: 20_000, id: batch.id, createdAt: NOW, readyAt: NOW, revokedAt: null });
  expect(new Set(made).size).toBe(20_000);

  const retype = [
    (code: string) => code,
    (code: string) => code.toLowerCase().replaceAll("-", " "),
    (code: string) => code.replaceAll("0", "O").replaceAll("1", "l").replaceAll("V", "u"),
    (code: string) => code.replace(/[A-Z0-9]/g, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0)),
    (code: string) => code.replaceAll("A", "\u0410").replaceAll("E", "\u0435").replaceAll("-", ""),
  ];
  const typed = made.map((code, index) => retype[index % retype.length]?.(code) ?? "");
  const claims = await codes.claimsOf(typed, NOW);
  expect(claims.size).toBe(20_000);
  expect(new Set([...claims.values()].map(({ codeId }) => codeId)).size).toBe(20_000);
  for (const [index, code] of made.entries()) {
    const claim = claims.get(typed[index] ?? "");
    expect(claim).toMatchObject({ discountKey: BY_CODE, shown: `${code.slice(0, 8)}…`, state: "READY" });
  }

  const dump = (await dumpAll()).toUpperCase();
  expect(dump.length).toBeGreaterThan(20_000 * 26);
  const beginnings = new Set(made.map((code) => (canonicalUniqueCode(code) ?? "").slice(3, 11)));
  // Eight characters of chance are 40 bits: they are nowhere by accident.
  let found = 0;
  for (let at = 0; at + 8 <= dump.length; at++) if (beginnings.has(dump.slice(at, at + 8))) found++;
  expect(found).toBe(0);
});

/** Everything that is kept of codes, as text. */
async function dumpAll(): Promise<string> {
  const client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ text: string }>(
      "select row_to_json(code)::text as text from unique_code code union all select row_to_json(batch)::text from unique_code_batch batch",
    );
    return rows.map(({ text }) => text).join("\n");
  } finally {
    await client.end();
  }
}

test("codes of another pepper are not found: a copy of the table alone is good for nothing", async () => {
  const { made } = await make();
  const stolen = new UniqueCodes(new PgUniqueCodeRepository(database.pool), "a pepper that somebody else made up");
  expect((await stolen.claimsOf(made, NOW)).size).toBe(0);
});

test("one code typed in two ways is one code, and costs one statement with all others", async () => {
  const { made } = await make();
  const [first = "", second = ""] = made;
  statements = [];
  const claims = await codes.claimsOf([first, first.toLowerCase(), second, first, "SPRING", "STU-00000-00000-00000-00000"], NOW);
  expect(statements).toHaveLength(1);
  expect([...claims.keys()]).toEqual([first, first.toLowerCase(), second]);
  expect(claims.get(first)).toEqual(claims.get(first.toLowerCase()));
});

test("words that cannot be codes cost no statement", async () => {
  const { made } = await make();
  statements = [];
  const mistyped = (made[0] ?? "").replace(/.$/, (last) => (last === "7" ? "8" : "7"));
  expect((await codes.claimsOf([mistyped, "SPRING-26", "", "🎧".repeat(30)], NOW)).size).toBe(0);
  expect((await codes.claimsOf([], NOW)).size).toBe(0);
  expect(statements).toEqual([]);
});

test("a sound code that was never made claims nothing", async () => {
  expect(canonicalUniqueCode("STU-01ABC-DEFGH-JKMNP-QRSK1")).not.toBeNull();
  expect(await statesOf(["STU-01ABC-DEFGH-JKMNP-QRSK1"])).toEqual([undefined]);
});

test("codes are good until the instant at which they expire", async () => {
  const expiresAt = new Date("2027-01-01T00:00:00Z");
  const { batch, made } = await make({ expiresAt, prefix: "" });
  expect(batch.expiresAt).toEqual(expiresAt);
  expect(await statesOf(made, new Date("2026-12-31T23:59:59.999Z"))).toEqual(["READY", "READY", "READY"]);
  expect(await statesOf(made, expiresAt)).toEqual(["EXPIRED", "EXPIRED", "EXPIRED"]);
});

test("a revoked batch is over, also for an instant before; it is revoked once, and no other with it", async () => {
  const [revoked, other] = [await make(), await make()];
  expect(await batches.revoke(revoked.batch.id)).toBe(true);
  expect(await batches.revoke(revoked.batch.id)).toBe(false);
  expect(await batches.revoke(2_000_000_000)).toBe(false);
  expect(await statesOf(revoked.made, new Date("2026-01-01T00:00:00Z"))).toEqual(["REVOKED", "REVOKED", "REVOKED"]);
  expect(await statesOf(other.made)).toEqual(["READY", "READY", "READY"]);
});

test.each([
  ["that is not there", "no-such-discount", "DISCOUNT_NOT_FOUND"],
  ["that is for everybody", AUTOMATIC, "DISCOUNT_IS_AUTOMATIC"],
])("a discount %s gets no codes, and nothing is opened for them", async (_which, discountKey, refused) => {
  let opened = 0;
  const before = await batches.list();
  const answer = await batches.create({ ...ORDER, discountKey }, async () => {
    opened++;
    return sinkInto([]);
  });
  expect(answer).toEqual({ refused });
  expect(opened).toBe(0);
  expect(await batches.list()).toEqual(before);
});

test("every code that is written is kept before, and none is good until all are written", async () => {
  const seen: [kept: number, good: number][] = [];
  const made: string[] = [];
  await make(
    { count: 12_000 },
    {
      write: async (chunk) => {
        made.push(...chunk);
        const { rows } = await database.pool.query<{ kept: bigint }>(
          "select count(*) as kept from unique_code where batch_id = (select max(id) from unique_code_batch)",
        );
        seen.push([Number(rows[0]?.kept), (await codes.claimsOf(chunk, NOW)).size]);
      },
    },
  );
  expect(seen).toEqual([5_000, 10_000, 12_000].map((kept) => [kept, 0]));
  expect((await codes.claimsOf(made, NOW)).size).toBe(12_000);
});

test.each(["write", "flush"] as const)("a batch whose codes could not be safely written is never good: %s fails", async (what) => {
  const made: string[] = [];
  const kept = sinkInto(made);
  let closed = 0;
  const failing: CodeSink = {
    ...kept,
    [what]: async (chunk?: readonly string[]) => {
      if (chunk) await kept.write(chunk);
      throw new Error("The disk is full.");
    },
    close: async () => {
      closed++;
    },
  };
  await expect(make({ count: 6_000 }, failing)).rejects.toThrow("The disk is full.");
  expect(closed).toBe(1);
  expect(made.length).toBeGreaterThan(0);
  const [batch] = await batches.list();
  expect(batch).toMatchObject({ count: 6_000, readyAt: null });
  expect((await codes.claimsOf(made, NOW)).size).toBe(0);
  // Nor does revoking it make its codes known.
  expect(await batches.revoke(batch?.id ?? 0)).toBe(true);
  expect((await codes.claimsOf(made, NOW)).size).toBe(0);
});

test("batches are listed newest first, of one discount or of all", async () => {
  const other = await make({ discountKey: "festival-2026", note: "" });
  const last = await make();
  const all = await batches.list();
  expect(all.slice(0, 2)).toEqual([last.batch, other.batch]);
  expect(await batches.list("festival-2026")).toEqual([other.batch]);
  expect(await batches.list("no-such-discount")).toEqual([]);
});
