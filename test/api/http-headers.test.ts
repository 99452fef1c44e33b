import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { pino } from "pino";
import { describe, expect } from "vitest";
import { createApp } from "../../src/app.js";
import { CODE_PEPPER, SIGNING_KEY, test, type Gateway } from "../support/api.js";

const QUERY = { method: "POST", url: "/graphql", headers: { "content-type": "application/json" }, payload: '{"query":"{ __typename }"}' } as const;

const ANSWERS: readonly (readonly [string, InjectOptions, number])[] = [
  ["an answer", QUERY, 200],
  ["an error of GraphQL", { ...QUERY, payload: '{"query":"{ nope }"}' }, 400],
  ["a request that is none", { ...QUERY, payload: "{" }, 400],
  ["a key that is not good", { ...QUERY, headers: { ...QUERY.headers, authorization: "Bearer nope" } }, 401],
  ["a body that is too large", { ...QUERY, payload: " ".repeat(100_001) }, 413],
  ["an address that is too long", { url: `/${"a".repeat(9_000)}` }, 414],
  ["a type that is not read", { ...QUERY, headers: { "content-type": "text/xml" } }, 415],
  ["another method", { method: "DELETE", url: "/graphql" }, 405],
  ["another place", { url: "/nope" }, 404],
  ["a malformed address", { url: "/%zz" }, 400],
  ["health", { url: "/healthz" }, 200],
  ["readiness", { url: "/readyz" }, 200],
  ["the front page", { url: "/", headers: { accept: "text/html" } }, 200],
];

describe("every answer is for its caller, and for nothing but to be read", () => {
  for (const [what, request, status] of ANSWERS) {
    test(what, async ({ gateway }) => {
      const { headers, statusCode } = await gateway.app.server.inject(request);
      expect(statusCode).toBe(status);
      expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cross-origin-resource-policy": "same-origin" });
      expect(headers["content-security-policy"]).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
      expect(headers["cache-control"]).toBe("no-store");
      expect(headers["strict-transport-security"]).toBeUndefined();
      expect(headers["x-powered-by"] ?? headers.server).toBeUndefined();
    });
  }
});

test("a hundred headers are read, one more is refused", async ({ gateway }) => {
  const ask = (count: number) =>
    // Host, user agent, content type and content length are there besides.
    gateway.app.server.inject({ ...QUERY, headers: { ...QUERY.headers, ...Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, "1"])) } });
  expect((await ask(96)).statusCode).toBe(200);
  expect((await ask(97)).statusCode).toBe(431);
});

/** A gateway that lets pages of these origins call, over the same database. */
async function withOrigins<T>(
  { database, clock }: Gateway,
  corsOrigins: readonly string[],
  body: (ask: (request: InjectOptions) => Promise<LightMyRequestResponse>) => Promise<T>,
): Promise<T> {
  const parts = { database, clock, corsOrigins, apiKeyPepper: "a pepper that only the tests know of", codePepper: CODE_PEPPER, quoteSigningKeys: SIGNING_KEY };
  const app = await createApp({ ...parts, logger: pino({ level: "silent" }), explorerFolder: "no explorer is built for these tests" });
  try {
    return await body((request) => app.server.inject(request));
  } finally {
    await app.close();
  }
}

const SHOP = "https://shop.example";
const PREFLIGHT = {
  method: "OPTIONS",
  url: "/graphql",
  headers: { origin: SHOP, "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type" },
} as const;
const corsOf = (headers: object): object => Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("access-control-")));

describe("pages of other origins", () => {
  test("may do nothing unless they are listed", async ({ gateway }) => {
    const preflight = await gateway.app.server.inject(PREFLIGHT);
    expect(preflight.statusCode).toBe(405);
    expect(corsOf(preflight.headers)).toEqual({});
    expect(corsOf((await gateway.app.server.inject({ ...QUERY, headers: { ...QUERY.headers, origin: SHOP } })).headers)).toEqual({});
  });

  test("that are listed are told what they may send", ({ gateway }) =>
    withOrigins(gateway, ["https://admin.example", SHOP], async (ask) => {
      const { statusCode, headers, payload } = await ask(PREFLIGHT);
      expect({ statusCode, payload }).toEqual({ statusCode: 204, payload: "" });
      expect(corsOf(headers)).toEqual({
        "access-control-allow-origin": SHOP,
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers":
          "authorization, content-type, apollo-require-preflight, x-apollo-operation-name, catalog-consistency, catalog-min-release",
        "access-control-expose-headers": "x-request-id, retry-after, ratelimit, ratelimit-policy, catalog-release",
        "access-control-max-age": "7200",
      });
      expect(headers.vary).toMatch(/\borigin\b/i);
    }));

  test("that are listed may read the answers, good and bad", ({ gateway }) =>
    withOrigins(gateway, [SHOP], async (ask) => {
      const headers = { ...QUERY.headers, origin: SHOP };
      for (const request of [
        { ...QUERY, headers },
        { ...QUERY, headers, payload: "{" },
        { ...QUERY, headers, payload: " ".repeat(100_001) },
        { ...QUERY, headers: { ...headers, "content-type": "text/xml" } },
        { ...QUERY, headers: { ...headers, authorization: "Bearer nope" } },
        { method: "DELETE", url: "/graphql", headers } as const,
      ]) {
        const answer = await ask(request);
        expect(answer.headers["access-control-allow-origin"]).toBe(SHOP);
        expect(answer.headers["access-control-expose-headers"]).toContain("x-request-id");
        expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
      }
    }));

  const OTHERS = [
    "https://shop.example.evil.example",
    "https://evilshop.example",
    "http://shop.example",
    "https://shop.example:444",
    "https://SHOP.example",
    "null",
    "*",
    "https://shop.example/",
  ];
  for (const origin of OTHERS) {
    test(`${origin} is not ${SHOP}`, ({ gateway }) =>
      withOrigins(gateway, [SHOP], async (ask) => {
        const preflight = await ask({ ...PREFLIGHT, headers: { ...PREFLIGHT.headers, origin } });
        expect(preflight.statusCode).toBe(405);
        expect(corsOf(preflight.headers)).toEqual({});
        const answer = await ask({ ...QUERY, headers: { ...QUERY.headers, origin } });
        expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
        // What a cache keeps for one origin must not be given to another.
        expect(answer.headers.vary).toMatch(/\borigin\b/i);
      }));
  }

  test("cannot do by OPTIONS what is no preflight", ({ gateway }) =>
    withOrigins(gateway, [SHOP], async (ask) => {
      for (const headers of [{}, { origin: SHOP }, { "access-control-request-method": "POST" }]) {
        const { statusCode, headers: answered } = await ask({ method: "OPTIONS", url: "/graphql", headers });
        expect(statusCode).toBe(405);
        expect(answered.allow).toBe("GET, POST");
      }
    }));
});
