import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectDatabase, type Database } from "../../src/platform/database/database.js";
import { readingClient } from "../../src/platform/database/reading-client.js";
import { PooledReads } from "../../src/platform/database/reads.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

// Reads over connections of their own say the same as pg does, whose way with messages they do not go.

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = connectDatabase({ url: testDatabase.url, maxConnections: 2, readConnections: 1 });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

async function bothWays(name: string, text: string, values: unknown[] = []): Promise<{ read: object[]; usual: object[] }> {
  const { rows: read } = await database.reads.query({ name, text, values });
  const { rows: usual } = await database.pool.query<object>(text, values);
  return { read, usual };
}

const SOME_OF_EACH = `
  select n, n::bigint * 1000000000000 as large, n / 7.0 as numeric, n % 2 = 0 as even, null::text as nothing, '' as empty,
    repeat('a', n) as plain, repeat('ö€𝄞', n % 40) as accented, case when n % 3 = 0 then 'é' || n else 'e' || n end as either,
    array['a,b', 'NULL', '', n::text] as texts, array[n, null]::bigint[] as numbers,
    '2026-01-01T00:00:00.5Z'::timestamptz + n * interval '1 day' as instant, jsonb_build_object('sv', 'Å' || n) as json
  from generate_series(0, $1::int) as n`;

test("every kind of value, in one row or in thousands that come in many pieces", async () => {
  for (const rows of [0, 200, 3_000, 0]) {
    const { read, usual } = await bothWays("some-of-each", SOME_OF_EACH, [rows]);
    expect(read).toHaveLength(rows + 1);
    expect(read).toEqual(usual);
  }
});

test("a row that is larger than what comes at once, and none at all", async () => {
  const large = await bothWays("large", "select repeat('å', $1) as text", [500_000]);
  expect(large.read).toEqual(large.usual);
  expect((await bothWays("none", "select 1 as one where $1::int is null", [0])).read).toEqual([]);
});

test.each([
  ["text", "plain"],
  ["text", `with "quotes", \\ and 'others', ö€𝄞`],
  ["text", null],
  ["bigint", 9_007_199_254_740_993n],
  ["int", -7],
  ["boolean", true],
  ["timestamptz", new Date("0001-01-01T00:00:00.000Z")],
  ["timestamptz", new Date("9999-12-31T23:59:59.999Z")],
  ["text[]", []],
  ["text[]", ["a", "", "NULL", "null", `"`, "\\", "a,b", "{}", " ", "å"]],
  ["text[]", null],
  ["bigint[]", [1n, 2n]],
] as const)("a %s is asked by as it is by pg: %s", async (type, value) => {
  const { read, usual } = await bothWays(`value ${type}`, `select $1::${type} as value, $1::${type} is null as is_null`, [value]);
  expect(read).toEqual(usual);
});

test("who asks by what cannot be sent is told, and so is whoever's statement the database refuses; the next one is answered", async () => {
  const text = "select 12 / $1::int as twelfth";
  const ask = async (values: unknown[]): Promise<object[]> => (await database.reads.query({ name: "division", text, values })).rows;
  expect(await ask([3])).toEqual([{ twelfth: 4 }]);
  await expect(ask([0])).rejects.toMatchObject({ code: "22012" });
  await expect(ask([{ of: "another kind" }])).rejects.toThrow("a read cannot be asked by a value of this kind");
  await expect(ask(["no number"])).rejects.toMatchObject({ code: "22P02" });
  await expect(database.reads.query({ name: "wrong", text: "select nothing from nowhere" })).rejects.toMatchObject({ code: "42P01" });
  expect(await ask([4])).toEqual([{ twelfth: 3 }]);
  await expect(database.reads.query({ name: "division", text: "select 1" })).rejects.toThrow("two statements have the name division");
  expect(await Promise.all([ask([1]), ask([2]), ask([6])])).toEqual([[{ twelfth: 12 }], [{ twelfth: 6 }], [{ twelfth: 2 }]]);
});

test("who was answered in part when an error comes is answered by the error alone", async () => {
  const text = "select 1 / ($1::int - n) as share, repeat('x', 1000) as filling from generate_series(1, $1::int) as n";
  await expect(database.reads.query({ name: "in part", text, values: [500] })).rejects.toMatchObject({ code: "22012" });
  expect((await database.reads.query({ name: "after", text: "select 1 as one" })).rows).toEqual([{ one: 1 }]);
});

test("reads that go together are answered each for itself, and one that fails takes none with it", async () => {
  const share = (n: number) => database.reads.query({ name: "share", text: "select 12 / $1::int as share", values: [n] });
  const other = (n: number) => database.reads.query({ name: "repeated", text: "select n from generate_series(1, $1::int) as n", values: [n] });
  for (const first of [0, 1]) {
    const asked = await Promise.allSettled([share(first), other(2), share(2), share(0), other(0), share(3)]);
    const answers = asked.map((one) => (one.status === "fulfilled" ? one.value.rows : Reflect.get(Object(one.reason), "code")));
    expect(answers).toEqual([first === 0 ? "22012" : [{ share: 12 }], [{ n: 1 }, { n: 2 }], [{ share: 6 }], "22012", [], [{ share: 4 }]]);
  }
});

test("more reads than go together are all answered, and told to whoever listens as they are asked", async () => {
  const told: string[] = [];
  const listening = connectDatabase({ url: testDatabase.url, maxConnections: 2, readConnections: 1, onStatement: (text) => told.push(text) });
  try {
    const text = "select $1::int as number";
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const answers = await Promise.all(numbers.map(async (number) => (await listening.reads.query({ name: "number", text, values: [number] })).rows));
    expect(answers).toEqual(numbers.map((number) => [{ number }]));
    expect(told).toEqual(numbers.map(() => text));
  } finally {
    await listening.close();
  }
});

test("a database that is not there fails all that wait for it", async () => {
  const away = connectDatabase({ url: "postgresql://nobody@127.0.0.1:1/nothing", maxConnections: 2, readConnections: 1 });
  const ask = () => away.reads.query({ name: "one", text: "select 1 as one" });
  const asked = await Promise.allSettled([ask(), ask(), ask()]);
  expect(asked.map((one) => one.status === "rejected" && (one.reason as { code?: string }).code)).toEqual(["ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED"]);
  await away.close();
});

test("a connection that is lost in the middle fails the read, and the next has another", async () => {
  const asked = database.reads.query({ name: "slow", text: "select pg_sleep(2)" });
  const refused = expect(asked).rejects.toMatchObject({ code: "57P01" });
  // It never ran, so another connection runs it.
  const behind = database.reads.query({ name: "behind", text: "select 2 as two" });
  await expect
    .poll(async () => (await database.pool.query("select pg_terminate_backend(pid) as ended from pg_stat_activity where query like 'select pg_sleep%'")).rows)
    .toEqual([{ ended: true }]);
  await refused;
  expect((await behind).rows).toEqual([{ two: 2 }]);
  expect((await database.reads.query({ name: "after", text: "select 1 as one" })).rows).toEqual([{ one: 1 }]);
});

test("a read that takes too long fails, and what the server still sends of it disturbs nobody", async () => {
  const pool = new pg.Pool({ connectionString: testDatabase.url, Client: readingClient(pg.Client), max: 1, query_timeout: 300 });
  const reads = new PooledReads(pool, () => undefined);
  try {
    // Each row is more than the server gathers before it sends.
    const text = "select n, repeat('x', 20000) as filling, pg_sleep(0.1) as slept from generate_series(1, 20) as n";
    await expect(reads.query({ name: "slow rows", text })).rejects.toThrow("Query read timeout");
    expect((await reads.query({ name: "after", text: "select 1 as one" })).rows).toEqual([{ one: 1 }]);
    await sleep(500);
  } finally {
    await pool.end();
  }
});
