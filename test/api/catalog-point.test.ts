import { expect } from "vitest";
import { testEmpty as test, type Json } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { DEARER_AND_FEWER, SMALL_CATALOG } from "../support/small-catalog.js";

const PAGE = `query ($at: CatalogPointInput) {
  catalogPoint(at: $at) { time release { number } }
  plans(first: 10, at: $at) { totalCount edges { node { key prices(market: "se") { amount { amount } } } } }
  basic: plan(key: "basic", at: $at) { name entitlements { key } }
}`;

const BEFORE = [
  { node: { key: "basic", prices: [{ amount: { amount: "59.00" } }] } },
  { node: { key: "premium", prices: [{ amount: { amount: "119.00" } }] } },
];
const AFTER = [{ node: { key: "premium", prices: [{ amount: { amount: "129.00" } }] } }];

// Release 1 on 1 February, release 2, which changes a price and retires a plan, on 1 May. It is November.
test.beforeAll(async ({ gateway }) => {
  gateway.clock.set("2026-02-01T00:00:00Z");
  await publish(gateway.database, SMALL_CATALOG, {}, gateway.clock);
  gateway.clock.set("2026-05-01T00:00:00Z");
  await publish(gateway.database, DEARER_AND_FEWER, {}, gateway.clock);
  gateway.clock.set("2026-11-21T00:00:00Z");
});

test.for([
  ["nothing asked for: the current release, now", null, 2, "2026-11-21T00:00:00.000Z", AFTER],
  ["an empty wish is no wish", {}, 2, "2026-11-21T00:00:00.000Z", AFTER],
  ["the first release, at the last instant at which it was current", { release: 1 }, 1, "2026-04-30T23:59:59.999Z", BEFORE],
  ["the current release, now", { release: 2 }, 2, "2026-11-21T00:00:00.000Z", AFTER],
  ["a time under the first release", { time: "2026-03-03T00:00:00Z" }, 1, "2026-03-03T00:00:00.000Z", BEFORE],
  ["the last instant of the first release", { time: "2026-04-30T23:59:59.999Z" }, 1, "2026-04-30T23:59:59.999Z", BEFORE],
  ["the instant at which the second one was published", { time: "2026-05-01T00:00:00Z" }, 2, "2026-05-01T00:00:00.000Z", AFTER],
  ["a time before any release, by the first one's record", { time: "2026-01-15T00:00:00Z" }, 1, "2026-01-15T00:00:00.000Z", BEFORE],
  ["a release and a time at which it was current", { release: 1, time: "2026-03-03T00:00:00Z" }, 1, "2026-03-03T00:00:00.000Z", BEFORE],
] as const)("%s", async ([, at, release, time, edges], { gateway }) => {
  const { data, errors } = await gateway.anonymous.query(PAGE, { at });
  expect(errors).toEqual([]);
  expect(data.catalogPoint).toEqual({ time, release: { number: release } });
  expect(data.plans).toEqual({ totalCount: edges.length, edges });
  expect(data.basic === null).toBe(release === 2);
});

test.for([
  ["a time to come", { time: "2026-12-01T00:00:00Z" }],
  ["a release and a time to come", { release: 2, time: "2026-12-01T00:00:00Z" }],
  ["what the first release said about a time after it", { release: 1, time: "2026-08-01T00:00:00Z" }],
  ["what the second release said about a time before it", { release: 2, time: "2026-03-03T00:00:00Z" }],
] as const)("%s needs catalog:read-upcoming", async ([, at], { gateway }) => {
  const { errors, data } = await gateway.anonymous.query('query ($at: CatalogPointInput) { plan(key: "premium", at: $at) { key } }', { at });
  expect(errors.map((error) => error.extensions["code"])).toEqual(["FORBIDDEN"]);
  expect(data).toEqual({ plan: null });
  const editor = await (await gateway.as("editor")).query(PAGE, { at });
  expect(editor.errors).toEqual([]);
});

test("different points in one request do not mix", async ({ gateway }) => {
  const { data } = await gateway.anonymous.query(`{
    old: plan(key: "premium", at: { release: 1 }) { prices(market: "se") { amount { amount } plan { prices(market: "se") { amount { amount } } } } }
    now: plan(key: "premium") { prices(market: "se") { amount { amount } plan { prices(market: "se") { amount { amount } } } } }
  }`);
  const price = (amount: string) => ({ prices: [{ amount: { amount }, plan: { prices: [{ amount: { amount } }] } }] });
  expect(data).toEqual({ old: price("119.00"), now: price("129.00") });
});

test("nodes are found at a point too, and a release that came later is not there yet", async ({ gateway }) => {
  const { data: ids } = await gateway.anonymous.query('{ plan(key: "basic", at: { release: 1 }) { id } release { id } }');
  const ask = `query ($ids: [ID!]!, $at: CatalogPointInput) { nodes(ids: $ids, at: $at) { __typename } }`;
  const variables = { ids: [ids.plan.id, ids.release.id] };
  expect((await gateway.anonymous.query(ask, { ...variables, at: { release: 1 } })).data.nodes).toEqual([{ __typename: "Plan" }, null]);
  expect((await gateway.anonymous.query(ask, variables)).data.nodes).toEqual([{ __typename: "Plan" }, { __typename: "Release" }]);
});

test("what was read at another point has another id, which finds it there", async ({ gateway }) => {
  const read = (at: string) => `plan(key: "premium" ${at}) { id prices(market: "se") { id plan { id } } }`;
  const { data } = await gateway.anonymous.query(
    `{ now: ${read("")} again: ${read(", at: {}")} first: ${read(", at: { release: 1 }")} then: ${read(', at: { time: "2026-03-03" }')} }`,
  );
  expect(data.again).toEqual(data.now);
  expect(new Set([data.now.id, data.first.id, data.then.id]).size).toBe(3);
  for (const { id, prices } of Object.values<Json>(data)) expect(prices[0].plan.id).toBe(id);
  const found = await gateway.anonymous.query(
    `query ($now: ID!, $first: ID!) { now: node(id: $now) { ...price } first: node(id: $first) { ...price } } fragment price on Price { id amount { amount } }`,
    { now: data.now.prices[0].id, first: data.first.prices[0].id },
  );
  expect(found.data).toEqual({
    now: { id: data.now.prices[0].id, amount: { amount: "129.00" } },
    first: { id: data.first.prices[0].id, amount: { amount: "119.00" } },
  });
});

test("an id cannot be made to look where its caller may not", async ({ gateway }) => {
  const forged = (point: string) => Buffer.from(`Plan@${point}:premium`).toString("base64url");
  const { errors } = await gateway.anonymous.query(
    `{ future: node(id: "${forged(`.${Date.UTC(2027, 0)}`)}") { id } nothing: node(id: "${forged(".")}") { id } odd: node(id: "${forged("1.2.3")}") { id } far: node(id: "${forged("999.")}") { id } }`,
  );
  expect(errors.map(({ path, extensions }) => [path?.[0], extensions["code"]]).sort()).toEqual([
    ["far", "UNKNOWN_RELEASE"],
    ["future", "FORBIDDEN"],
    ["nothing", "INVALID_ID"],
    ["odd", "INVALID_ID"],
  ]);
});

test("an id that is none, beside one that is looked up at a release that is not there, is an error like any other", async ({ gateway }) => {
  // What is begun for the one and not waited for would end the process: the test runner tells of it.
  const ids = [Buffer.from("Plan:free").toString("base64url"), "none"];
  const { errors } = await gateway.anonymous.query("query ($ids: [ID!]!) { nodes(ids: $ids, at: { release: 99 }) { id } }", { ids });
  expect(errors).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
});
