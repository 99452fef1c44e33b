import { buildSchema, execute, type GraphQLObjectType, type GraphQLScalarType, parse, type GraphQLFieldResolver, type GraphQLSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { Plan } from "../../src/graphql/compiled/plan.js";

const SDL = `
  scalar Odd
  enum Size { SMALL LARGE }
  interface Named { name: String }
  type Plan implements Named { name: String, rank: Int!, size: Size, odd: Odd, others: [Plan!], same: Plan, must: Plan!, texts: [String], product: Named, either: Either }
  type Product implements Named { name: String, plans(first: Int = 2, by: By): [Plan], few(first: Int! = 2): Int }
  union Either = Plan | Product
  input By { name: String = "rank", down: Boolean }
  type Query { plan: Plan, plans: [Plan], must: Plan!, product(key: String): Product, named: Named, either: [Either] }
`;

type Fields = Readonly<Record<string, GraphQLFieldResolver<never, unknown>>>;

function schemaWith(resolvers: Readonly<Record<string, Fields>>): GraphQLSchema {
  const schema = buildSchema(SDL);
  for (const [name, fields] of Object.entries(resolvers)) {
    const type = schema.getType(name) as GraphQLObjectType;
    for (const [field, resolve] of Object.entries(fields)) Object.assign(type.getFields()[field] ?? {}, { resolve });
  }
  const odd = schema.getType("Odd") as GraphQLScalarType;
  odd.serialize = (value) => (typeof value === "object" && value !== null && "odd" in value ? value.odd : value);
  return schema;
}

/** A schema whose plan is this value. */
const of = (plan: unknown): GraphQLSchema => schemaWith({ Query: { plan: () => plan, must: () => plan } });

const PLAN = { name: "Free", rank: 1, size: "SMALL", odd: { a: [1, "ü"] }, texts: ["a", null, 'with "marks"\n\u2028 \ud800'] };
const PRODUCT = {
  __typename: "Product",
  name: "Music",
  plans: ({ first, by }: { first: number; by?: object }) => [{ name: `${first} ${JSON.stringify(by)}` }],
};
const later = <T>(value: T): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(value), 1));

interface Case {
  readonly schema: GraphQLSchema;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly conditions?: Record<string, boolean>;
}

function planOf({ schema, query, conditions = {} }: Case, document = parse(query)): Plan {
  const [operation] = document.definitions;
  if (operation?.kind !== "OperationDefinition") throw new Error("the operation comes first");
  return new Plan(schema, document, operation, conditions);
}

async function bothOf(one: Case): Promise<{ plain: string | null; planned: string | null }> {
  const { schema, query, variables = {} } = one;
  const document = parse(query);
  const { data, errors } = await execute({ schema, document, variableValues: variables, contextValue: {} });
  const plan = planOf(one, document);
  const run = async (): Promise<string | null> => {
    try {
      return await plan.run({}, variables);
    } catch {
      return null;
    }
  };
  const first = await run();
  expect(await run(), "the second time").toBe(first);
  return { plain: errors ? null : JSON.stringify(data), planned: first };
}

describe("a plan writes what graphql-js answers:", () => {
  const thenable = { then: (resolve: (value: object) => void) => resolve(PLAN) };
  const CASES: Readonly<Record<string, Case>> = {
    "values of every kind": { schema: of(PLAN), query: "{ plan { name rank size odd texts __typename } }" },
    "numbers as JSON has them": { schema: of({ rank: -0, odd: 1e21 }), query: "{ plan { rank odd } }" },
    "what JSON cannot say": { schema: of({ odd: Number.NaN }), query: "{ plan { odd } }" },
    "dates of scalars": { schema: of({ odd: { odd: new Date("2026-01-01") } }), query: "{ plan { odd } }" },
    nulls: { schema: of(null), query: "{ plan { name } }" },
    "what is not there": { schema: of({}), query: "{ plan { name texts same { name } others { name } } }" },
    aliases: { schema: of(PLAN), query: "{ b_a: plan { x: name, y: name } a_b: plan { __proto__: name, constructor: rank } }" },
    "merged fields in the order of the first": { schema: of(PLAN), query: "{ plan { rank } plan { name rank } ... { plan { size } } }" },
    "promises anywhere": {
      schema: of(later({ ...PLAN, name: later("x"), texts: [later("a"), "b", later(null)], others: [later({ rank: later(2) })], same: later(null) })),
      query: "{ plan { texts name rank others { rank } same { name } } }",
    },
    "what is like a promise": { schema: of(thenable), query: "{ plan { name } }" },
    "functions in properties": {
      schema: of({ name: () => "n", rank: () => later(3), same: (_: object, context: object) => ({ odd: context }) }),
      query: "{ plan { name rank same { odd } } }",
    },
    "lists that are no arrays": { schema: of({ texts: new Set(["a", "b"]) }), query: "{ plan { texts } }" },
    "an empty list and an empty object": { schema: of({ texts: [] }), query: "{ plan { texts name @skip(if: true) } }" },
    "nothing at all": { schema: of(PLAN), query: "{ plan { name @skip(if: true) } }" },
    interfaces: {
      schema: schemaWith({ Query: { named: () => PRODUCT } }),
      query: "{ named { name __typename ... on Product { plans { name } } ... on Plan { rank } ...f } } fragment f on Named { again: name }",
    },
    unions: {
      schema: schemaWith({ Query: { either: () => [PRODUCT, later({ ...PLAN, __typename: "Plan" }), null] } }),
      query: "{ either { ... on Named { name } ... on Plan { rank } __typename } }",
    },
    "arguments with defaults": {
      schema: schemaWith({ Query: { product: () => PRODUCT } }),
      query: "{ product { plans { name } a: plans(first: 3, by: {}) { name } } }",
    },
    "variables within arguments, given or not": {
      schema: schemaWith({ Query: { product: () => PRODUCT } }),
      query: "query ($n: Int, $name: String, $down: Boolean) { product { plans(first: $n, by: { name: $name, down: $down }) { name } } }",
      variables: { down: true },
    },
    "variables in place of arguments, given, null or not given": {
      schema: schemaWith({ Query: { product: () => PRODUCT } }),
      query:
        "query ($n: Int, $none: Int, $by: By, $no: By) { product { a: plans(first: $n, by: $by) { name } b: plans(first: $none, by: $no) { name } c: plans(by: $by) { name } } }",
      variables: { n: 4, by: { name: "key" }, no: null },
    },
    "a variable that is left out where none may be null": {
      schema: schemaWith({ Query: { product: () => PRODUCT }, Product: { few: (_: unknown, { first }: { first: number }) => first } }),
      query: "query ($n: Int) { product { few(first: $n) } }",
    },
    conditions: {
      schema: of(PLAN),
      query:
        "query ($yes: Boolean!, $no: Boolean!) { plan { name @include(if: $no) rank @include(if: $yes) ...f @skip(if: $yes) ...f } } fragment f on Plan { size }",
      variables: { yes: true, no: false },
      conditions: { yes: true, no: false },
    },
  };
  for (const [what, one] of Object.entries(CASES)) {
    test(what, async () => {
      const { plain, planned } = await bothOf(one);
      expect(plain).not.toBeNull();
      expect(planned).toBe(plain);
    });
  }
});

describe("a plan has no answer where graphql-js has an error to tell:", () => {
  const broken = (): never => {
    throw new Error("broken");
  };
  const CASES: Readonly<Record<string, Case>> = {
    "a resolver that throws": { schema: schemaWith({ Query: { plan: broken } }), query: "{ plan { name } }" },
    "a resolver that rejects": { schema: schemaWith({ Query: { plan: () => Promise.reject(new Error("broken")) } }), query: "{ plan { name } }" },
    "an error as a value": { schema: of(new Error("broken")), query: "{ plan { name } }" },
    "an error late in a list": { schema: of({ others: [PLAN, later(new Error("broken"))] }), query: "{ plan { others { rank } } }" },
    "a null where none is allowed": { schema: of({ rank: null }), query: "{ plan { rank } }" },
    "a null that goes up to the root": { schema: of(null), query: "{ must { name } }" },
    "a null in a list of none": { schema: of({ others: [null] }), query: "{ plan { others { rank } } }" },
    "a null that comes later": { schema: of({ must: later(null) }), query: "{ plan { name must { name } } }" },
    "a value of another kind": { schema: of({ rank: "many" }), query: "{ plan { rank } }" },
    "a word that is not of the enum": { schema: of({ size: "HUGE" }), query: "{ plan { size } }" },
    "no list where one is due": { schema: of({ texts: "text" }), query: "{ plan { texts } }" },
    "a scalar that turns into nothing": { schema: of({ odd: { odd: null } }), query: "{ plan { odd } }" },
    "a value of nobody knows which type": { schema: of({ product: {} }), query: "{ plan { product { name } } }" },
    "a value of a type that is not possible": { schema: of({ product: { __typename: "Query" } }), query: "{ plan { product { name } } }" },
    "a null in place of an argument that may not be null": {
      schema: schemaWith({ Query: { product: () => PRODUCT }, Product: { few: () => 1 } }),
      query: "query ($n: Int) { product { few(first: $n) } }",
      variables: { n: null },
    },
    "an argument that cannot be": { schema: schemaWith({ Query: { product: () => PRODUCT } }), query: '{ product { plans(first: "two") { name } } }' },
  };
  for (const [what, one] of Object.entries(CASES)) {
    test(what, async () => {
      expect(await bothOf(one)).toEqual({ plain: null, planned: null });
    });
  }
});

test("what a plan leaves to graphql-js: the schema, the place of a field in the answer, and changes to arguments", async () => {
  const path = schemaWith({ Query: { plan: (_, __, ___, { path: { key } }) => ({ name: key }) } });
  const changed = schemaWith({ Query: { product: (_, args: Record<string, unknown>) => ({ name: (args["key"] = "other") }) } });
  for (const [schema, query] of [
    [path, "{ plan { name } }"],
    [changed, '{ product(key: "a") { name } }'],
    [of(PLAN), "{ __schema { queryType { name } } }"],
    [of(PLAN), '{ __type(name: "Plan") { name } }'],
  ] as const) {
    const { plain, planned } = await bothOf({ schema, query });
    expect(plain).not.toBeNull();
    expect(planned).toBeNull();
  }
});

test("a run that has failed goes on to its end, so that nothing is rejected behind its back", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  const tooLate = (): Promise<never> => later(null).then(() => Promise.reject(new Error("too late")));
  try {
    const plan = planOf({
      schema: schemaWith({
        Query: {
          plans: () => [{ rank: "many", name: tooLate() }, { name: tooLate() }],
          plan: () => later(null).then(() => ({ others: [new Error("first"), { name: tooLate() }] })),
        },
      }),
      query: "{ plans { rank name } plan { others { name } } }",
    });
    await expect(async () => plan.run({}, {})).rejects.toThrow("Int cannot represent");
    await later(null);
    await later(null);
    expect(unhandled).toEqual([]);
  } finally {
    process.off("unhandledRejection", note);
  }
});

test("a resolver is given what graphql-js gives it", async () => {
  const given: Record<string, unknown>[] = [];
  const schema = schemaWith({
    Query: {
      product: (source, args: object, context, info) => void given.push({ source, args, context, ...info, variableValues: info.variableValues, path: null }),
    },
  });
  await bothOf({
    schema,
    query: "query ($k: String) { p: product(key: $k) { name } ...f } fragment f on Query { p: product(key: $k) { name } }",
    variables: { k: "a" },
  });
  const [plain, ...planned] = given;
  expect(planned).toHaveLength(2);
  for (const one of planned) {
    expect(one).toEqual(plain);
    // By these the budget of items finds what was estimated for a list.
    for (const [index, node] of (plain?.["fieldNodes"] as object[]).entries()) expect((one["fieldNodes"] as object[])[index]).toBe(node);
  }
});
