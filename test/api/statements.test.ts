import { expect } from "vitest";
import { test, type Caller } from "../support/api.js";
import { callerReaching } from "../support/reach.js";

/** The query with lists of `size`, so that one test runs it small and large. */
const PLANS_WITH_EVERYTHING = `query ($size: Int!) {
  plans(first: $size) {
    totalCount
    edges { node {
      key
      product { key name }
      entitlements(market: "se") { feature { key name } value { __typename } }
      prices(market: "se") { key market { key } amount { amountMinor } }
      addOns { key prices(market: "se") { key } }
    } }
  }
}`;

const LISTS = {
  markets: "{ parent { key } children { key } path { key } }",
  products: "{ plans { key product { key } } }",
  plans: "{ product { key } addOns { key } addOnFor { key } }",
  features: "{ name description }",
  entitlements: "{ plan { key } feature { key } market { key } }",
  prices: "{ plan { key product { key } } market { key parent { key } } tiers { upTo } }",
  discounts: "{ codes conditions { plans { key } markets { key } } }",
} as const;

test("fifty plans with entitlements, features and prices take as many statements as one", async ({ gateway }) => {
  const one = await gateway.countStatements(() => gateway.anonymous.query(PLANS_WITH_EVERYTHING, { size: 1 }));
  const fifty = await gateway.countStatements(() => gateway.anonymous.query(PLANS_WITH_EVERYTHING, { size: 50 }));
  expect(fifty.result.data.plans.edges.length).toBeGreaterThan(15);
  expect(fifty.result.errors).toEqual([]);
  expect(fifty.statements.length).toBeLessThanOrEqual(one.statements.length + 1); // Only the larger page reaches add-ons.
  expect(fifty.statements.length).toBeLessThanOrEqual(11);
});

for (const [list, fields] of Object.entries(LISTS)) {
  test(`the number of statements of ${list} does not grow with its rows`, async ({ gateway }) => {
    const caller = await gateway.as("editor");
    const statements = async (size: number) => {
      const { result, statements: sent } = await gateway.countStatements(() => ask(caller, list, fields, size));
      expect(result.errors).toEqual([]);
      return sent;
    };
    const few = await statements(3);
    const many = await statements(100);
    // A large page may reach a relation that no row of the small one has: at most one more statement for each.
    expect(many.length - few.length, many.join("\n")).toBeLessThanOrEqual(2);
    expect(many.length).toBeLessThanOrEqual(8);
  });
}

test("twenty nested reads of one entity read it once", async ({ gateway }) => {
  const aliases = Array.from({ length: 20 }, (_, index) => `a${index}: plan(key: "premium-family") { product { plans { product { key } } } }`);
  const { result, statements } = await gateway.countStatements(() => gateway.anonymous.query(`{ ${aliases.join(" ")} }`));
  expect(result.errors).toEqual([]);
  expect(statements.filter((text) => text.includes("from plan where key"))).toHaveLength(1);
  expect(statements.filter((text) => text.includes("from product where key"))).toHaveLength(1);
  expect(statements).toHaveLength(4); // The head, the plan, its product, the product's plans.
});

test("the schema alone asks nothing of the database", async ({ gateway }) => {
  const { statements } = await gateway.countStatements(() => gateway.anonymous.query("{ __schema { queryType { name } } }"));
  expect(statements).toEqual([]);
});

function ask(caller: Caller, list: string, fields: string, size: number) {
  return caller.query(`query ($size: Int!) { ${list}(first: $size) { totalCount edges { node ${fields} } } }`, { size });
}

/** A reach costs two statements a catalog point, for its markets and its plans; a page of discounts and their count one each to leave out those of other plans. */
const MOST_FOR_REACH = { discounts: 4 } as Readonly<Record<string, number>>;

for (const [list, fields] of Object.entries(LISTS)) {
  test(`a reach costs ${list} at most ${MOST_FOR_REACH[list] ?? 2} statements, however many rows`, async ({ gateway }) => {
    const statements = async (caller: Caller, size: number) => {
      const { result, statements: sent } = await gateway.countStatements(() => ask(caller, list, fields, size));
      expect(result.errors).toEqual([]);
      return sent;
    };
    const narrow = await callerReaching(gateway, "editor", { markets: ["nordics"], products: ["music"] });
    const [some, all] = [await statements(narrow, 100), await statements(await gateway.as("editor"), 100)];
    expect(some.length - all.length, some.join("\n")).toBeLessThanOrEqual(MOST_FOR_REACH[list] ?? 2);
  });
}

test("who reaches everything asks nothing of a reach", async ({ gateway }) => {
  const everything = await gateway.countStatements(() =>
    gateway.anonymous.query("{ prices(first: 5) { totalCount edges { node { plan { key } market { key } } } } }"),
  );
  expect(everything.statements).toHaveLength(5); // The head, the page, the count, the plans and the markets of the prices.
  const discounts = await gateway.countStatements(() => gateway.anonymous.query("{ discounts(first: 5) { edges { node { key } } } }"));
  expect(discounts.statements).toHaveLength(2); // The head, the page.
});
