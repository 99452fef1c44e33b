import { isListType, isNonNullType, isObjectType, getNamedType } from "graphql";
import { describe, expect } from "vitest";
import { test, type Answer } from "../support/api.js";

function costOf({ text }: Answer): { requested: number; actual: number; limit: number; remaining: number | null } {
  return JSON.parse(text).extensions.cost;
}

const FIELDS = "{ edges { node { key } } }";

/** The same page of 40 plans, asked for in every way that there is. */
const WAYS = [
  ["a literal", `{ plans(first: 40) ${FIELDS} }`, {}],
  ["a variable", `query ($n: Int) { plans(first: $n) ${FIELDS} }`, { n: 40 }],
  ["a variable's default", `query ($n: Int = 40) { plans(first: $n) ${FIELDS} }`, {}],
  ["a variable that overrules a default", `query ($n: Int = 1) { plans(first: $n) ${FIELDS} }`, { n: 40 }],
  ["the end of the list", `query ($n: Int!) { plans(last: $n) ${FIELDS} }`, { n: 40 }],
  ["an alias", `{ few: plans(first: 40) ${FIELDS} }`, {}],
  ["a fragment", `{ ...f } fragment f on Query { plans(first: 40) { ...g } } fragment g on PlanConnection ${FIELDS}`, {}],
  ["an inline fragment", `{ ... { ... on Query { plans(first: 40) { ... on PlanConnection ${FIELDS} } } } }`, {}],
  ["edges in pieces", `{ plans(first: 40) { edges { node { key } } } }`, {}],
  ["a condition", `query ($yes: Boolean = true) { plans(first: 40) @include(if: $yes) { edges @skip(if: false) { node { key } } } }`, {}],
] as const;

describe("what an operation costs is the same, whether its page size is", () => {
  for (const [way, document, variables] of WAYS) {
    test(way, async ({ gateway }) => {
      const plain = costOf(await gateway.anonymous.query(`{ plans(first: 40) ${FIELDS} }`));
      expect(costOf(await gateway.anonymous.query(document, variables))).toEqual(plain);
      // The root, and an edge with its node and its key, forty times.
      expect(plain.requested).toBe(500 + 1 + 40 * 2);
    });
  }
});

describe("input objects count as they are", () => {
  const quote = (input: string, variables = ""): string => `query ${variables} { quote(input: ${input}) { __typename } }`;
  const WAYS_OF_INPUT = [
    ["a literal", quote('{ market: "se", channel: "web", items: [{ plan: "premium-individual" }], periods: 12 }'), {}],
    ["a variable", quote("$input", "($input: QuoteInput!)"), { input: { market: "se", channel: "web", items: [{ plan: "premium-individual" }], periods: 12 } }],
    [
      "a variable's default",
      quote("$input", '($input: QuoteInput! = { market: "se", channel: "web", items: [{ plan: "premium-individual" }], periods: 12 })'),
      {},
    ],
    [
      "a variable within",
      quote('{ market: "se", channel: "web", items: $items, periods: $n }', "($items: [QuoteItemInput!]!, $n: Int! = 12)"),
      { items: [{ plan: "premium-individual" }] },
    ],
  ] as const;
  for (const [way, document, variables] of WAYS_OF_INPUT) {
    test(way, async ({ gateway }) => {
      const answer = await gateway.anonymous.query(document, variables);
      expect(answer.errors).toEqual([]);
      const shorter = await gateway.anonymous.query(quote('{ market: "se", channel: "web", items: [{ plan: "premium-individual" }], periods: 1 }'));
      expect(costOf(answer).requested - costOf(shorter).requested).toBe(11 * 15);
    });
  }
});

describe("what it cost in truth", () => {
  test("is what was asked for, where lists are as long as they may be", async ({ gateway }) => {
    const { requested, actual } = costOf(await gateway.anonymous.query(`{ plans(first: 3) ${FIELDS} }`));
    expect(actual).toBe(requested);
  });

  test("is less by what there was not", async ({ gateway }) => {
    const { data, ...answer } = await gateway.anonymous.query(
      '{ plans(first: 100) { totalCount edges { node { key prices(market: "se") { key channel } } } } }',
    );
    const { requested, actual } = costOf({ data, ...answer });
    const edges = data.plans.edges as { node: { prices: unknown[] } }[];
    const prices = edges.reduce((sum, { node }) => sum + node.prices.length, 0);
    expect(actual).toBe(500 + 50 + 1 + edges.length * 3 + prices * 2);
    expect(requested).toBe(500 + 50 + 1 + 100 * (3 + 20 * 2));
  });

  test("is nearly nothing for an empty page", async ({ gateway }) => {
    const { actual } = costOf(await gateway.anonymous.query(`{ plans(first: 100, filter: { keys: ["nothing-of-ours"] }) ${FIELDS} }`));
    expect(actual).toBe(501);
  });

  test("is never more than was taken for it, nor nothing", async ({ gateway }) => {
    const documents = [
      ...[
        '{ product(key: "music") { plans { key } } }',
        "{ __typename }",
        "{ rateLimit { limit } }",
        '{ plan(key: "not-there") { prices(market: "se") { key } } }',
      ],
      // One fragment in pages of several sizes: what is given back has to be certain.
      "{ a: plans(first: 1) { ...p } b: plans(first: 100) { ...p } c: plans(first: 1) { ...p } } fragment p on PlanConnection { edges { node { key } } }",
      "{ plans(first: 2) { edges { node { key } } edges { node { rank product { plans { key } } } } } }",
    ];
    for (const document of documents) {
      const { requested, actual } = costOf(await gateway.anonymous.query(document));
      expect(actual, document).toBeLessThanOrEqual(requested);
      expect(actual, document).toBeGreaterThanOrEqual(1);
    }
  });

  test("is not lowered by fragments that several pages share", async ({ gateway }) => {
    const shared = "{ a: plans(first: 1) { ...p } b: plans(first: 100) { ...p } } fragment p on PlanConnection { edges { node { key } } }";
    const apart = `{ a: plans(first: 1) ${FIELDS} b: plans(first: 100) ${FIELDS} }`;
    const one = costOf(await gateway.anonymous.query(shared));
    const other = costOf(await gateway.anonymous.query(apart));
    expect(one.requested).toBe(other.requested);
    expect(one.actual).toBeGreaterThanOrEqual(other.actual);
  });

  test("is in every answer of what ran, also with errors, and in none of what did not", async ({ gateway }) => {
    expect(costOf(await gateway.anonymous.query('{ plan(key: "free") { key internalNote } }'))).toMatchObject({ limit: 50_000, remaining: null });
    for (const document of ["{", "{ nope }", "query ($n: Int!) { plans(first: $n) { totalCount } }"]) {
      expect(JSON.parse((await gateway.anonymous.query(document)).text).extensions, document).toBeUndefined();
    }
  });
});

test("every field with a page size answers a connection, which is what the estimate counts pages by", ({ gateway }) => {
  for (const type of Object.values(gateway.app.schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      const named = getNamedType(field.type);
      const hasPages = field.args.some(({ name }) => name === "first" || name === "last");
      expect(named.name.endsWith("Connection"), `${type.name}.${field.name}`).toBe(hasPages);
      if (!type.name.endsWith("Connection")) continue;
      const nullable = isNonNullType(field.type) ? field.type.ofType : field.type;
      expect(isListType(nullable), `${type.name}.${field.name}`).toBe(field.name === "edges");
    }
  }
});
