import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { checkDeferred, insert, insertSound, laySoundRows, ONE_OF_EACH_TABLE, refusalOf, slot, SOUND } from "../support/sound-rows.js";
import { LIVE_REFUSALS } from "../support/live-refusals.js";
import { SPOILT } from "../support/spoilt-rows.js";

// What code misses, the database refuses. Each case is one change to rows that are sound; the constraint that refuses it
// is named, because storage turns that very name into a refusal. The last test holds that no constraint lacks a case.

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase("empty");
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  for (const number of [1, 2, 3]) await insert(client, "release", { number, published_at: `2026-01-0${number}T00:00:00Z`, author: "test" });
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

beforeEach(() => client.query("BEGIN"));
afterEach(() => client.query("ROLLBACK"));

test("the sound rows are accepted, so that each refusal below is due to its change", async () => {
  await laySoundRows(client);
  await checkDeferred(client);
});

test.each(SPOILT)("%s is refused", async (_why, of, change, constraint) => {
  await laySoundRows(client);
  const refusal = await refusalOf(async () => {
    await insertSound(client, of, change);
    await checkDeferred(client);
  });
  expect(refusal).toBe(constraint);
});

describe.each(ONE_OF_EACH_TABLE)("any row of $table", ({ table, of }) => {
  const change = (set: string): Promise<unknown> => client.query(`UPDATE ${table} SET ${set} WHERE key = $1`, [SOUND[of][1].key]);

  test("has one version at a time", async () => {
    await laySoundRows(client);
    expect(await refusalOf(() => insertSound(client, of, { since_release: 2 }))).toBe(`${table}_one_version`);
  });

  test("begins with a release that is there", async () => {
    await laySoundRows(client, of);
    await insertSound(client, of, { since_release: 99 });
    expect(await refusalOf(() => checkDeferred(client, `${table}_has_since_release`))).toBe(`${table}_has_since_release`);
  });

  test("ends with a release that is there", async () => {
    await laySoundRows(client, of);
    await insertSound(client, of, { until_release: 99 });
    expect(await refusalOf(() => checkDeferred(client, `${table}_has_until_release`))).toBe(`${table}_has_until_release`);
  });

  test.each([
    ["before it begins", { since_release: 3, until_release: 2 }, "22000"],
    ["when it begins", { since_release: 2, until_release: 2 }, "23514"],
  ])("does not end %s", async (_when, range, code) => {
    await laySoundRows(client, of);
    await expect(insertSound(client, of, range)).rejects.toMatchObject({ code });
  });

  test("may be closed once, and then a successor opened", async () => {
    await laySoundRows(client);
    await change("until_release = 2");
    await insertSound(client, of, { since_release: 2 });
    await checkDeferred(client);
  });

  test.each([
    ["edited", "since_release = 2"],
    ["renamed", "key = key || 'x'"],
    ["closed and edited at once", "until_release = 2, key = key || 'x'"],
  ])("is never %s", async (_what, set) => {
    await laySoundRows(client);
    expect(await refusalOf(() => change(set))).toBe(`${table}_history_is_immutable`);
  });

  test.each([
    ["opened again", "until_release = NULL"],
    ["closed at another release", "until_release = 3"],
  ])("once closed is never %s", async (_what, set) => {
    await laySoundRows(client);
    await change("until_release = 2");
    expect(await refusalOf(() => change(set))).toBe(`${table}_history_is_immutable`);
  });

  test("is never deleted", async () => {
    await laySoundRows(client);
    expect(await refusalOf(() => client.query(`DELETE FROM ${table}`))).toBe(`${table}_history_is_immutable`);
  });
});

describe("a price and its plan", () => {
  const closePlan = (): Promise<unknown> => client.query("UPDATE plan SET until_release = 2 WHERE key = 'premium'");
  const closePrice = (): Promise<unknown> => client.query("UPDATE price SET until_release = 2");

  test("a plan cannot be closed while its price stays open", async () => {
    await laySoundRows(client);
    await closePlan();
    expect(await refusalOf(() => checkDeferred(client, "price_has_plan"))).toBe("price_has_plan");
  });

  test("a plan closes together with its price, in either order", async () => {
    await laySoundRows(client, "spring");
    await closePlan();
    await closePrice();
    await checkDeferred(client, "price_has_plan");
  });

  test("a price may not begin at a release before its plan", async () => {
    await laySoundRows(client, "premium");
    await insertSound(client, "premium", { since_release: 2 });
    await insertSound(client, "price", {});
    expect(await refusalOf(() => checkDeferred(client))).toBe("price_has_plan");
  });

  test("a price may span two versions of its plan", async () => {
    await laySoundRows(client);
    await closePlan();
    await insertSound(client, "premium", { since_release: 2, name: "Premium 2" });
    await checkDeferred(client);
  });

  test("two prices of one slot may share an instant when no release holds both", async () => {
    await laySoundRows(client);
    await closePrice();
    await insertSound(client, "price", { since_release: 2, amount_minor: 1099 });
    await checkDeferred(client);
  });

  test("a price may begin the instant that another of its slot ends", async () => {
    await laySoundRows(client);
    await insertSound(client, "price", { key: `${slot}/2027-01-01`, effective_from: "2027-01-01T00:00:00Z", effective_until: null });
    await checkDeferred(client);
  });
});

test("two plans may swap their ranks in one release", async () => {
  await laySoundRows(client);
  await client.query("UPDATE plan SET until_release = 2");
  await insertSound(client, "premium", { since_release: 2, rank: 2 });
  await insertSound(client, "extra", { since_release: 2, rank: 1 });
  await checkDeferred(client);
});

describe("releases and the head", () => {
  test.each([
    [
      "a release with the number 0",
      () => insert(client, "release", { number: 0, published_at: "2026-02-01T00:00:00Z", author: "test" }),
      "release_numbers_start_at_one",
    ],
    [
      "two releases at one instant",
      () => insert(client, "release", { number: 4, published_at: "2026-01-01T00:00:00Z", author: "test" }),
      "release_published_once_per_instant",
    ],
    ["an edited release", () => client.query("UPDATE release SET note = 'x'"), "release_is_immutable"],
    ["a deleted release", () => client.query("DELETE FROM release"), "release_is_immutable"],
    ["a second head", () => client.query("INSERT INTO catalog_head (id) VALUES (false)"), "catalog_head_is_one_row"],
  ])("%s is refused", async (_what, work, constraint) => {
    expect(await refusalOf(work)).toBe(constraint);
  });
});

test.each(LIVE_REFUSALS)("$why is refused", async ({ constraint, work }) => {
  await laySoundRows(client);
  expect(await refusalOf(() => work(client))).toBe(constraint);
});

test("every constraint of the database has a case here", async () => {
  const { rows } = await client.query<{ name: string }>(
    // Not the primary keys, which "one version" implies, nor what PostgreSQL 18 keeps for NOT NULL.
    `SELECT conname AS name FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'u', 'x') AND conrelid <> 0`,
  );
  const covered = new Set([
    ...SPOILT.map(([, , , constraint]) => constraint),
    ...ONE_OF_EACH_TABLE.flatMap(({ table }) => [`${table}_one_version`, `${table}_has_since_release`, `${table}_has_until_release`]),
    ...["release_numbers_start_at_one", "release_published_once_per_instant", "catalog_head_is_one_row"],
    ...LIVE_REFUSALS.map(({ constraint }) => constraint),
    // Holds the key and kind of a feature together for entitlements; "one version" refuses first whatever it would.
    "feature_one_kind",
  ]);
  expect(rows.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
});
