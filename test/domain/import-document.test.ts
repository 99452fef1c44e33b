import fc from "fast-check";
import { stringify } from "yaml";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../src/catalog/import/limits.js";
import { problemList } from "../../src/catalog/import/problem.js";
import { fileFromText } from "../../src/catalog/import/reading/catalog-file.js";
import { readDocument } from "../../src/catalog/import/reading/document.js";
import { findJsonTrouble } from "../../src/catalog/import/reading/strict-json.js";

async function read(text: string | Uint8Array, kind: "YAML" | "JSON" = "YAML") {
  const problems = problemList();
  const tree = await readDocument(fileFromText("f", text), kind, problems.report);
  return { tree, value: tree && JSON.parse(JSON.stringify(tree.value) ?? "null"), problems: problems.first().map(({ line, code }) => `${line} ${code}`) };
}

describe("values are read as they are written", () => {
  test.each`
    written                  | value
    ${"10.990"}              | ${"10.990"}
    ${"1e3"}                 | ${"1e3"}
    ${"0x10"}                | ${"0x10"}
    ${"010"}                 | ${"010"}
    ${"1_000"}               | ${"1_000"}
    ${".inf"}                | ${".inf"}
    ${"9".repeat(40)}        | ${"9".repeat(40)}
    ${"NO"}                  | ${"NO"}
    ${"no"}                  | ${"no"}
    ${"yes"}                 | ${"yes"}
    ${"on"}                  | ${"on"}
    ${"2026-02-30"}          | ${"2026-02-30"}
    ${"12:30:45"}            | ${"12:30:45"}
    ${"true"}                | ${true}
    ${"FALSE"}               | ${false}
    ${'"true"'}              | ${"true"}
    ${"~"}                   | ${null}
    ${""}                    | ${null}
    ${"'null'"}              | ${"null"}
    ${'" spaces\t "'}        | ${"spaces"}
    ${'"Cafe\\u0301"'}       | ${"Café"}
    ${">\n  two\n  lines\n"} | ${"two lines"}
    ${"|\n  two\n  lines\n"} | ${"two\nlines"}
  `("$written is $value", async ({ written, value }) => {
    expect(await read(`a: ${written}`)).toMatchObject({ value: { a: value }, problems: [] });
  });

  test("numbers of JSON too", async () => {
    const text = '{\n\t"a": 10.990,\n\t"b": [1e3, true, null, "\\u00e9\\ud83d\\ude00\\/"]\n}';
    expect(await read(text, "JSON")).toMatchObject({ value: { a: "10.990", b: ["1e3", true, null, "é😀/"] }, problems: [] });
  });

  test("%YAML 1.1 does not make NO a boolean", async () => {
    expect((await read("%YAML 1.1\n---\na: NO\n")).value).toEqual({ a: "NO" });
  });

  test("names that prototypes have are names", async () => {
    expect((await read("constructor: 1\ntoString: 2\nhasOwnProperty: 3\n")).value).toEqual({ constructor: "1", toString: "2", hasOwnProperty: "3" });
  });

  test("an alias stands for its value", async () => {
    const { value, problems } = await read("a: &x { b: 1 }\nc: *x\nd: [*x, *x]\n");
    expect({ value, problems }).toEqual({ value: { a: { b: "1" }, c: { b: "1" }, d: [{ b: "1" }, { b: "1" }] }, problems: [] });
  });

  test.each(["\r\n", "\n"])("with a byte order mark, and lines that end in %j", async (end) => {
    const { tree, value } = await read(`\uFEFFa:${end}  - b${end}  - c${end}`);
    expect(value).toEqual({ a: ["b", "c"] });
    expect(tree?.place("a", 1)).toEqual({ file: "f", line: 3, path: "a[1]" });
  });
});

describe("every value knows its line", () => {
  const text = "plans:\n  - key: duo\n    entitlements:\n      lyrics:\n        value: true\n  - { key: solo,\n      rank: 1 }\n";

  test.each`
    path                                                  | line
    ${["plans"]}                                          | ${1}
    ${["plans", 0]}                                       | ${2}
    ${["plans", 0, "entitlements", "lyrics", "value"]}    | ${5}
    ${["plans", 0, "entitlements", "lyrics", "existing"]} | ${4}
    ${["plans", 1, "rank"]}                               | ${7}
    ${["plans", 2]}                                       | ${1}
  `("$path in line $line", async ({ path, line }) => {
    expect((await read(text)).tree?.place(...path).line).toBe(line);
  });

  test("paths are readable, whatever the names", async () => {
    const { tree } = await read("a: 1");
    expect(tree?.place("plans", 2, "when", "a b", "x\ny").path).toBe('plans[2].when["a b"]["x\\ny"]');
  });
});

describe("what would break the reader is refused", () => {
  test.each`
    what                           | text
    ${"lists of lists"}            | ${"[".repeat(100_000)}
    ${"maps of maps, one line"}    | ${"{a: ".repeat(100_000)}
    ${"maps of maps, each deeper"} | ${Array.from({ length: 2_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")}
    ${"items of items"}            | ${"- ".repeat(50_000)}
  `("$what, nested deeper than any stack", async ({ text }) => {
    expect((await read(text)).problems.map((problem) => problem.split(" ")[1])).toEqual(["NESTED_TOO_DEEP"]);
  });

  test("a file that does not fit into memory", async () => {
    expect((await read("a".repeat(LIMITS.documentBytes + 1))).problems).toEqual(["1 FILE_TOO_LARGE"]);
    expect((await read(`a: ${"a".repeat(LIMITS.documentBytes - 3)}`)).problems).toEqual([]);
    expect((await read(`a: [${"1,".repeat(LIMITS.documentValues)}]`)).problems).toEqual(["1 FILE_TOO_LARGE"]);
    expect((await read(`a: [${"1,".repeat(LIMITS.documentValues - 10)}]`)).problems).toEqual([]);
  });

  test("a million aliases of one large value", async () => {
    const text = `a: &a [${"x,".repeat(1_000)}]\nb: [${"*a,".repeat(200)}]\n`;
    expect((await read(text)).problems).toEqual(["2 ALIAS_UNUSABLE"]);
  });

  test("a map of very many fields takes no more time than its size", async () => {
    const text = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join("\n");
    expect(Object.keys((await read(text)).value)).toHaveLength(50_000);
  });

  test("any bytes are read or refused, never thrown at", async () => {
    const bytes = fc.oneof(
      fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 200 }),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom("YAML" as const, "JSON" as const), async (content, kind) => {
        const { tree, problems } = await read(content, kind);
        expect(tree === null && problems.length === 0).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("any value that YAML and JSON can write is read as it is", async () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from("aé😀:#-'\"{}[]&*!|>% ,1.0~")) }).map((word) => word.normalize("NFC").trim());
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.boolean(),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(
          text.filter((name) => name !== "__proto__"),
          tie("value"),
          { maxKeys: 4 },
        ),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(value, fc.boolean(), async (written, asJson) => {
        const inAMap = { a: written };
        expect((await read(asJson ? JSON.stringify(inAMap) : stringify(inAMap), asJson ? "JSON" : "YAML")).value).toEqual(inAMap);
      }),
      { numRuns: 300 },
    );
  });
});

describe("JSON is strict", () => {
  test.each`
    text                | offset
    ${'{"a": 1,}'}      | ${8}
    ${"{'a': 1}"}       | ${1}
    ${'{"a": 1 /* */}'} | ${8}
    ${"[1, 2"}          | ${5}
    ${"[1 2]"}          | ${3}
    ${"[01]"}           | ${2}
    ${"{} {}"}          | ${3}
    ${'{"a" "b"}'}      | ${5}
    ${"[}"}             | ${1}
    ${'["a\n"]'}        | ${1}
    ${""}               | ${0}
  `("$text is none from $offset on", ({ text, offset }) => {
    expect(findJsonTrouble(text)?.offset).toBe(offset);
  });

  test("and agrees with JSON.parse on every text", () => {
    const piece = fc.constantFrom(...Array.from("{}[],: \n\u00a0"), '"a"', '"\\u00e9"', '"\\x"', "1", "-0.5e3", "01", "true", "null", "nul");
    const nearly = fc
      .tuple(fc.json(), fc.nat(), piece)
      .map(([json, at, wrong]) => json.slice(0, at % (json.length + 1)) + wrong + json.slice(at % (json.length + 1)));
    const pieces = fc.array(piece, { maxLength: 12 }).map((some) => some.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.json(), nearly, pieces), (text) => {
        expect(findJsonTrouble(text) === null).toBe(isJson(text));
      }),
      { numRuns: 3_000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
