import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { problemList } from "../../src/catalog/import/problem.js";
import { readPriceList, type Row } from "../../src/catalog/import/reading/price-list.js";

const COLUMNS = { known: ["plan", "amount", "tiers"], needed: ["plan"] };

async function read(...pieces: (string | Uint8Array)[]) {
  const problems = problemList();
  const rows: Row[] = [];
  const file = {
    name: "f.csv",
    async *open() {
      for (const piece of pieces) yield typeof piece === "string" ? Buffer.from(piece) : piece;
    },
  };
  for await (const some of readPriceList(file, COLUMNS, problems.report)) rows.push(...some);
  return { rows: rows.map(({ line, cells }) => ({ line, ...cells })), problems: problems.first().map(({ line, code }) => `${line} ${code}`) };
}

describe("rows know the line that they begin in", () => {
  test.each`
    what                            | text                                                      | rows
    ${"lines that end in CR LF"}    | ${"plan,amount\r\nduo,1\r\nsolo,2\r\n"}                   | ${[[2, "duo"], [3, "solo"]]}
    ${"no line end at the end"}     | ${"plan,amount\nduo,1\nsolo,2"}                           | ${[[2, "duo"], [3, "solo"]]}
    ${"a byte order mark"}          | ${"\uFEFFplan,amount\nduo,1\n"}                           | ${[[2, "duo"]]}
    ${"one before a quote"}         | ${'\uFEFF"plan","amount"\n"duo","1"\n'}                   | ${[[2, "duo"]]}
    ${"empty lines and empty rows"} | ${"\n\nplan,amount\n\nduo,1\n,\n  ,  \nsolo,2\n\n"}       | ${[[5, "duo"], [8, "solo"]]}
    ${"cells of several lines"}     | ${'plan,tiers\nduo,"1@2;\n*@3"\nsolo,"*@\r\n4"\nfree,\n'} | ${[[2, "duo"], [4, "solo"], [6, "free"]]}
    ${"columns in another order"}   | ${"amount,plan\n1,duo\n"}                                 | ${[[2, "duo"]]}
    ${"spaces around cells"}        | ${"plan , amount\n duo\t, 1 \n"}                          | ${[[2, "duo"]]}
  `("$what", async ({ text, rows }) => {
    const found = await read(text);
    expect(found.problems).toEqual([]);
    expect(found.rows.map(({ line, ...cells }) => [line, (cells as Record<string, string>)["plan"]])).toEqual(rows);
  });

  test("however the bytes arrive", async () => {
    const text = `plan,amount,tiers\r\n${Array.from({ length: 40 }, (_, index) => `dué😀${index},${index}.5,"*@\n${index}"\n`).join("")}`;
    const bytes = Buffer.from(text);
    const whole = await read(bytes);
    expect(whole.rows).toHaveLength(40);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        expect(await read(...at.slice(1).map((end, index) => bytes.subarray(at[index], end)))).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });
});

test("empty cells are absent", async () => {
  expect((await read("plan,amount,tiers\nduo,,\n")).rows).toEqual([{ line: 2, plan: "duo" }]);
  expect((await read('plan,amount\nduo,""\n')).rows).toEqual([{ line: 2, plan: "duo" }]);
});

describe("a row that cannot be read does not hide the others", () => {
  test.each`
    what                            | text                                                | plans       | problems
    ${"too few cells"}              | ${"plan,amount\nduo\nsolo,2\n"}                     | ${["solo"]} | ${["2 ROW_WRONG_LENGTH"]}
    ${"too many cells"}             | ${"plan,amount\nduo,1,2\nsolo,2\n"}                 | ${["solo"]} | ${["2 ROW_WRONG_LENGTH"]}
    ${"a control character"}        | ${"plan,amount\nd\u0007o,1\nsolo,2\n"}              | ${["solo"]} | ${["2 TEXT_NOT_ALLOWED"]}
    ${"a quote that never ends"}    | ${'plan,amount\nduo,1\nsolo,"2\nfree,3\n'}          | ${["duo"]}  | ${["3 CSV_SYNTAX"]}
    ${"something after a quote"}    | ${'plan,amount\nduo,1\nsolo,"2"3\nfree,3\n'}        | ${["duo"]}  | ${["3 CSV_SYNTAX"]}
    ${"a quote within a cell"}      | ${'plan,amount\nduo,1\nsolo,2"\nfree,3\n'}          | ${["duo"]}  | ${["3 CSV_SYNTAX"]}
    ${"a NUL byte"}                 | ${"plan,amount\nduo,1\nsol\u0000o,2\nfree,3\n"}     | ${["duo"]}  | ${["3 FILE_NOT_UTF8"]}
    ${"a row without end"}          | ${`plan,amount\nduo,1\n${"x".repeat(200_000)},1\n`} | ${["duo"]}  | ${["3 FILE_TOO_LARGE"]}
    ${"an unknown column"}          | ${"plan,Amount\nduo,1\n"}                           | ${["duo"]}  | ${["1 COLUMN_UNKNOWN"]}
    ${"a column without a name"}    | ${"plan,\nduo,1\n"}                                 | ${["duo"]}  | ${["1 COLUMN_UNKNOWN"]}
    ${"a column given twice"}       | ${"plan,amount,plan\nduo,1,solo\n"}                 | ${["duo"]}  | ${["1 COLUMN_TWICE"]}
    ${"a needed column is missing"} | ${"amount\n1\n"}                                    | ${[]}       | ${["1 COLUMN_MISSING"]}
    ${"separated by tabs"}          | ${"plan\tamount\nduo\t1\n"}                         | ${[]}       | ${["1 CSV_SYNTAX"]}
    ${"nothing but lines"}          | ${"\n\n"}                                           | ${[]}       | ${["1 FILE_EMPTY"]}
  `("$what", async ({ text, plans, problems }) => {
    const found = await read(text);
    expect({ plans: found.rows.map((row) => (row as Record<string, unknown>)["plan"]), problems: found.problems }).toEqual({ plans, problems });
  });

  test("bytes that are no text", async () => {
    const found = await read("plan,amount\nduo,1\n", Buffer.from([0xe9, 0x0a]), "solo,2\n");
    expect(found).toEqual({ rows: [{ line: 2, plan: "duo", amount: "1" }], problems: ["3 FILE_NOT_UTF8"] });
  });
});

test("a list of any length is read piece by piece", async () => {
  const problems = problemList();
  const chunk = Buffer.from("duo,1\n".repeat(10_000));
  const file = {
    name: "f.csv",
    async *open() {
      yield Buffer.from("plan,amount\n");
      for (let index = 0; index < 20; index++) yield chunk;
    },
  };
  let rows = 0;
  let largest = 0;
  for await (const some of readPriceList(file, COLUMNS, problems.report)) {
    rows += some.length;
    largest = Math.max(largest, some.length);
  }
  expect({ rows, problems: problems.count() }).toEqual({ rows: 200_000, problems: 0 });
  expect(largest).toBeLessThanOrEqual(10_001);
});
