import { expect } from "vitest";
import { test as onReference, testEmpty as test, type Json } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { SMALL_CATALOG } from "../support/small-catalog.js";

// Release 1 on 1 February says nothing of either; release 2 on 1 May gives a rate to the group and a policy; release 3 on
// 1 August gives a rate to the country and another policy. It is November.
test.beforeAll(async ({ gateway }) => {
  const nordics = (rate: string) => `  - { key: nordics, kind: GROUP, name: Nordics, currency: EUR, timeZone: Europe/Stockholm, taxRate: ${rate} }\n`;
  const sweden = (rate: string) => `  - { key: se, country: SE, parent: nordics, name: Sweden, currency: SEK, timeZone: Europe/Stockholm, taxRate: ${rate} }\n`;
  const policy = (choice: string, application: string) => `policies:\n  - { key: discounts, choice: ${choice}, application: ${application} }\n`;
  const steps: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["2026-02-01T00:00:00Z", SMALL_CATALOG],
    ["2026-05-01T00:00:00Z", { "2.yaml": `markets:\n${nordics("25.5")}${policy("BEST_FOR_CUSTOMER", "PERCENT_FIRST")}` }],
    ["2026-08-01T00:00:00Z", { "3.yaml": `markets:\n${sweden("0")}${policy("BEST_FOR_CUSTOMER", "AMOUNT_FIRST")}` }],
  ];
  for (const [instant, files] of steps) {
    gateway.clock.set(instant);
    await publish(gateway.database, files, {}, gateway.clock);
  }
  gateway.clock.set("2026-11-21T00:00:00Z");
});

test.for([
  ["now", null, "0", "25.5", { choice: "BEST_FOR_CUSTOMER", application: "AMOUNT_FIRST" }],
  ["at the second release", { release: 2 }, null, "25.5", { choice: "BEST_FOR_CUSTOMER", application: "PERCENT_FIRST" }],
  ["at a time under the second release", { time: "2026-06-01" }, null, "25.5", { choice: "BEST_FOR_CUSTOMER", application: "PERCENT_FIRST" }],
  ["at the first release, which says neither", { release: 1 }, null, null, { choice: "IN_PRIORITY_ORDER", application: "PERCENT_FIRST" }],
] as const)("tax rates and the policy of discounts are those of the release that is looked at: %s", async ([, at, country, group, policy], { gateway }) => {
  const { data, errors } = await gateway.anonymous.query(
    `query ($at: CatalogPointInput) { market(key: "se", at: $at) { taxRate parent { taxRate } } discountPolicy(at: $at) { choice application } }`,
    { at },
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({ market: { taxRate: country, parent: { taxRate: group } }, discountPolicy: policy });
});

test("points do not mix in one request, and a policy that is asked for twice is read once", async ({ gateway }) => {
  const { result, statements } = await gateway.countStatements(() =>
    gateway.anonymous.query(
      `{ now: discountPolicy { application } again: discountPolicy { choice } before: discountPolicy(at: { release: 2 }) { application } }`,
    ),
  );
  expect(result.data).toEqual({ now: { application: "AMOUNT_FIRST" }, again: { choice: "BEST_FOR_CUSTOMER" }, before: { application: "PERCENT_FIRST" } });
  expect(statements.filter((text) => text.includes("from policy"))).toHaveLength(2);
});

onReference("the reference catalog knows the tax where prices include it, and a group's where its countries agree", async ({ gateway }) => {
  const { data, errors } = await gateway.anonymous.query(`{
    markets(first: 100, filter: { kinds: [COUNTRY] }) { totalCount edges { node { key path { taxRate } } } }
    market(key: "ch") { taxRate parent { key taxRate } }
    discountPolicy { choice application }
  }`);
  expect(errors).toEqual([]);
  const unknown = data.markets.edges.filter(({ node }: Json) => node.path.every(({ taxRate }: Json) => taxRate === null));
  expect(unknown.map(({ node }: Json) => node.key)).toEqual(["br", "ca", "pk", "us"]);
  expect(data.market).toEqual({ taxRate: null, parent: { key: "ch-li", taxRate: "8.1" } });
  expect(data.discountPolicy).toEqual({ choice: "IN_PRIORITY_ORDER", application: "PERCENT_FIRST" });
});
