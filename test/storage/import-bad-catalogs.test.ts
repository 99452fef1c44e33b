import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROBLEM_CODES } from "../../src/catalog/import/problem-codes.js";
import { filesOnDisk } from "../../src/catalog/import/storage/files-on-disk.js";
import { BAD } from "./bad-catalogs.js";
import { importWorld, type ImportWorld } from "./import-world.js";

const FOLDER = join(import.meta.dirname, "..", "fixtures", "bad-catalogs");

/** Found only where no file can cause it, or shown by a test of its own. */
const ELSEWHERE = ["FILE_UNREADABLE", "DATABASE_REFUSED"];

let world: ImportWorld;
let before: string[];

beforeAll(async () => {
  world = await importWorld();
  await world.publish(await filesOnDisk([join(FOLDER, "_base.yaml")]));
  before = await world.content();
});

afterAll(() => world.stop());

describe("a bad catalog is refused with every problem, each with its line", () => {
  test.each(BAD)("%s", async (name, ...problems) => {
    const files = (await filesOnDisk([join(FOLDER, name)])).map((file) => ({ ...file, name: file.name.slice(join(FOLDER, name).length + 1) || name }));
    const found = await world.refuse(files);
    expect(found.map((problem) => problem.replace(`${name}:`, ""))).toEqual(problems);
  });

  test("and nothing of it is written", async () => {
    expect(await world.content()).toEqual(before);
    expect(await world.query("select number from release")).toEqual([{ number: 1n }]);
  });
});

test("every fixture is in the table", async () => {
  const fixtures = (await readdir(FOLDER)).filter((name) => name !== "_base.yaml");
  expect(BAD.map(([name]) => name).sort()).toEqual(fixtures.sort());
});

test("every code of a problem has a catalog that causes it", () => {
  const caused = new Set(BAD.flatMap(([, ...problems]) => problems.map((problem) => problem.split(" ")[1])));
  expect(Object.keys(PROBLEM_CODES).filter((code) => !caused.has(code) && !ELSEWHERE.includes(code))).toEqual([]);
});
