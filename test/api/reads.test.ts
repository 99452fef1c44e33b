import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getIntrospectionQuery } from "graphql";
import { describe, expect } from "vitest";
import { test, type Json } from "../support/api.js";

const OPERATIONS = join(import.meta.dirname, "..", "..", "sdk", "operations");

describe("the example operations run on the reference catalog", () => {
  for (const file of readdirSync(OPERATIONS).filter((name) => name.endsWith(".graphql"))) {
    test(file, async ({ gateway }) => {
      const caller = await gateway.as("admin");
      const variables = JSON.parse(readFileSync(join(OPERATIONS, file.replace(".graphql", ".variables.json")), "utf8")) as object;
      const { status, data, errors } = await caller.query(readFileSync(join(OPERATIONS, file), "utf8"), variables);
      expect(errors).toEqual([]);
      expect(status).toBe(200);
      for (const [field, value] of Object.entries<{ edges?: unknown[] } | null>(data)) {
        expect(value, field).not.toBeNull();
        if (value?.edges) expect(value.edges.length, `${field} is not empty`).toBeGreaterThan(0);
      }
    });
  }
});

test("the query of the README answers plans, what they give and what they cost", async ({ gateway }) => {
  const readme = readFileSync(join(import.meta.dirname, "..", "..", "README.md"), "utf8");
  const query = /```graphql\n([\s\S]+?)```/.exec(readme)?.[1] ?? "";
  const { data, errors } = await gateway.anonymous.query(query);
  expect(errors).toEqual([]);
  expect(data.comparePlans.plans.some(({ prices }: Json) => prices.length > 0)).toBe(true);
  expect(data.comparePlans.features.length).toBeGreaterThan(10);
});

test("a pricing page shows plans by rank, prices in the market's currency and a value of every plan for every feature", async ({ gateway }) => {
  gateway.clock.set("2026-11-21T12:00:00Z");
  const { data } = await gateway.anonymous.query(`{
    comparePlans(market: "se", product: "music") {
      market { key currency }
      plans { plan { key rank } prices { currency interval amount { amountMinor formatted(locale: "sv") } } }
      features { feature { key position } entitlements { value { __typename } } }
    }
  }`);
  const { market, plans, features } = data.comparePlans;
  expect(market).toEqual({ key: "se", currency: "SEK" });
  expect(plans.map((column: Json) => column.plan.rank)).toEqual([...plans.map((column: Json) => column.plan.rank)].sort((a, b) => a - b));
  expect(plans.find((column: Json) => column.plan.key === "premium-individual").prices.map((price: Json) => price.currency)).toContain("SEK");
  expect(plans.find((column: Json) => column.plan.key === "free").prices).toContainEqual({
    currency: "SEK",
    interval: "P1M",
    amount: { amountMinor: 0, formatted: "0,00\u00a0kr" },
  });
  const positions = features.map((row: Json) => row.feature.position);
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
  for (const row of features)
    expect(
      row.entitlements.every((cell: unknown) => cell !== null),
      row.feature.key,
    ).toBe(true);
});

test("a plan gives 15 hours of audiobooks a month", async ({ gateway }) => {
  const { data } = await gateway.anonymous.query(`{
    plan(key: "premium-individual") { entitlements(market: "se") { feature { key unit window } value { ... on CapValue { amount unlimited } } } }
  }`);
  const hours = data.plan.entitlements.filter((entitlement: Json) => entitlement.value.amount === "15" && entitlement.feature.unit === "hour");
  expect(hours).toMatchObject([{ feature: { window: "MONTH" }, value: { unlimited: false } }]);
});

test("a market takes what is said for it before what is said above it, and that before what holds everywhere", async ({ gateway }) => {
  const { data: rows } = await gateway.anonymous.query(
    `{ entitlements(first: 100, filter: { everywhere: false }) { edges { node { key plan { key } feature { key } market { key } value { __typename ... on CapValue { amount } ... on SwitchValue { enabled } ... on SettingValue { setting } } } } } }`,
  );
  expect(rows.entitlements.edges.length).toBeGreaterThan(0);
  for (const { node } of rows.entitlements.edges) {
    const { data } = await gateway.anonymous.query(
      `query ($plan: Key!, $market: Key!) { plan(key: $plan) { entitlements(market: $market) { key feature { key } value { __typename ... on CapValue { amount } ... on SwitchValue { enabled } ... on SettingValue { setting } } } } }`,
      {
        plan: node.plan.key,
        market: node.market.key,
      },
    );
    const held = data.plan.entitlements.filter((entitlement: Json) => entitlement.feature.key === node.feature.key);
    expect(held, node.key).toEqual([{ key: node.key, feature: node.feature, value: node.value }]);
  }
});

test("names fall back from de-AT to de and then to the catalog's language", async ({ gateway }) => {
  const { data } = await gateway.anonymous.query(
    `{ plan(key: "premium-family") { name de: name(locale: "de") at: name(locale: "de-AT") xx: name(locale: "zu") none: name(locale: null) } }`,
  );
  expect(data.plan.at).toBe(data.plan.de);
  expect(data.plan.de).not.toBe(data.plan.name);
  expect(data.plan.xx).toBe(data.plan.name);
  expect(data.plan.none).toBe(data.plan.name);
});

test("money is exact and has all digits of its currency", async ({ gateway }) => {
  const { data } = await gateway.anonymous.query(`{
    yen: prices(first: 1, filter: { currencies: ["JPY"] }) { edges { node { amount { amountMinor amount formatted } } } }
    dinar: prices(first: 1, filter: { currencies: ["KWD"], plans: ["premium-individual"] }) { edges { node { amount { amountMinor amount } } } }
  }`);
  const yen = data.yen.edges[0].node.amount;
  expect(yen.amount).toBe(String(yen.amountMinor));
  expect(yen.formatted).toMatch(/^¥[\d,]+$/);
  const dinar = data.dinar.edges[0].node.amount;
  expect(dinar.amount).toMatch(/^\d+\.\d{3}$/);
  expect(dinar.amount.replace(".", "").replace(/^0+(?=\d)/, "")).toBe(String(dinar.amountMinor));
});

test("what has an id is found by it, whatever its type", async ({ gateway }) => {
  const { data } = await gateway.anonymous.query(`{
    market(key: "se") { id } product(key: "music") { id } plan(key: "free") { id } release { id }
    features(first: 1) { edges { node { id } } } entitlements(first: 1) { edges { node { id } } }
    prices(first: 1) { edges { node { id } } } discounts(first: 1) { edges { node { id } } }
  }`);
  const ids = Object.values<Json>(data).map((value) => value.id ?? value.edges[0].node.id);
  const { data: found, errors } = await gateway.anonymous.query("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", { ids });
  expect(errors).toEqual([]);
  expect(found.nodes.map((node: Json) => node.id)).toEqual(ids);
  expect(found.nodes.map((node: Json) => node.__typename)).toEqual(["Market", "Product", "Plan", "Release", "Feature", "Entitlement", "Price", "Discount"]);
});

test("tools can read the whole schema", async ({ gateway }) => {
  const { status, data } = await gateway.anonymous.query(getIntrospectionQuery());
  expect(status).toBe(200);
  expect(data.__schema.types.length).toBeGreaterThan(50);
});

test("what is not there is null", async ({ gateway }) => {
  const { data, errors } = await gateway.anonymous.query(`{
    plan(key: "nope") { key } market(key: "nope") { key } price(key: "nope") { key } discount(key: "nope") { key } feature(key: "nope") { key } product(key: "nope") { key }
    comparePlans(market: "nope", product: "music") { plans { plan { key } } } release(number: 12345) { number }
    node(id: "${Buffer.from("Plan:nope").toString("base64url")}") { id }
  }`);
  expect(errors).toEqual([]);
  expect(Object.values(data).every((value) => value === null)).toBe(true);
});
