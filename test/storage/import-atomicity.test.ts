import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { importCatalog } from "../../src/catalog/import/import-catalog.service.js";
import { fileFromText, UnreadableFile, type CatalogFile } from "../../src/catalog/import/reading/catalog-file.js";
import { pgImportRepository } from "../../src/catalog/import/storage/pg-import.repository.js";
import { importWorld, type ImportWorld } from "./import-world.js";

const STRUCTURE = `
markets: [{ key: se, country: SE, name: Sweden, currency: SEK, timeZone: Europe/Stockholm }]
products: [{ key: music, name: Music }]
plans: [{ key: duo, product: music, rank: 1, name: Duo }, { key: solo, product: music, rank: 2, name: Solo }]
`;

const HEADER = "plan,market,currency,interval,segment,amount,from\n";
const row = (index: number, amount: string | number): string => `duo,se,SEK,P1M,s${index},${amount},2026-01-01\n`;
const rows = (count: number): string[] => Array.from({ length: count }, (_, index) => row(index, index));

let world: ImportWorld;
beforeEach(async () => {
  world = await importWorld();
});
afterEach(() => world.stop());

describe("one release or nothing", () => {
  test("one bad row in ten thousand writes nothing", async () => {
    const bad = rows(10_000);
    bad[7_000] = row(7_000, "9.999");
    expect(await world.refuse({ "a.yaml": STRUCTURE, "p.csv": HEADER + bad.join("") })).toEqual(["p.csv:7002 AMOUNT_WRONG_DIGITS amount"]);
    expect(await world.content()).toEqual([]);
    const { changes } = await world.publish({ "a.yaml": STRUCTURE, "p.csv": HEADER + rows(10_000).join("") });
    expect(changes.price.added).toBe(10_000);
  });

  test("of very many problems the first are shown, by file and line, and all are counted", async () => {
    const bad = rows(3_000).map((text, index) => (index % 2 === 0 ? text.replace("duo", "due") : text));
    const twice = rows(3_000).filter((_, index) => index % 2 === 1);
    const outcome = await world.import({ "a.yaml": STRUCTURE, "p.csv": HEADER + bad.join(""), "q.csv": HEADER + twice.join("") });
    if (outcome.outcome !== "REFUSED") throw new Error("Expected a refusal");
    expect(outcome.problemCount).toBe(3_000);
    expect(outcome.problems).toHaveLength(1_000);
    expect(outcome.problems.map(({ line }) => line)).toEqual(Array.from({ length: 1_000 }, (_, index) => 2 * index + 2));
    expect(outcome.problems[0]).toMatchObject({ code: "PLAN_UNKNOWN", message: expect.stringContaining('Did you mean "duo"?') });
  });

  test("a file that breaks off writes nothing", async () => {
    const broken: CatalogFile = {
      name: "p.csv",
      async *open() {
        yield Buffer.from(HEADER + row(1, 1));
        throw new UnreadableFile("p.csv is gone.");
      },
    };
    expect(await world.refuse([fileFromText("a.yaml", STRUCTURE), broken])).toEqual(["p.csv:1 FILE_UNREADABLE"]);
    expect(await world.content()).toEqual([]);
  });

  test("a connection that is lost on the way writes nothing, and does not hold the catalog", async () => {
    const cut: CatalogFile = {
      name: "p.csv",
      async *open() {
        yield Buffer.from(HEADER + rows(100).join(""));
        await world.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%(long)' and datname = current_database()");
        yield Buffer.from(row(200, 200));
      },
    };
    await expect(world.import([fileFromText("a.yaml", STRUCTURE), cut])).rejects.toThrow();
    expect(await world.content()).toEqual([]);
    await world.publish({ "a.yaml": STRUCTURE });
  });

  test("what only the database sees is a problem of its own", async () => {
    // As another program would leave it that writes to the same tables.
    await world.query("alter table product add constraint product_has_no_jazz check (name <> 'Jazz')");
    await world.query("comment on constraint product_has_no_jazz on product is 'We never sell it.'");
    const outcome = await world.import({ "a.yaml": "products: [{ key: jazz, name: Jazz }]" });
    expect(outcome).toMatchObject({
      outcome: "REFUSED",
      problems: [{ code: "DATABASE_REFUSED", file: null, line: null, message: expect.stringContaining("product_has_no_jazz: We never sell it.") }],
    });
    expect(await world.content()).toEqual([]);
  });

  test("any other fault stays a fault", async () => {
    await world.query("alter table product rename column description to words");
    await expect(world.import({ "a.yaml": STRUCTURE })).rejects.toThrow(pg.DatabaseError);
    expect(await world.query("select * from release")).toEqual([]);
  });
});

describe("two imports at once", () => {
  test("come one after the other, and both land", async () => {
    await world.publish({ "a.yaml": STRUCTURE });
    const outcomes = await Promise.all([
      world.import({ "p.csv": HEADER + rows(500).join("") }),
      world.import({ "q.csv": HEADER + rows(500).join("").replaceAll("duo", "solo") }),
    ]);
    expect(outcomes).toMatchObject([{ outcome: "PUBLISHED" }, { outcome: "PUBLISHED" }]);
    expect(outcomes.map((outcome) => (outcome.outcome === "PUBLISHED" ? outcome.release.number : 0)).sort()).toEqual([2, 3]);
    expect(await world.query("select count(*) from price where until_release is null")).toEqual([{ count: 1000n }]);
  });

  test("of the same files, one makes the release and the other none", async () => {
    const files = { "a.yaml": STRUCTURE, "p.csv": HEADER + rows(200).join("") };
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => world.import(files)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(["PUBLISHED", "UNCHANGED", "UNCHANGED", "UNCHANGED"]);
  });

  test("the second is checked against what the first has released", async () => {
    await world.publish({ "a.yaml": STRUCTURE });
    let isRetired: Promise<unknown> = Promise.resolve();
    const slow: CatalogFile = {
      name: "p.csv",
      async *open() {
        // The other begins while this one holds the head, so it has to wait.
        isRetired = world.publish({ "r.yaml": "retire: { plans: [duo] }\n" });
        await new Promise((resolve) => setTimeout(resolve, 300));
        yield Buffer.from(HEADER + row(1, 1));
      },
    };
    expect(await world.import([slow])).toMatchObject({ outcome: "PUBLISHED", release: { number: 2 } });
    expect(await isRetired).toMatchObject({ release: { number: 3 }, changes: { price: { ended: 1 } } });
  });
});

test("progress is told on the way", async () => {
  const steps: string[] = [];
  const files = [fileFromText("a.yaml", STRUCTURE), fileFromText("p.csv", HEADER + rows(50).join(""))];
  await importCatalog({
    imports: pgImportRepository(world.database),
    files,
    options: { author: "tester" },
    clock: { now: () => world.now },
    onProgress: ({ step, prices }) => steps.push(`${step} ${prices}`),
  });
  expect(steps.filter((step) => !step.startsWith("PRICES"))).toEqual(["READING 0", "WAITING 0", "COMPARING 50", "RELEASING 50"]);
  expect(steps).toContain("PRICES 50");
});
