import { getIntrospectionQuery, parse } from "graphql";
import { expect, test } from "vitest";
import { checkDocument, DOCUMENT_LIMITS as MAX } from "../../src/graphql/limits/document-limits.js";

function times(count: number, write: (number: number) => string): string {
  return Array.from({ length: count }, (_, number) => write(number)).join(" ");
}

/** Documents by the number of what they have. */
const LIMITED: readonly (readonly [code: string, limit: number, write: (count: number) => string])[] = [
  ["TOO_MANY_OPERATIONS", MAX.operations, (count) => times(count, (n) => `query q${n} { a }`)],
  ["TOO_MANY_FRAGMENTS", MAX.fragments, (count) => `{ a } ${times(count, (n) => `fragment f${n} on Query { a }`)}`],
  ["TOO_MANY_VARIABLES", MAX.variables, (count) => `query (${times(count, (n) => `$v${n}: Int`)}) { a }`],
  ["TOO_MANY_ALIASES", MAX.aliases, (count) => `{ a { ${times(count, (n) => `b${n}: b`)} } }`],
  ["TOO_MANY_ALIASES", MAX.aliases, (count) => `{ a { ${times(count - 2, (n) => `b${n}: b`)} ...f } c { ...f } } fragment f on A { x: b }`],
  ["TOO_MANY_ROOT_FIELDS", MAX.rootFields, (count) => `{ ${times(count, (n) => `a${n}`)} }`],
  ["TOO_MANY_ROOT_FIELDS", MAX.rootFields, (count) => `{ ...f ... { ...f } ${times(count - 2, (n) => `a${n}`)} } fragment f on Query { a }`],
  ["TOO_MANY_DIRECTIVES", MAX.directivesAtOnce, (count) => `{ a ${times(count, () => "@b")} }`],
  ["TOO_MANY_DIRECTIVES", MAX.directives, (count) => `{ a { ${times(count, (n) => `b${n} @c`)} } }`],
  ["TOO_DEEP", MAX.depth, (count) => `${"{ a ".repeat(count)}${"}".repeat(count)}`],
  ["TOO_DEEP", MAX.depth, (count) => `{ a ${"... { ".repeat(count - 1)}b${"}".repeat(count)}`],
  ["TOO_DEEP", MAX.depth, (count) => `{ ...f0 } ${times(count - 2, (n) => `fragment f${n} on Query { ...f${n + 1} }`)} fragment f${count - 2} on Query { a }`],
  ["TOO_DEEP", MAX.depth, (count) => `{ a(b: ${"[".repeat(count - 1)}${"]".repeat(count - 1)}) }`],
  ["TOO_DEEP", MAX.depth, (count) => `{ a(b: ${"{c:".repeat(count - 1)}1${"}".repeat(count - 1)}) }`],
  ["TOO_DEEP", MAX.depth, (count) => `query ($v: ${"[".repeat(count)}Int${"]".repeat(count)}) { a }`],
  // One fragment of a thousand selections, which count where it is and twice where it is spread.
  [
    "TOO_MANY_SELECTIONS",
    MAX.selections,
    (count) => `{ a { ${times(count - 3_003, (n) => `b${n}`)} ...f ...f } } fragment f on A { ${times(1_000, (n) => `c${n}`)} }`,
  ],
];

test.each(LIMITED)("%s: %i are taken, one more is not", (code, limit, write) => {
  expect(checkDocument(parse(write(limit)))).toBeNull();
  const refusal = checkDocument(parse(write(limit + 1)));
  expect(refusal?.extensions).toEqual({ code, limit, http: { status: 400 } });
  expect(refusal?.message).toContain(String(limit));
});

test("fields that share a name are counted where they meet, whatever way they came", () => {
  // 100 of one name are 4,950 pairs, and 101 are 5,050.
  const SAME: readonly ((count: number) => string)[] = [
    (count) => `{ a { ${times(count, () => "b")} } }`,
    (count) => `{ a { ${times(count, () => "... { b }")} } }`,
    (count) => `{ x } fragment f on Query { a { ${times(count, () => "b")} } }`,
    (count) => `{ a { ${times(count - 1, () => "b")} ...f } } fragment f on A { b }`,
  ];
  for (const write of SAME) {
    expect(checkDocument(parse(write(100)))).toBeNull();
    expect(checkDocument(parse(write(101)))?.extensions["code"]).toBe("TOO_MANY_REPEATS");
  }
  // Below two fields of one name, all that is selected meets.
  expect(checkDocument(parse(`{ ${times(2, () => `a { ${times(60, () => "b")} }`)} }`))?.extensions["code"]).toBe("TOO_MANY_REPEATS");
  // In two places they do not.
  expect(checkDocument(parse(`{ ${times(2, (n) => `a${n} { ${times(60, () => "b")} }`)} }`))).toBeNull();
});

test("fragments that unfold beyond all numbers are counted, not unfolded", () => {
  const doubling = `{ ...f0 } ${times(28, (n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`)} fragment f28 on Query { a { b } }`;
  expect(checkDocument(parse(doubling))?.extensions["code"]).toMatch(/^TOO_MANY_(ROOT_FIELDS|SELECTIONS)$/);
});

test("fragments in circles are refused, wherever they are", () => {
  for (const document of ["{ ...a } fragment a on Q { ...a }", "{ x } fragment a on Q { b { ...c } } fragment c on Q { ...a }"]) {
    expect(checkDocument(parse(document))?.extensions["code"]).toBe("GRAPHQL_VALIDATION_FAILED");
  }
});

test("what explorers and clients ask for is taken", () => {
  expect(checkDocument(parse(getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true, schemaDescription: true })))).toBeNull();
  // A node of any type, with what a client of Relay writes for each.
  const node = `{ node(id: "x") { __typename id ${times(9, (n) => `... on T${n} { ...f${n} }`)} } } ${times(9, (n) => `fragment f${n} on T${n} { __typename id key name description }`)}`;
  expect(checkDocument(parse(node))).toBeNull();
});
