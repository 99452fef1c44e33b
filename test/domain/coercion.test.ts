import fc from "fast-check";
import { buildSchema, getVariableValues, parse, type GraphQLScalarType, type OperationDefinitionNode } from "graphql";
import { expect, test } from "vitest";
import { Coercion } from "../../src/graphql/compiled/coercion.js";

const schema = buildSchema(`
  scalar Even
  enum Size { SMALL LARGE }
  input By { name: String = "rank", down: Boolean, size: Size! = LARGE, even: Even, length: Int }
  input Deep { by: By, bys: [By!], ints: [[Int]]!, deep: Deep, id: ID! }
  input Choice @oneOf { one: Int, other: By }
  type Query { all(a: Int, b: Int!, c: [Int!], d: [[String]], e: Deep, f: [By!]!, g: Size, h: Even!, i: Choice): Int }
`);
(schema.getType("Even") as GraphQLScalarType).parseValue = (value) => {
  if (typeof value !== "number") throw new TypeError("no number");
  return value % 2 === 0 ? { even: value } : undefined;
};

const VARIABLES = [
  "a: Int",
  "a: Int = 3",
  "a: Int!",
  "c: [Int!]",
  "d: [[String]] = [[null], []]",
  "e: Deep",
  "e: Deep!",
  "f: [By!]!",
  "f: By",
  "g: Size = SMALL",
  "h: Even",
  "i: Choice",
];

const leaf = fc.constantFrom<unknown>(0, 1, 2, 2.5, -1, 2 ** 40, "", "SMALL", "LARGE", "x", true, null);
const name = fc.constantFrom("name", "down", "size", "even", "by", "bys", "ints", "deep", "id", "one", "other", "unknown", "toString", "length");
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(name, tie("value"), { maxKeys: 4 }),
    fc.record(
      { ints: fc.constantFrom([], 3, [[1], 2]), id: fc.constantFrom(1, "one"), deep: tie("value"), by: fc.constantFrom({}, { down: true }) },
      { requiredKeys: ["ints", "id"] },
    ),
  ),
}));

/** As they come out of JSON. */
const given = fc
  .dictionary(fc.constantFrom("a", "c", "d", "e", "f", "g", "h", "i"), value, { maxKeys: 5 })
  .map((values) => JSON.parse(JSON.stringify(values)) as Record<string, unknown>);

test("variables are read as graphql-js reads them, or left to it", () => {
  const seen = { read: 0, wrong: 0 };
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom(...VARIABLES), { minLength: 1, maxLength: 4, selector: (text) => text[0] }), given, (variables, values) => {
      const operation = parse(`query (${variables.map((variable) => `$${variable}`).join(", ")}) { all(b: 1) }`).definitions[0] as OperationDefinitionNode;
      const coerced = new Coercion(schema, operation).coerce(values);
      const expected = getVariableValues(schema, operation.variableDefinitions ?? [], values).coerced ?? null;
      const isOfOneField = JSON.stringify(variables).includes("Choice") && values["i"] != null;
      if (!isOfOneField) expect(coerced).toEqual(expected);
      // The order of keys is that of graphql-js, too.
      if (!isOfOneField) expect(JSON.stringify(coerced)).toBe(JSON.stringify(expected));
      else expect(coerced).toBeNull();
      seen[coerced === null ? "wrong" : "read"]++;
    }),
    { numRuns: 5_000 },
  );
  expect(seen.read).toBeGreaterThan(500);
  expect(seen.wrong).toBeGreaterThan(500);
});

test("a variable may have any name, also one that means something to objects", () => {
  const names = ["__proto__", "constructor", "toString"];
  const operation = parse(`query (${names.map((name) => `$${name}: By`).join(", ")}) { all(b: 1) }`).definitions[0] as OperationDefinitionNode;
  const values = JSON.parse(`{${names.map((name) => `"${name}": { "down": true }`).join(", ")}}`) as Record<string, unknown>;
  for (const some of [values, {}]) {
    const coerced = new Coercion(schema, operation).coerce(some) ?? {};
    expect(Object.entries(coerced)).toEqual(Object.entries(getVariableValues(schema, operation.variableDefinitions ?? [], some).coerced ?? {}));
  }
});
