import { describe, expect } from "vitest";
import { test, type Caller, type Json } from "../support/api.js";

const ORDERS = {
  markets: ["KEY", "NAME"],
  products: ["KEY", "NAME"],
  plans: ["RANK", "KEY", "NAME"],
  features: ["POSITION", "KEY", "NAME"],
  entitlements: ["KEY", "FEATURE"],
  prices: ["KEY", "EFFECTIVE_FROM", "AMOUNT"],
  discounts: ["KEY", "NAME", "PRIORITY", "EFFECTIVE_FROM"],
} as const;

/** Lists that are long are narrowed, so that walking them in pages of seven ends soon. */
const FILTERS: Partial<Record<keyof typeof ORDERS, string>> = {
  entitlements: '{ features: ["audio-quality", "audiobook-hours", "offline-downloads"] }',
  prices: '{ plans: ["premium-individual"], periods: [PAST, CURRENT, UPCOMING], currencies: [EUR, SEK, JPY, USD] }',
};

describe("every list in every order", () => {
  for (const [list, fields] of Object.entries(ORDERS) as [keyof typeof ORDERS, readonly string[]][]) {
    for (const field of fields) {
      test(`${list} by ${field}: forwards, backwards and downwards are the same list`, async ({ gateway }) => {
        const caller = await gateway.as("editor");
        const up = await walk(caller, list, field, "ASC", "forward");
        expect(up.keys).toHaveLength(up.totalCount);
        expect(new Set(up.keys).size).toBe(up.keys.length);
        const back = await walk(caller, list, field, "ASC", "backward");
        expect(back.keys).toEqual(up.keys);
        const down = await walk(caller, list, field, "DESC", "forward");
        expect(down.keys).toEqual([...up.keys].reverse());
      });
    }
  }
});

test("a cursor of one list or order is refused by another", async ({ gateway }) => {
  const { data } = await gateway.anonymous.query("{ plans(first: 1) { edges { cursor } } }");
  const [{ cursor }] = data.plans.edges;
  for (const elsewhere of [
    `plans(first: 1, after: "${cursor}", orderBy: { field: KEY })`,
    `markets(first: 1, after: "${cursor}")`,
    `plans(last: 1, after: "${cursor}")`,
  ]) {
    const { errors } = await gateway.anonymous.query(`{ ${elsewhere} { totalCount } }`);
    expect(errors[0]?.extensions["code"], elsewhere).toBe("INVALID_CURSOR");
  }
});

async function walk(caller: Caller, list: keyof typeof ORDERS, field: string, direction: string, way: "forward" | "backward") {
  const keys: string[] = [];
  const filter = FILTERS[list] ? `filter: ${FILTERS[list]},` : "";
  const [size, beyond] = way === "forward" ? ["first", "after"] : ["last", "before"];
  let cursor: string | null = null;
  let totalCount = 0;
  for (let page = 0; page < 60; page++) {
    const { data, errors } = await caller.query(
      `query ($cursor: String) { ${list}(${size}: 7, ${beyond}: $cursor, ${filter} orderBy: { field: ${field}, direction: ${direction} }) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { key } } } }`,
      { cursor },
    );
    expect(errors).toEqual([]);
    const { edges, pageInfo } = data[list];
    totalCount = data[list].totalCount;
    const found = edges.map(({ node }: Json) => node.key as string);
    if (way === "forward") keys.push(...found);
    else keys.unshift(...found);
    expect(way === "forward" ? pageInfo.hasPreviousPage : pageInfo.hasNextPage).toBe(cursor !== null);
    if (!(way === "forward" ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return { keys, totalCount };
    cursor = way === "forward" ? pageInfo.endCursor : pageInfo.startCursor;
  }
  throw new Error("the list does not end");
}
