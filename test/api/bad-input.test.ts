import type { InjectOptions } from "fastify";
import type { GraphQLResolveInfo } from "graphql";
import { describe, expect } from "vitest";
import { openRequest } from "../../src/graphql/context.js";
import { Authentication } from "../../src/access/authentication.service.js";
import { newBudget } from "../../src/graphql/limits/item-budget.js";
import { ALL_IN_REACH } from "../../src/catalog/releases/reach.js";
import { PgReleaseRepository } from "../../src/catalog/releases/storage/pg-release.repository.js";
import { test, type Gateway } from "../support/api.js";

/** What goes in, and the code that comes out. */
const DOCUMENTS = [
  ["nothing", "", "BAD_REQUEST"],
  ["half a document", "{ plans(", "GRAPHQL_PARSE_FAILED"],
  ["a field that is not there", "{ nope }", "GRAPHQL_VALIDATION_FAILED"],
  ["an argument that is not there", '{ plan(name: "x") { key } }', "GRAPHQL_VALIDATION_FAILED"],
  ["an argument that is missing", "{ plan { key } }", "GRAPHQL_VALIDATION_FAILED"],
  ["a number for a key", "{ plan(key: 7) { key } }", "GRAPHQL_VALIDATION_FAILED"],
  ["a key that is none", '{ plan(key: "a b; drop table plan") { key } }', "GRAPHQL_VALIDATION_FAILED"],
  ["a key with a NUL", '{ plan(key: "a\\u0000b") { key } }', "GRAPHQL_VALIDATION_FAILED"],
  ["no currency", '{ prices(first: 1, filter: { currencies: ["XXX"] }) { totalCount } }', "GRAPHQL_VALIDATION_FAILED"],
  ["a day that is not there", '{ plan(key: "free", at: { time: "2026-02-30" }) { key } }', "GRAPHQL_VALIDATION_FAILED"],
  ["a year before the first", '{ plan(key: "free", at: { time: "0000-06-01" }) { key } }', "GRAPHQL_VALIDATION_FAILED"],
  ["a year after the last, in UTC", '{ plan(key: "free", at: { time: "9999-12-31T23:59:59-01:00" }) { key } }', "GRAPHQL_VALIDATION_FAILED"],
  ["no page size", "{ plans { totalCount } }", "INVALID_PAGE_SIZE"],
  ["two page sizes", "{ plans(first: 1, last: 1) { totalCount } }", "INVALID_PAGE_SIZE"],
  ["a negative page", "{ plans(first: -1) { totalCount } }", "INVALID_PAGE_SIZE"],
  ["an empty page", "{ plans(first: 0) { totalCount } }", "INVALID_PAGE_SIZE"],
  ["a huge page", "{ plans(first: 101) { totalCount } }", "INVALID_PAGE_SIZE"],
  ["the largest page", "{ plans(last: 2147483647) { totalCount } }", "INVALID_PAGE_SIZE"],
  ["a page beyond Int", "{ plans(first: 99999999999) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"],
  ["a cursor that is none", '{ plans(first: 1, after: "!!") { totalCount } }', "INVALID_CURSOR"],
  ["a cursor of nonsense", `{ plans(first: 1, after: "${base64(JSON.stringify(["plans RANK asc", "x", "y", "z"]))}") { totalCount } }`, "INVALID_CURSOR"],
  ["a cursor with too few values", `{ plans(first: 1, after: "${base64(JSON.stringify(["plans RANK asc", "x"]))}") { totalCount } }`, "INVALID_CURSOR"],
  [
    "a cursor with a NUL",
    `{ plans(first: 1, orderBy: { field: KEY }, after: "${base64(JSON.stringify(["plans KEY asc", "a\0b"]))}") { totalCount } }`,
    "INVALID_CURSOR",
  ],
  ["a cursor that is an object", `{ plans(first: 1, after: "${base64('{"__proto__":[]}')}") { totalCount } }`, "INVALID_CURSOR"],
  ["an empty cursor", '{ plans(first: 1, after: "") { totalCount } }', "INVALID_CURSOR"],
  ["an id that is none", '{ node(id: "x") { id } }', "INVALID_ID"],
  ["an id of no type", `{ node(id: "${base64("Nope:x")}") { id } }`, "INVALID_ID"],
  ["an id with another spelling", `{ node(id: "${base64("Plan:free")}=") { id } }`, "INVALID_ID"],
  ["too many ids", `{ nodes(ids: [${Array.from({ length: 101 }, () => `"${base64("Plan:free")}"`).join()}]) { id } }`, "TOO_MANY_VALUES"],
  [
    "too many values in a filter",
    `{ plans(first: 1, filter: { keys: [${Array.from({ length: 501 }, () => '"free"').join()}] }) { totalCount } }`,
    "TOO_MANY_VALUES",
  ],
  ["a release that is not there", '{ plan(key: "free", at: { release: 999 }) { key } }', "UNKNOWN_RELEASE"],
  ["release zero", '{ plan(key: "free", at: { release: 0 }) { key } }', "UNKNOWN_RELEASE"],
  ["a market that is not there", '{ plan(key: "free") { prices(market: "nope") { key } } }', "UNKNOWN_MARKET"],
  ["lists that lead back to each other", `{ plans(first: 100) { edges { node { ${nested("product { plans { ", 5, "key")} } } } }`, "TOO_COSTLY"],
  ["what every plan gives of what every plan gives", `{ plan(key: "free") { ${nested("entitlements { plan { ", 3, "key")} } }`, "TOO_COSTLY"],
  [
    "one plan a hundred times, with all that hangs on it",
    `{ nodes(ids: [${Array.from({ length: 100 }, () => `"${base64("Plan:free")}"`).join()}]) { ... on Plan { product { plans { entitlements { key } } } } } }`,
    "TOO_COSTLY",
  ],
  ["ninety denials for each of a hundred", `{ prices(first: 100) { edges { node { ${aliases(90, "existingFrom")} } } } }`, "TOO_COSTLY"],
  ["hundreds of roots", `{ ${aliases(400, "prices(first: 1) { totalCount }")} }`, "TOO_MANY_ALIASES"],
  ["hundreds of schemas", `{ ${aliases(40, "__schema { types { description } }")} }`, "TOO_COSTLY"],
  [
    "many catalog points",
    `{ ${Array.from({ length: 11 }, (_, index) => `a${index}: plan(key: "free", at: { time: "2026-01-01T00:00:00.${100 + index}Z" }) { key }`).join(" ")} }`,
    "TOO_MANY_POINTS",
  ],
  ["selections nested deeper than any stack", `${"{ ... ".repeat(1_600)}{ __typename }${" }".repeat(1_600)}`, "TOO_DEEP"],
  ["a mutation that there is not", "mutation { publishEverything }", "GRAPHQL_VALIDATION_FAILED"],
  ["a subscription", "subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"],
  ["an id with a NUL", `{ node(id: "${base64("Plan:\0")}") { id } }`, "INVALID_ID"],
  ["an id of a time before all times", `{ node(id: "${base64("Plan@.-999999999999999:free")}") { id } }`, "INVALID_ID"],
  [
    "a cursor of the year 0",
    `{ prices(first: 2, orderBy: { field: EFFECTIVE_FROM }, after: "${base64('["prices EFFECTIVE_FROM asc","0000-01-01T00:00:00.000Z","a"]')}") { totalCount } }`,
    "INVALID_CURSOR",
  ],
  ["fragments that unfold without end", bomb(25), "TOO_MANY_ALIASES"],
  ["fragments that unfold deeper and deeper", bomb(40), "TOO_DEEP"],
  ["three thousand fields", `{ ${Array.from({ length: 3_000 }, (_, index) => `a${index}: __typename`).join(" ")} }`, "GRAPHQL_PARSE_FAILED"],
] as const;

describe("what cannot be answered has a code and no inside of ours", () => {
  for (const [what, document, code] of DOCUMENTS) {
    test(what, async ({ gateway }) => {
      const { status, errors, text } = await gateway.anonymous.query(document);
      expect(errors.map((error) => error.extensions["code"])).toContain(code);
      expect([200, 400]).toContain(status);
      expectNoInsides(text);
    });
  }
});

const VARIABLES = [
  ["a text for a number", { first: "1" }],
  ["a fraction for a number", { first: 1.5 }],
  ["an object for a number", { first: {} }],
  ["a number beyond Int", { first: 2 ** 40 }],
  ["nothing", {}],
] as const;

describe("variables of the wrong kind", () => {
  for (const [what, variables] of VARIABLES) {
    test(what, async ({ gateway }) => {
      const { status, errors, text } = await gateway.anonymous.query("query ($first: Int!) { plans(first: $first) { totalCount } }", variables);
      expect(status).toBe(400);
      expect(errors[0]?.extensions["code"]).toBe("BAD_USER_INPUT");
      expectNoInsides(text);
    });
  }
});

test("a null by way of a variable with a default is the caller's mistake", async ({ gateway }) => {
  for (const query of [
    'query ($k: Key = "free") { plan(key: $k) { key } }',
    "query ($k: Boolean = true) { plans(first: 1) @include(if: $k) { totalCount } }",
  ]) {
    const { status, errors, text } = await gateway.anonymous.query(query, { k: null });
    expect({ status, code: errors[0]?.extensions["code"] }).toEqual({ status: 400, code: "BAD_USER_INPUT" });
    expectNoInsides(text);
  }
});

test("a name of an operation that the document does not have is no fault of ours", async ({ gateway }) => {
  for (const operationName of ["X", ""]) {
    const response = await gateway.app.server.inject({
      method: "POST",
      url: "/graphql",
      headers: { "content-type": "application/json" },
      payload: JSON.stringify({ query: "{ __typename }", operationName }),
    });
    expect(response.statusCode).toBeLessThan(500);
    expectNoInsides(response.payload);
  }
});

test("lists that turn out longer than estimated end the operation, not the process", async ({ gateway }) => {
  const budget = { ...newBudget(), items: 19_990 };
  const field = gateway.app.schema.getQueryType()?.getFields()["nodes"];
  const list = field?.resolve?.(
    {},
    { ids: Array.from({ length: 20 }, () => base64("Plan:free")) },
    { ...(await contextOf(gateway)), budget },
    {} as GraphQLResolveInfo,
  );
  await expect(list).rejects.toThrow("more than 20000 things");
});

const REQUESTS = [
  ["not JSON", { method: "POST", url: "/graphql", headers: { "content-type": "application/json" }, payload: "{nope" }, 400],
  ["no body", { method: "POST", url: "/graphql", headers: { "content-type": "application/json" } }, 400],
  ["an array", { method: "POST", url: "/graphql", headers: { "content-type": "application/json" }, payload: "[]" }, 400],
  ["a form", { method: "POST", url: "/graphql", headers: { "content-type": "application/x-www-form-urlencoded" }, payload: "query={__typename}" }, 415],
  [
    "text, as a foreign page could send it",
    { method: "POST", url: "/graphql", headers: { "content-type": "text/plain" }, payload: '{"query":"{__typename}"}' },
    400,
  ],
  ["a query in the address without a preflight", { method: "GET", url: "/graphql?query={__typename}" }, 400],
  [
    "a body of 200 kB",
    { method: "POST", url: "/graphql", headers: { "content-type": "application/json" }, payload: JSON.stringify({ query: "#".repeat(200_000) }) },
    413,
  ],
  ["another method", { method: "DELETE", url: "/graphql" }, 405],
  ["another place", { method: "GET", url: "/nope" }, 404],
  ["a malformed address", { method: "GET", url: "/%zz" }, 400],
] as const;

describe("requests that are not GraphQL", () => {
  for (const [what, request, status] of REQUESTS) {
    test(what, async ({ gateway }) => {
      const response = await gateway.app.server.inject(request as InjectOptions);
      expect(response.statusCode).toBe(status);
      expectNoInsides(response.payload);
    });
  }
});

test("a fault says only that there was one, and under which id the log has it", async ({ gateway }) => {
  await gateway.database.pool.query("alter table feature rename to feature_away");
  try {
    const { status, data, errors, text, headers } = await gateway.anonymous.query('{ feature(key: "audio-quality") { key } plan(key: "free") { key } }');
    expect(status).toBe(200);
    expect(data).toEqual({ feature: null, plan: { key: "free" } });
    expect(errors).toEqual([
      {
        message: "Something went wrong on our side.",
        locations: [{ line: 1, column: 3 }],
        path: ["feature"],
        extensions: { code: "INTERNAL", requestId: headers["x-request-id"] },
      },
    ]);
    expectNoInsides(text);
  } finally {
    await gateway.database.pool.query("alter table feature_away rename to feature");
  }
});

function expectNoInsides(text: string): void {
  expect(text).not.toMatch(/<html|<!doctype/i);
  expect(text).not.toMatch(/\bat .+:\d+:\d+|node_modules|\.ts\b|\.js\b/);
  expect(text).not.toMatch(/prisma|postgres|\bselect \w+ from\b|relation "/i);
}

function contextOf({ app, database, clock }: Gateway) {
  const releases = new PgReleaseRepository(database.pool, database.prisma);
  const findReach = () => Promise.resolve(ALL_IN_REACH);
  const heads = { getHead: () => releases.getHead(), catchUp: () => releases.getHead() };
  const sources = {
    authentication: new Authentication(app.apiKeys, null),
    heads,
    releases,
    sharedViews: null,
    findReach,
    clock,
    logger: { error: () => undefined },
  };
  return openRequest(sources, "a request", { authorization: undefined, origin: undefined });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function aliases(count: number, field: string): string {
  return Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(" ");
}

function nested(opening: string, times: number, innermost: string): string {
  const closing = opening.replace(/[^{]/g, "").replaceAll("{", " }");
  return opening.repeat(times) + innermost + closing.repeat(times);
}

/** Each fragment spreads the next twice. */
function bomb(levels: number): string {
  const fragments = Array.from({ length: levels }, (_, level) => `fragment f${level} on Query { ...f${level + 1} a${level}: __typename ...f${level + 1} }`);
  return `{ ...f0 } ${fragments.join(" ")} fragment f${levels} on Query { __typename }`;
}
