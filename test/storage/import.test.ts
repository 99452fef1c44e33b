import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { VERSIONED_TABLES } from "../../src/catalog/releases/versioned-tables.js";
import { importWorld, type ImportWorld } from "./import-world.js";

const BASE = await readFile(join(import.meta.dirname, "..", "fixtures", "bad-catalogs", "_base.yaml"), "utf8");

const PREMIUM = `
  key: premium
  product: music
  rank: 10
  name: Premium
  addOns: [extra]`;

let world: ImportWorld;

beforeEach(async () => {
  world = await importWorld();
});
afterEach(() => world.stop());

describe("a release", () => {
  test("holds what the files say, with everything that was left out at its default", async () => {
    const { release, changes } = await world.publish({ "base.yaml": BASE }, { note: "The first." });
    expect(release).toEqual({ number: 1, publishedAt: world.now, author: "tester", note: "The first." });
    expect(changes).toMatchObject({ market: { added: 3, changed: 0, ended: 0 }, price: { added: 3 }, entitlement: { added: 6 }, code: { added: 1 } });
    const [price] = await world.query("select * from price where key = 'premium/europe/EUR/P1M/*/*/20260101T000000Z'");
    expect(price).toMatchObject({
      amount_minor: 1099n,
      model: "FLAT",
      tax_included: true,
      free_units: "0.000000",
      existing_from: null,
      since_release: 1n,
      until_release: null,
    });
    expect(price).toMatchObject({ effective_from: new Date("2026-01-01T00:00:00Z"), effective_until: new Date("2027-01-01T00:00:00Z") });
    expect(await world.query("select key, enabled, existing_follow from entitlement where enabled is not null order by key")).toEqual([
      { key: "premium/downloads/*", enabled: true, existing_follow: true },
      { key: "premium/downloads/de", enabled: false, existing_follow: true },
    ]);
    expect(await world.query("select * from catalog_head")).toEqual([{ id: true, release: 1n }]);
  });

  test("leaves what no file names, and keeps what earlier releases said", async () => {
    await world.publish({ "base.yaml": BASE });
    const { changes } = await world.publish({ "more.yaml": "products:\n  - { key: radio, name: Radio }\n  - { key: music, name: Musik }\n" });
    expect(changes.product).toEqual({ added: 1, changed: 1, ended: 0 });
    expect(await world.query("select key, name, since_release, until_release from product order by key, since_release")).toEqual([
      { key: "music", name: "Music", since_release: 1n, until_release: 2n },
      { key: "music", name: "Musik", since_release: 2n, until_release: null },
      { key: "radio", name: "Radio", since_release: 2n, until_release: null },
    ]);
  });

  test("is published after the last one, even when the clock goes back", async () => {
    await world.publish({ "base.yaml": BASE });
    const first = world.now;
    world.now = new Date(first.getTime() - 3_600_000);
    const { release } = await world.publish({ "a.yaml": "products: [{ key: radio, name: Radio }]" });
    expect(release.publishedAt).toEqual(new Date(first.getTime() + 1));
  });

  test("is told to whoever listens, once it is kept", async () => {
    await world.publish({ "base.yaml": BASE });
    const client = await world.database.pool.connect();
    try {
      const told: (string | undefined)[] = [];
      client.on("notification", ({ payload }) => told.push(payload));
      await client.query("listen catalog_release");
      await world.import({ "a.yaml": "products: [{ key: radio, name: Radio }]" }, { dryRun: true });
      await world.import({ "base.yaml": BASE });
      await world.publish({ "a.yaml": "products: [{ key: radio, name: Radio }]" });
      await expect.poll(() => told).toEqual(["2"]);
    } finally {
      client.release(true);
    }
  });
});

describe("the same files again make no release", () => {
  const files = {
    "prices.csv":
      "plan,market,currency,interval,amount,from,until,existing\nfree,se,SEK,P1M,0,2026-01-01,2026-07-01,\nfree,se,SEK,P1M,10,2026-07-01,,2026-08-01\n",
    "base.yaml": BASE,
  };

  test("as they are, and laid out or spelled in another way", async () => {
    await world.publish(files);
    expect(await world.import(files)).toEqual({ outcome: "UNCHANGED", release: 1 });
    const { "prices.csv": prices, "base.yaml": base } = files;
    const rows = prices.trimEnd().split("\n");
    const otherwise = {
      "z.yaml": base
        .replaceAll("10.99", '"10.990"')
        .replaceAll("P1Y", "P12M")
        .replaceAll("2026-01-01", "2026-01-01T01:00:00.000+01:00")
        .replaceAll("name: Premium\n", "name: >\n      Premium\n")
        .replaceAll("[NORMAL, HIGH]", "\n      [ 'NORMAL',\n        \"HIGH\" ]"),
      "a.csv": `\uFEFF${[rows[0], rows[2]?.replace(",10,", ',"10.00",'), rows[1], ""].join("\r\n")}`,
    };
    expect(otherwise["z.yaml"]).not.toBe(base);
    expect(await world.import(otherwise)).toEqual({ outcome: "UNCHANGED", release: 1 });
  });

  test("after three releases too, with rollouts, removals and retirements said in them", async () => {
    await world.publish(files);
    const changed = {
      "2.yaml": `plans:\n- ${PREMIUM.trim()}\n  entitlements: { downloads: { value: true, existing: KEEP }, quality: { value: NORMAL, existing: FOLLOW }, hours: { removed: true, existing: FOLLOW } }\n`,
      "2.csv":
        "plan,market,currency,interval,amount,from,until,existing\npremium,se,SEK,P1M,119,2026-01-01,2026-09-01,\npremium,se,SEK,P1M,129,2026-09-01,,KEEP\n",
    };
    expect(await world.refuse(changed)).toEqual(["2.yaml:7 ROLLOUT_CANNOT_KEEP plans[0].entitlements.downloads"]);
    const sound = { ...changed, "2.yaml": changed["2.yaml"].replace("{ value: true, existing: KEEP }", "{ value: true, markets: { de: false } }") };
    await world.publish(sound);
    const retiring = { "3.yaml": "retire: { plans: [free], prices: ['premium/de/EUR/P1Y/*/*/20270101T000000Z'] }\n" };
    await world.publish(retiring);
    expect(await world.import(sound)).toEqual({ outcome: "UNCHANGED", release: 3 });
    expect(await world.import(retiring)).toEqual({ outcome: "UNCHANGED", release: 3 });
    expect(await world.import({ ...sound, ...retiring })).toEqual({ outcome: "UNCHANGED", release: 3 });
  });

  test("nor do lists whose order means nothing", async () => {
    const spring = (conditions: string, codes: string): string =>
      `discounts: [{ key: spring, name: Spring, benefit: { amount: { EUR: 1, SEK: 10 } }, duration: ONCE, activation: CODE, codes: [${codes}], when: { ${conditions} }, from: 2026-01-01 }]`;
    await world.publish({ "base.yaml": BASE });
    await world.publish({
      "a.yaml": spring("intervals: [P1M, P1Y], segments: [a, b], channels: [app, web], plans: [free, premium], markets: [se, de]", "ABC, DEF"),
    });
    const otherwise = spring("markets: [de, se], plans: [premium, free], channels: [web, app], segments: [b, a], intervals: [P12M, P1M]", "DEF, ABC");
    expect(await world.import({ "a.yaml": otherwise.replace("EUR: 1, SEK: 10", "SEK: 10.00, EUR: 1.0") })).toEqual({ outcome: "UNCHANGED", release: 2 });
  });

  test("and so do none", async () => {
    expect(await world.import({ "none.yaml": "plans: []\n" })).toEqual({ outcome: "UNCHANGED", release: 0 });
    expect(await world.import({ "none.csv": "plan,market,currency,interval,amount,from\n" })).toEqual({ outcome: "UNCHANGED", release: 0 });
    expect(await world.refuse([])).toEqual(["null:null FILE_UNREADABLE"]);
  });
});

describe("retiring", () => {
  beforeEach(() => world.publish({ "base.yaml": BASE }));

  test("a plan ends its entitlements, prices and offers, and leaves what was before", async () => {
    await world.publish({
      "a.yaml": "discounts: [{ key: student, name: Student, benefit: { percent: 50 }, duration: FOREVER, activation: AUTOMATIC, from: 2026-01-01 }]\n",
    });
    const { changes } = await world.publish({ "b.yaml": "retire: { plans: [premium, extra] }\n" });
    expect(changes).toMatchObject({ plan: { ended: 2 }, plan_add_on: { ended: 1 }, entitlement: { ended: 5 }, price: { ended: 3 }, discount: { ended: 0 } });
    expect(await world.query("select key from plan where since_release <= 1 order by key")).toHaveLength(3);
    expect(await world.query("select amount_minor, until_release from price where market_key = 'se'")).toEqual([{ amount_minor: 11900n, until_release: 3n }]);
  });

  test("an add-on ends the offers of it by plans that stay", async () => {
    const { changes } = await world.publish({ "b.yaml": "retire: { plans: [extra] }\n" });
    expect(changes).toMatchObject({ plan: { ended: 1 }, plan_add_on: { ended: 1 }, entitlement: { ended: 1 } });
  });

  test("a discount ends its conditions and codes, and the word may claim another", async () => {
    const next =
      "discounts: [{ key: pupil, name: Pupil, benefit: { freePeriods: 1 }, activation: CODE, codes: [student26], from: 2026-01-01 }]\nretire: { discounts: [student] }\n";
    const { changes } = await world.publish({ "b.yaml": next });
    expect(changes).toMatchObject({
      discount: { added: 1, ended: 1 },
      discount_plan: { ended: 1 },
      discount_market: { ended: 1 },
      code: { changed: 1, ended: 0 },
    });
    expect(await world.query("select word, discount_key from code where until_release is null")).toEqual([{ word: "student26", discount_key: "pupil" }]);
  });

  test("what is needed works once it is needed no more", async () => {
    const premium = `plans:\n- ${PREMIUM.trim()}\n  entitlements: { downloads: { value: true, existing: FOLLOW }, quality: HIGH, hours: 15 }\n`;
    const { changes } = await world.publish({ "b.yaml": `${premium}retire: { markets: [de], prices: ['premium/de/EUR/P1Y/*/*/20270101T000000Z'] }\n` });
    expect(changes).toMatchObject({ market: { ended: 1 }, price: { ended: 1 }, entitlement: { ended: 1, changed: 0 } });
  });
});

describe("--replace", () => {
  beforeEach(() => world.publish({ "base.yaml": BASE }));

  test("ends what the files do not name", async () => {
    const whole = BASE.replace(/discounts:[\s\S]*$/, "").replace(/ {2}- \{ plan: premium, market: de.*\n/, "");
    const { changes } = await world.publish({ "whole.yaml": whole }, { replace: true });
    expect(changes).toMatchObject({ discount: { ended: 1 }, code: { ended: 1 }, price: { ended: 1 }, plan: { ended: 0 } });
    expect(await world.import({ "whole.yaml": whole }, { replace: true })).toEqual({ outcome: "UNCHANGED", release: 2 });
    await world.publish({ "base.yaml": BASE }, { replace: true });
    expect(await world.import({ "base.yaml": BASE })).toEqual({ outcome: "UNCHANGED", release: 3 });
  });

  test("refuses what refers to what would be gone", async () => {
    const partial = BASE.replace(/ {2}- \{ key: hours.*\n/, "").replace(/ {2}- \{ key: de,.*\n/, "");
    expect(await world.refuse({ "p.yaml": partial }, { replace: true })).toEqual([
      "p.yaml:20 REFERENCE_RETIRED plans[1].entitlements.downloads.markets.de",
      "p.yaml:20 REFERENCE_RETIRED plans[1].entitlements.hours",
      "p.yaml:21 REFERENCE_RETIRED plans[2].entitlements.hours",
      "p.yaml:26 REFERENCE_RETIRED prices[2].market",
    ]);
  });

  test("with an empty catalog ends everything", async () => {
    await world.publish({ "none.yaml": "plans: []\n" }, { replace: true });
    expect(await world.content()).toEqual([]);
  });
});

test("a dry run tells what would change, and leaves no trace", async () => {
  const outcome = await world.import({ "base.yaml": BASE }, { dryRun: true });
  expect(outcome).toMatchObject({ outcome: "WOULD_PUBLISH", release: { number: 1 }, changes: { plan: { added: 3 } } });
  expect(await world.content()).toEqual([]);
  expect(await world.query("select * from release")).toEqual([]);
});

test("the list of tables names every data column of the database", async () => {
  const columns = await world.query<{ table: string; columns: string[] }>(
    `select table_name as "table", array_agg(column_name::text order by column_name) as columns from information_schema.columns
     where table_name in (select table_name from information_schema.columns where column_name = 'until_release' and table_schema = 'public')
       and is_generated = 'NEVER' and column_name not in ('since_release', 'until_release') and table_schema = 'public' group by table_name`,
  );
  expect(Object.fromEntries(columns.map((row) => [row.table, row.columns]))).toEqual(
    Object.fromEntries(Object.entries(VERSIONED_TABLES).map(([table, names]) => [table, [...names].sort()])),
  );
});
