import { describe, expect } from "vitest";
import { test, type Json } from "../support/api.js";

const keys = (connection: Json): string[] => connection.edges.map(({ node }: Json) => node.key);

describe("filters", () => {
  test("a list of no values means none, in every filter", async ({ gateway }) => {
    const { data } = await gateway.anonymous.query(`{
      markets(first: 1, filter: { keys: [] }) { totalCount } plans(first: 1, filter: { products: [] }) { totalCount }
      features(first: 1, filter: { kinds: [] }) { totalCount } entitlements(first: 1, filter: { plans: [] }) { totalCount }
      prices(first: 1, filter: { periods: [] }) { totalCount } byMarket: prices(first: 1, filter: { markets: [] }) { totalCount }
      discounts(first: 1, filter: { markets: [] }) { totalCount } byPlan: discounts(first: 1, filter: { plans: [] }) { totalCount }
      unknown: discounts(first: 1, filter: { markets: ["nope"] }) { totalCount }
    }`);
    for (const [field, { totalCount }] of Object.entries<Json>(data)) expect(totalCount, field).toBe(0);
  });

  test("conditions must all hold, and a filter of null is none", async ({ gateway }) => {
    const { data } = await gateway.anonymous.query(`{
      both: plans(first: 100, filter: { products: ["music"], kinds: [BASE] }) { edges { node { key kind product { key } } } }
      all: plans(first: 1, filter: { products: null }) { totalCount } plain: plans(first: 1) { totalCount }
    }`);
    expect(data.both.edges.length).toBeGreaterThan(5);
    for (const { node } of data.both.edges) expect(node).toMatchObject({ kind: "BASE", product: { key: "music" } });
    expect(data.all).toEqual(data.plain);
  });

  test("a country is found by its code", async ({ gateway }) => {
    const { data } = await gateway.anonymous.query('{ markets(first: 5, filter: { countryCodes: ["NO"] }) { edges { node { key name } } } }');
    expect(data.markets.edges).toEqual([{ node: { key: "no", name: "Norway" } }]);
  });

  test("prices by period: what is over, in force and to come add up, and none is two", async ({ gateway }) => {
    const editor = await gateway.as("editor");
    const list = (periods: string) =>
      `prices(first: 100, filter: { plans: ["premium-duo"], markets: ["se", "de", "us"], periods: [${periods}] }) { edges { node { key } } }`;
    const { data } = await editor.query(
      `{ past: ${list("PAST")} current: ${list("CURRENT")} upcoming: ${list("UPCOMING")} all: ${list("PAST, CURRENT, UPCOMING")} }`,
    );
    const parts = [data.past, data.current, data.upcoming].flatMap(keys);
    expect(parts.sort()).toEqual(keys(data.all).sort());
    expect(new Set(parts).size).toBe(parts.length);
    for (const part of [data.past, data.current, data.upcoming]) expect(part.edges.length).toBeGreaterThan(0);
  });

  test("a discount that names a market is open to the markets below it, one that names none to all", async ({ gateway }) => {
    const { data } = await gateway.anonymous.query(`{
      all: discounts(first: 100) { edges { node { key conditions { markets { key } } } } }
      se: discounts(first: 100, filter: { markets: ["se"] }) { edges { node { key } } }
      market(key: "se") { path { key } }
    }`);
    const path = data.market.path.map(({ key }: Json) => key);
    const open = data.all.edges.filter(
      ({ node }: Json) => node.conditions.markets.length === 0 || node.conditions.markets.some(({ key }: Json) => path.includes(key)),
    );
    expect(keys(data.se)).toEqual(keys({ edges: open }));
    expect(data.se.edges.length).toBeLessThan(data.all.edges.length);
  });

  test("prices for a channel or a segment are shown beside those for everyone, when asked for", async ({ gateway }) => {
    const { data } = await gateway.anonymous.query(`{
      special: prices(first: 100, filter: { segments: ["student"] }) { edges { node { plan { key } market { key } segment } } }
    }`);
    const [{ node }] = data.special.edges;
    const ask = `query ($plan: Key!, $market: Key!, $segment: Key) { plan(key: $plan) { prices(market: $market, segment: $segment) { segment } } }`;
    const everyone = await gateway.anonymous.query(ask, { plan: node.plan.key, market: node.market.key });
    const student = await gateway.anonymous.query(ask, { plan: node.plan.key, market: node.market.key, segment: "student" });
    expect(everyone.data.plan.prices.every((price: Json) => price.segment === null)).toBe(true);
    expect(student.data.plan.prices.some((price: Json) => price.segment === "student")).toBe(true);
    expect(student.data.plan.prices.length).toBeGreaterThan(everyone.data.plan.prices.length);
  });
});
