import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCopied } from "../../src/platform/database/copied-rows.js";
import { valueTypes } from "../../src/platform/database/value-types.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url, types: valueTypes });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function copied(query: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  await readCopied(client, query, valueTypes, (row) => rows.push({ ...row }));
  return rows;
}

/** Few and short, so that many begin or end as the one before does. */
const texts = fc.option(
  fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "b", "N", "\\", "\t", "\n", "\r", "\b", "\v", "\f", "é", "😀"), maxLength: 5 }),
    fc.string({ unit: "grapheme" }),
  ),
);
const rows = fc.array(fc.record({ a: texts, b: texts, n: fc.option(fc.bigInt(-1_000n, 1_000n)), c: texts }), { maxLength: 30 });

test("rows that are copied are those that a query has, whatever they hold and whatever came before", async () => {
  const withoutNul = (text: string | null): string | null => text?.replaceAll("\0", "") ?? null;
  await client.query("create temp table said (place int, a text, b text, n bigint, j jsonb, l text[], c text)");
  const query = "select a, b, n, j, l, now() at time zone 'utc' > '2020-01-01' as late, null as nothing, c from said order by place";
  await fc.assert(
    fc.asyncProperty(rows, async (said) => {
      await client.query("truncate said");
      for (const [place, { a, b, n, c }] of said.entries()) {
        const [first, second, last] = [a, b, c].map((text) => withoutNul(text));
        const values = [place, first, second, n === null ? null : String(n), JSON.stringify({ a: first, more: [second] }), [first, second, last], last];
        await client.query("insert into said values ($1, $2, $3, $4, $5, $6, $7)", values);
      }
      expect(await copied(query)).toEqual((await client.query(query)).rows);
    }),
    { numRuns: 60 },
  );
});

test("long lines and no lines at all are read too", async () => {
  const query = "select n, repeat('ä', n * 7 % 5000) as text from generate_series(1, 400) as n";
  expect(await copied(query)).toEqual((await client.query(query)).rows);
  expect(await copied("select 1 as one where false")).toEqual([]);
});

test("what goes wrong rejects, whoever it goes wrong for, and the connection goes on", async () => {
  await expect(copied("select 1 / (3 - n) as quotient from generate_series(1, 5) as n")).rejects.toThrow("division by zero");
  await expect(copied("select nothing")).rejects.toThrow("does not exist");
  const seen: unknown[] = [];
  const failing = readCopied(client, "select n from generate_series(1, 5) as n", valueTypes, ({ n }) => {
    seen.push(n);
    if (n === 2) throw new Error("that was enough");
  });
  await expect(failing).rejects.toThrow("that was enough");
  expect(seen).toEqual([1, 2]);
  expect(await copied("select 1 as one")).toEqual([{ one: 1 }]);
});
