import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { didYouMean, nearest } from "../../src/catalog/import/nearest.js";
import { problemList } from "../../src/catalog/import/problem.js";
import { PROBLEM_CODES } from "../../src/catalog/import/problem-codes.js";
import { fileFromText } from "../../src/catalog/import/reading/catalog-file.js";
import { readDocument } from "../../src/catalog/import/reading/document.js";
import { noDrafts, readDrafts } from "../../src/catalog/import/reading/drafts.js";
import { PRICE_COLUMNS } from "../../src/catalog/import/shapes/price.shape.js";

const DOCS = await readFile(join(import.meta.dirname, "..", "..", "docs", "catalog-files.md"), "utf8");

describe("a list of problems", () => {
  const at = (file: string | null, line: number | null) => ({ file, line, path: "" });

  test("is in the order of files and lines, with those of no file at the end", () => {
    const { report, first } = problemList();
    for (const place of [at("b", 1), at(null, null), at("a", 10), at("a", 9), at("a", null)]) report(place, "KEY_TWICE", "Again.");
    expect(first().map(({ file, line }) => [file, line])).toEqual([
      ["a", 9],
      ["a", 10],
      ["a", null],
      ["b", 1],
      [null, null],
    ]);
  });

  test("keeps the first ones whatever the order in which they are found, and counts all", () => {
    const { report, countMore, count, first } = problemList(10);
    for (let line = 1_000; line > 0; line--) report(at("a", line), "KEY_TWICE", "Again.");
    countMore(5);
    expect(first().map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(count()).toBe(1_005);
  });
});

describe("what was probably meant", () => {
  test.each`
    word              | candidates                     | meant
    ${"descripton"}   | ${["description", "duration"]} | ${"description"}
    ${"HIHG"}         | ${["HIGH", "NORMAL"]}          | ${"HIGH"}
    ${"tax_included"} | ${["taxIncluded", "tiers"]}    | ${"taxIncluded"}
    ${"Plan"}         | ${["planet", "plan"]}          | ${"plan"}
    ${"x"}            | ${["y"]}                       | ${null}
    ${"colour"}       | ${["name", "key", "kind"]}     | ${null}
    ${"plan"}         | ${[]}                          | ${null}
  `("of $candidates by $word is $meant", ({ word, candidates, meant }) => {
    expect(nearest(word, candidates)).toBe(meant);
  });

  test("is not looked for when the word is long: that would take long too", () => {
    expect(didYouMean("a".repeat(81), ["a".repeat(80)])).toBe("");
  });
});

describe("docs/catalog-files.md", () => {
  test("explains every code", () => {
    const table = DOCS.slice(DOCS.indexOf("| code | meaning |")).trimEnd().split("\n").slice(2);
    expect(table).toEqual(Object.entries(PROBLEM_CODES).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`));
  });

  test("explains every column of a price list", () => {
    const table = DOCS.slice(DOCS.indexOf("| column |"), DOCS.indexOf("A price's key is"));
    const columns = table.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map((match) => match[1]));
    expect(columns.sort()).toEqual([...PRICE_COLUMNS.known].sort());
  });

  test("has an example that can be read", async () => {
    const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(DOCS) ?? [];
    const { report, first } = problemList();
    const drafts = noDrafts();
    const tree = await readDocument(fileFromText("example.yaml", example), "YAML", report);
    if (tree) readDrafts(tree, drafts, report);
    expect(first()).toEqual([]);
    expect(Object.values(drafts).every((some) => some.length > 0)).toBe(true);
  });
});
