import type { InjectOptions } from "fastify";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect } from "vitest";
import { test, type Gateway } from "../support/api.js";

const JSON_TYPE = { "content-type": "application/json" };
const QUERY = JSON.stringify({ query: '{ plan(key: "free") { key } }' });
const GET = { "apollo-require-preflight": "1" };

/** `code` null = it is answered. */
async function expectAnswer(gateway: Gateway, request: InjectOptions, status: number, code: string | null): Promise<void> {
  const response = await gateway.app.server.inject({ method: "POST", url: "/graphql", ...request });
  const { errors, data } = JSON.parse(response.payload) as { errors?: { extensions: { code: string } }[]; data?: unknown };
  expect({ status: response.statusCode, code: errors?.[0]?.extensions.code ?? null }).toEqual({ status, code });
  if (code === null) expect(data).toEqual({ plan: { key: "free" } });
  expect(response.headers["content-type"]).toMatch(/^application\/(graphql-response\+)?json; charset=utf-8$/);
}

describe("the type of a body", () => {
  const GOOD = [
    "application/json",
    "Application/JSON",
    "application/json;charset=utf-8",
    "application/json; charset=UTF-8",
    'application/json; charset="utf-8"',
  ];
  for (const type of GOOD) {
    test(`${type} is read`, ({ gateway }) => expectAnswer(gateway, { headers: { "content-type": type }, payload: QUERY }, 200, null));
  }
  const BAD = [
    ["another encoding of text", "application/json; charset=utf-16"],
    ["the same with a mark of bytes", "application/json; charset=utf-16le"],
    ["an encoding in which bytes mean something else", "application/json; charset=latin1"],
    ["an encoding that hides what it says", "application/json; charset=utf-7"],
    ["an encoding that nobody knows", "application/json; charset=nonsense"],
    ["two encodings", "application/json; charset=utf-8; charset=utf-16"],
    ["parameters that nobody knows", "application/json; version=1"],
    ["parameters that are not there", "application/json;"],
    ["a tab, and then another type", "application/json\t; charset=utf-8, text/plain"],
    ["a space, and then the type", " application/json"],
    ["a list of types", "application/json, text/plain"],
    ["a type that ends in another", "application/jsonp"],
    ["a form", "application/x-www-form-urlencoded"],
    ["a form with files", "multipart/form-data; boundary=x"],
    ["a form with no boundary", "multipart/form-data"],
    ["GraphQL itself", "application/graphql"],
    ["a message, as one browser let pages send it", "message/http"],
    ["XML", "text/xml"],
    ["no type at all", "json"],
    ["an empty one", ""],
  ] as const;
  for (const [what, type] of BAD) {
    test(`${what} is refused`, ({ gateway }) => expectAnswer(gateway, { headers: { "content-type": type }, payload: QUERY }, 415, "UNSUPPORTED_MEDIA_TYPE"));
    test(`${what} is refused with the header that browsers ask for, too`, ({ gateway }) =>
      expectAnswer(gateway, { headers: { ...GET, "content-type": type }, payload: QUERY }, 415, "UNSUPPORTED_MEDIA_TYPE"));
  }
  test("a body without one is refused", ({ gateway }) => expectAnswer(gateway, { payload: Buffer.from(QUERY) }, 415, "UNSUPPORTED_MEDIA_TYPE"));
  for (const headers of [{}, GET]) {
    test(`text is refused, ${headers === GET ? "preflight or not" : "as pages send it"}`, ({ gateway }) =>
      expectAnswer(gateway, { headers: { ...headers, "content-type": "text/plain" }, payload: QUERY }, 400, "BAD_REQUEST"));
  }
});

describe("a body that is packed", () => {
  const bomb = Buffer.from(JSON.stringify({ query: `{ __typename } #${"a".repeat(50_000_000)}` }));
  const PACKED = [
    ["gzip", gzipSync(QUERY)],
    ["x-gzip", gzipSync(QUERY)],
    ["deflate", deflateSync(QUERY)],
    ["br", brotliCompressSync(QUERY)],
    ["zstd", Buffer.from("28b52ffd", "hex")],
    ["gzip, gzip", gzipSync(gzipSync(QUERY))],
    ["gzip", gzipSync(bomb)],
    ["identity, gzip", gzipSync(QUERY)],
    ["", gzipSync(QUERY)],
  ] as const;
  for (const [encoding, payload] of PACKED) {
    test(`by "${encoding}", ${payload.length} bytes of it, is refused before it is read`, async ({ gateway }) => {
      const headers = { ...JSON_TYPE, "content-encoding": encoding };
      await expectAnswer(gateway, { headers, payload }, 415, "UNSUPPORTED_MEDIA_TYPE");
    });
  }
  test("by nothing is read", ({ gateway }) => expectAnswer(gateway, { headers: { ...JSON_TYPE, "content-encoding": "identity" }, payload: QUERY }, 200, null));
});

describe("a body of JSON", () => {
  const BAD = [
    ["an array", "[]"],
    ["a batch", `[${QUERY},${QUERY}]`],
    ["a text", '"{ __typename }"'],
    ["a number", "1e400"],
    ["null", "null"],
    ["an empty object", "{}"],
    ["nothing", ""],
    ["white space", " \n"],
    ["half an object", '{"query":'],
    ["two objects", `${QUERY}${QUERY}`],
    ["a comment", `/* */ ${QUERY}`],
    ["nesting as deep as it goes", "[".repeat(99_000)],
    ["a document that is its tree", '{"query":{"kind":"Document","definitions":[]}}'],
    ["a query that is a list", '{"query":["{ __typename }"]}'],
    ["a query that is a number", '{"query":7}'],
    ["a name that is a list", '{"query":"{ __typename }","operationName":["a"]}'],
    ["a name that is an object", '{"query":"{ __typename }","operationName":{}}'],
    ["variables that are a text", '{"query":"{ __typename }","variables":"{}"}'],
    ["variables that are a list", '{"query":"{ __typename }","variables":[]}'],
    ["variables that are a number", '{"query":"{ __typename }","variables":1}'],
    ["extensions that are a list", '{"query":"{ __typename }","extensions":[]}'],
    ["extensions that are true", '{"query":"{ __typename }","extensions":true}'],
    ["a prototype", '{"query":"{ __typename }","__proto__":{"polluted":true}}'],
    ["a prototype with another spelling", '{"query":"{ __typename }","\\u005f_proto__":{"polluted":true}}'],
    ["a prototype in the variables", '{"query":"{ __typename }","variables":{"a":{"__proto__":{"polluted":true}}}}'],
    ["two prototypes", '{"__proto__":1,"__proto__":{"polluted":true},"query":"{ __typename }"}'],
    ["the prototype of a constructor", '{"query":"{ __typename }","variables":{"constructor":{"prototype":{"polluted":true}}}}'],
  ] as const;
  for (const [what, payload] of BAD) {
    test(`${what} is refused`, async ({ gateway }) => {
      await expectAnswer(gateway, { headers: JSON_TYPE, payload }, 400, "BAD_REQUEST");
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    });
  }
  const NO_TEXT = [
    ["a byte that begins nothing", "ff"],
    ["half a character", "c3"],
    ["a slash that is spelled too long", "c0af"],
    ["half of a pair", "eda080"],
  ] as const;
  for (const [what, bytes] of NO_TEXT) {
    test(`${what} is no UTF-8, and is refused rather than replaced`, async ({ gateway }) => {
      const payload = Buffer.concat([Buffer.from('{"query":"{ __typename }","operationName":"'), Buffer.from(bytes, "hex"), Buffer.from('"}')]);
      await expectAnswer(gateway, { headers: JSON_TYPE, payload }, 400, "BAD_REQUEST");
    });
  }
  test("with more mistakes in its variables than are counted is the caller's mistake", async ({ gateway }) => {
    const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    const payload = JSON.stringify({ query, variables: { ids: Array.from({ length: 60 }, () => []) } });
    const response = await gateway.app.server.inject({ method: "POST", url: "/graphql", headers: JSON_TYPE, payload });
    const { errors } = JSON.parse(response.payload) as { errors: { extensions: { code: string } }[] };
    expect(response.statusCode).toBe(400);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(["BAD_USER_INPUT"]));
  });
  test("in UTF-16 is refused", ({ gateway }) =>
    expectAnswer(gateway, { headers: JSON_TYPE, payload: Buffer.from(`\ufeff${QUERY}`, "utf16le") }, 400, "BAD_REQUEST"));
  test("that begins with a mark of UTF-8 is read", ({ gateway }) => expectAnswer(gateway, { headers: JSON_TYPE, payload: `\ufeff${QUERY}` }, 200, null));
  test("of 100,000 bytes is read, of one more is refused", async ({ gateway }) => {
    const payload = QUERY.padEnd(100_000, " ");
    await expectAnswer(gateway, { headers: JSON_TYPE, payload }, 200, null);
    await expectAnswer(gateway, { headers: JSON_TYPE, payload: `${payload} ` }, 413, "BAD_REQUEST");
  });
});

describe("a query in the address", () => {
  const url = (more: object): string => `/graphql?${new URLSearchParams({ query: '{ plan(key: "free") { key } }', ...more }).toString()}`;
  const get = (more: object = {}): InjectOptions => ({ method: "GET", url: url(more), headers: GET });
  test("is answered", ({ gateway }) => expectAnswer(gateway, get(), 200, null));
  test("is answered whatever the host is said to be", ({ gateway }) => expectAnswer(gateway, { ...get(), headers: { ...GET, host: "%%%:x" } }, 200, null));
  test("is answered with a whole address, as proxies are asked", ({ gateway }) =>
    expectAnswer(gateway, { ...get(), url: `http://elsewhere.example${url({})}` }, 200, null));
  const BAD: readonly (readonly [string, InjectOptions, number, string | null])[] = [
    ["without the header that makes browsers ask", { ...get(), headers: {} }, 400, "BAD_REQUEST"],
    ["twice", { ...get(), url: `${url({})}&query=x` }, 400, "BAD_REQUEST"],
    ["with variables that are no JSON", get({ variables: "{" }), 400, "BAD_REQUEST"],
    ["with variables that are a list", get({ variables: "[]" }), 400, "BAD_REQUEST"],
    ["with a prototype in its variables", get({ variables: '{"__proto__":{"polluted":true}}' }), 200, null],
    ["with a type of a form", { ...get(), headers: { ...GET, "content-type": "application/x-www-form-urlencoded" } }, 415, "BAD_REQUEST"],
    ["with a type that one browser let pages send", { ...get(), headers: { "content-type": "message/http" } }, 415, "BAD_REQUEST"],
    ["of more than 8,192 characters", get({ operationName: "a".repeat(8_192) }), 414, "BAD_REQUEST"],
    ["with an escape that is none", { ...get(), url: "/graphql%zz" }, 400, "BAD_REQUEST"],
  ];
  for (const [what, request, status, code] of BAD) {
    test(`${what} is ${status}`, async ({ gateway }) => {
      const response = await gateway.app.server.inject(request);
      expect(response.statusCode).toBe(status);
      if (code !== null) expect(response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    });
  }
  test("that names a mutation is told to be sent by POST", async ({ gateway }) => {
    const query = 'mutation { redeemQuote(input: { quoteId: "x", idempotencyKey: "y" }) { __typename } }';
    const response = await gateway.app.server.inject(get({ query }));
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe("POST");
  });
});

describe("methods", () => {
  for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"] as const) {
    test(`${method} is told what there is instead`, async ({ gateway }) => {
      const response = await gateway.app.server.inject({ method: method as "PUT", url: "/graphql?query={__typename}" });
      expect(response.statusCode).toBe(405);
      expect(response.headers.allow).toBe("GET, POST");
      if (method !== "HEAD") expect(response.json()).toMatchObject({ errors: [{ extensions: { code: "METHOD_NOT_ALLOWED" } }] });
    });
  }
});
