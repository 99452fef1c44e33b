import { describe, expect } from "vitest";
import type { ApiKeyWish } from "../../src/access/api-keys/api-key-wish.js";
import { test, type Answer, type Caller, type Gateway } from "../support/api.js";

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  __typename
  ... on IssuedApiKey { clearKey apiKey { id keyId ownerId name role permissions markets products customerPrefix origins expiresAt revokedAt lastUsedAt } }
  ... on Refused { refusals { code path } }
} }`;
const ROTATE = `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) {
  __typename
  ... on IssuedApiKey { clearKey apiKey { keyId ownerId name role permissions expiresAt } }
  ... on Refused { refusals { code path } }
} }`;
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) {
  __typename ... on ApiKey { keyId revokedAt } ... on Refused { refusals { code path } }
} }`;
const LIST =
  "query ($first: Int!, $after: String) { apiKeys(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node { id keyId name } } } }";

const isGood = async (gateway: Gateway, key: string): Promise<boolean> =>
  (await gateway.withAuthorization(`Bearer ${key}`).query("{ __typename }")).status === 200;
const codes = ({ data }: Answer, field: string): string[] =>
  (data[field].refusals as { code: string; path: string[] }[]).map(({ code, path }) => `${code} ${path.join(".")}`);

/** A key of this wish, as a caller. */
async function holderOf(gateway: Gateway, wish: Partial<ApiKeyWish>): Promise<Caller> {
  const { key } = await gateway.app.apiKeys.create({ name: "holder", role: "admin", expiresAt: null, ...wish });
  return gateway.withAuthorization(`Bearer ${key}`);
}

describe("making a key", () => {
  test("shows it once, and keeps all but what it is recognised by", async ({ gateway }) => {
    const admin = await gateway.as("admin");
    const input = {
      ...{ name: "Acme", role: "PARTNER", permissions: ["catalog:read", "quotes:create"], markets: ["se", "nordics"], products: ["music"] },
      ...{ customerPrefix: "acme:", origins: ["https://shop.example.com"], expiresAt: "2099-01-01T00:00:00.000Z" },
    };
    const { data } = await admin.query(CREATE, { input });
    const { clearKey, apiKey } = data.createApiKey;
    expect(apiKey).toMatchObject({ ...input, revokedAt: null, lastUsedAt: null });
    expect(clearKey.slice(4, 14)).toBe(apiKey.keyId);
    expect(apiKey.ownerId).toBe(apiKey.keyId);
    const listed = await admin.query(LIST, { first: 100 });
    expect(listed.text).toContain(apiKey.keyId);
    expect(listed.text).not.toContain(clearKey.slice(16, 40));
    expect((await admin.query("query ($id: ID!) { node(id: $id) { ... on ApiKey { name } } }", { id: apiKey.id })).data.node).toEqual({ name: "Acme" });
  });

  const WRONG: readonly [string, object, readonly string[]][] = [
    ["a name of nothing", { name: "  " }, ["NAME_MALFORMED input.name"]],
    ["a name of two lines", { name: "a\nb" }, ["NAME_MALFORMED input.name"]],
    ["an end that has come", { expiresAt: "2020-01-01T00:00:00Z" }, ["EXPIRY_IN_THE_PAST input.expiresAt"]],
    ["a permission of another role", { permissions: ["catalog:read", "keys:manage"] }, ["VALUE_MALFORMED input.permissions.1"]],
    ["no such permission", { permissions: ["everything"] }, ["VALUE_MALFORMED input.permissions.0"]],
    ["no permission", { permissions: [] }, ["EMPTY_RESTRICTION input.permissions"]],
    ["no market", { markets: [] }, ["EMPTY_RESTRICTION input.markets"]],
    ["what is no key", { products: ["Music!"] }, ["VALUE_MALFORMED input.products.0"]],
    ["an origin with a path", { origins: ["https://shop.example.com/"] }, ["VALUE_MALFORMED input.origins.0"]],
    ["every origin", { origins: ["*"] }, ["VALUE_MALFORMED input.origins.0"]],
    ["an empty prefix", { customerPrefix: "" }, ["CUSTOMER_PREFIX_MALFORMED input.customerPrefix"]],
    ["a prefix that is no whole word", { customerPrefix: "acme" }, ["CUSTOMER_PREFIX_MALFORMED input.customerPrefix"]],
    ["too many", { markets: Array.from({ length: 101 }, (_, index) => `m${index}`) }, ["TOO_MANY_VALUES input.markets"]],
    [
      "several at once",
      { name: "", markets: [], origins: ["x"] },
      ["NAME_MALFORMED input.name", "EMPTY_RESTRICTION input.markets", "VALUE_MALFORMED input.origins.0"],
    ],
  ];
  for (const [what, wrong, expected] of WRONG) {
    test(`is refused with ${what}`, async ({ gateway }) => {
      const admin = await gateway.as("admin");
      const before = await gateway.app.apiKeys.count(null);
      expect(codes(await admin.query(CREATE, { input: { name: "Acme", role: "PARTNER", ...wrong } }), "createApiKey")).toEqual(expected);
      expect(await gateway.app.apiKeys.count(null)).toBe(before);
    });
  }

  test("nobody gives what they do not have", async ({ gateway }) => {
    const manager = await holderOf(gateway, { permissions: ["catalog:read", "keys:manage"] });
    expect(codes(await manager.query(CREATE, { input: { name: "more", role: "ADMIN" } }), "createApiKey")).toEqual(["PERMISSION_NOT_YOURS input.role"]);
    expect((await manager.query(CREATE, { input: { name: "same", role: "ADMIN", permissions: ["catalog:read"] } })).data.createApiKey.__typename).toBe(
      "IssuedApiKey",
    );

    const narrow = await holderOf(gateway, { markets: ["se"], products: ["music"], customerPrefix: "acme:" });
    const input = { name: "wide", role: "SERVICE" };
    expect(codes(await narrow.query(CREATE, { input }), "createApiKey")).toEqual([
      "REACH_NOT_YOURS input.markets",
      "REACH_NOT_YOURS input.products",
      "REACH_NOT_YOURS input.customerPrefix",
    ]);
    const wider = { ...input, markets: ["se", "no"], products: ["video"], customerPrefix: "other:" };
    expect(codes(await narrow.query(CREATE, { input: wider }), "createApiKey")).toHaveLength(3);
    const within = { ...input, markets: ["se"], products: ["music"], customerPrefix: "acme:shop:" };
    expect((await narrow.query(CREATE, { input: within })).data.createApiKey.__typename).toBe("IssuedApiKey");
  });

  test("is for those who manage keys", async ({ gateway }) => {
    for (const role of ["service", "editor", "partner"] as const) {
      const caller = await gateway.as(role);
      for (const answer of [
        await caller.query(CREATE, { input: { name: "x", role: "FRONTEND" } }),
        await caller.query(LIST, { first: 1 }),
        await caller.query(REVOKE, { input: { keyId: "x" } }),
        await caller.query(ROTATE, { input: { keyId: "x" } }),
      ])
        expect(answer.errors[0]?.extensions["code"]).toBe("FORBIDDEN");
    }
    const { record } = await gateway.app.apiKeys.create({ name: "hidden", role: "frontend", expiresAt: null });
    const id = Buffer.from(`ApiKey:${record.id}`).toString("base64url");
    const none = Buffer.from("ApiKey:0000000000").toString("base64url");
    const look = async (of: string): Promise<string> =>
      (await (await gateway.as("editor")).query("query ($id: ID!) { node(id: $id) { id } }", { id: of })).text;
    expect(await look(id)).toBe(await look(none));
  });

  test("they are listed page by page, newest first", async ({ gateway }) => {
    const admin = await gateway.as("admin");
    for (let index = 0; index < 5; index++) await gateway.app.apiKeys.create({ name: `page ${index}`, role: "frontend", expiresAt: null });
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Answer = await admin.query(LIST, { first: 2, after });
      seen.push(...page.data.apiKeys.edges.map((edge: { node: { keyId: string } }) => edge.node.keyId));
      after = page.data.apiKeys.pageInfo.hasNextPage ? page.data.apiKeys.pageInfo.endCursor : null;
    } while (after !== null);
    const { rows } = await gateway.database.pool.query<{ id: string }>("select id from api_key order by created_at desc, id desc");
    expect(seen).toEqual(rows.map(({ id }) => id));
  });
});

test("who reaches only a part manages the keys that it made, and its own: others are not there", async ({ gateway }) => {
  const { key, record: own } = await gateway.app.apiKeys.create({ name: "reseller", role: "admin", expiresAt: null, customerPrefix: "acme:" });
  const reseller = gateway.withAuthorization(`Bearer ${key}`);
  const { record: foreign } = await gateway.app.apiKeys.create({ name: "foreign", role: "service", expiresAt: null, customerPrefix: "acme:" });
  const input = { name: "till", role: "SERVICE", customerPrefix: "acme:" };
  const { apiKey: made } = (await reseller.query(CREATE, { input })).data.createApiKey;
  const listed = await reseller.query(LIST, { first: 100 });
  expect(listed.data.apiKeys.totalCount).toBe(2);
  expect(listed.data.apiKeys.edges.map(({ node }: { node: { keyId: string } }) => node.keyId)).toEqual([made.keyId, own.id]);
  const foreignId = Buffer.from(`ApiKey:${foreign.id}`).toString("base64url");
  expect((await reseller.query("query ($id: ID!) { node(id: $id) { id } }", { id: foreignId })).data.node).toBeNull();
  expect(codes(await reseller.query(REVOKE, { input: { keyId: foreign.id } }), "revokeApiKey")).toEqual(["UNKNOWN_API_KEY input.keyId"]);
  expect(codes(await reseller.query(ROTATE, { input: { keyId: foreign.id } }), "rotateApiKey")).toEqual(["UNKNOWN_API_KEY input.keyId"]);
  expect((await gateway.app.apiKeys.find(foreign.id, null))?.revokedAt).toBeNull();
  const { apiKey: successor } = (await reseller.query(ROTATE, { input: { keyId: made.keyId } })).data.rotateApiKey;
  expect((await reseller.query(REVOKE, { input: { keyId: successor.keyId } })).data.revokeApiKey.revokedAt).not.toBeNull();
});

describe("what a key reaches", () => {
  test("is its role's permissions, narrowed", async ({ gateway }) => {
    const caller = await holderOf(gateway, { role: "editor", permissions: ["catalog:read", "catalog:read-upcoming"] });
    const { data, errors } = await caller.query('{ plan(key: "free") { key internalNote } }');
    expect(data.plan).toEqual({ key: "free", internalNote: null });
    expect(errors[0]?.extensions["code"]).toBe("FORBIDDEN");
  });

  test("a permission brings what it implies", async ({ gateway }) => {
    const caller = await holderOf(gateway, { role: "service", permissions: ["customers:read"] });
    expect((await caller.query('{ customer(key: "c") { redemptions(first: 1) { totalCount } } }')).data.customer.redemptions.totalCount).toBe(0);
  });

  test("with origins it is good for their pages only", async ({ gateway }) => {
    const { key } = await gateway.app.apiKeys.create({ name: "page", role: "frontend", expiresAt: null, origins: ["https://shop.example.com"] });
    const status = async (origin?: string): Promise<number> => {
      const headers = { "content-type": "application/json", authorization: `Bearer ${key}`, ...(origin === undefined ? {} : { origin }) };
      return (await gateway.app.server.inject({ method: "POST", url: "/graphql", headers, payload: { query: "{ __typename }" } })).statusCode;
    };
    expect(await status("https://shop.example.com")).toBe(200);
    for (const origin of [undefined, "null", "https://shop.example.com.evil.test", "http://shop.example.com", "https://SHOP.example.com"])
      expect(await status(origin), String(origin)).toBe(401);
  });
});

describe("rotating a key", () => {
  test("both are good for a while, the successor may the same, and what was made stays its own", async ({ gateway }) => {
    const admin = await gateway.as("admin");
    gateway.clock.set("2027-06-01T00:00:00Z");
    const old = await gateway.app.apiKeys.create({ name: "rotating", role: "frontend", expiresAt: null });
    const input = { quote: { market: "se", items: [{ plan: "premium-individual", interval: "P1M" }] } };
    const made = await gateway
      .withAuthorization(`Bearer ${old.key}`)
      .query("mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { ... on StoredQuote { quoteId } ... on Refused { refusals { code } } } }", {
        input,
      });
    const { data } = await admin.query(ROTATE, { input: { keyId: old.record.id, overlapSeconds: 60 } });
    const { clearKey, apiKey } = data.rotateApiKey;
    expect(apiKey).toMatchObject({ ownerId: old.record.id, name: "rotating", role: "FRONTEND", permissions: null, expiresAt: null });
    expect(await isGood(gateway, old.key)).toBe(true);
    expect(await isGood(gateway, clearKey)).toBe(true);
    const read = await gateway.withAuthorization(`Bearer ${clearKey}`).query("query ($id: ID!) { storedQuote(quoteId: $id) { quoteId } }", {
      id: made.data.createQuote.quoteId,
    });
    expect(read.data.storedQuote).toEqual(made.data.createQuote);
    gateway.clock.set("2027-06-01T00:01:00Z");
    await expect.poll(() => isGood(gateway, old.key), { timeout: 5_000 }).toBe(false);
    expect(await isGood(gateway, clearKey)).toBe(true);
    gateway.clock.set(null);
  });

  test("does not lengthen a key that ends sooner", async ({ gateway }) => {
    gateway.clock.set("2027-06-01T00:00:00Z");
    const old = await gateway.app.apiKeys.create({ name: "short", role: "frontend", expiresAt: new Date("2027-06-01T00:00:10Z") });
    await gateway.app.apiKeys.rotate({ id: old.record.id, overlapSeconds: 3_600, expiresAt: null }, null);
    expect((await gateway.app.apiKeys.find(old.record.id, null))?.expiresAt).toEqual(new Date("2027-06-01T00:00:10Z"));
    gateway.clock.set(null);
  });

  test("is refused for what has ended, and for more than one has", async ({ gateway }) => {
    const admin = await gateway.as("admin");
    const { record } = await gateway.app.apiKeys.create({ name: "ended", role: "frontend", expiresAt: null });
    expect(codes(await admin.query(ROTATE, { input: { keyId: record.id, overlapSeconds: -1 } }), "rotateApiKey")).toEqual([
      "OVERLAP_OUT_OF_RANGE input.overlapSeconds",
    ]);
    await gateway.app.apiKeys.revoke(record.id);
    expect(codes(await admin.query(ROTATE, { input: { keyId: record.id } }), "rotateApiKey")).toEqual(["API_KEY_ENDED input.keyId"]);
    expect(codes(await admin.query(ROTATE, { input: { keyId: "0000000000" } }), "rotateApiKey")).toEqual(["UNKNOWN_API_KEY input.keyId"]);
    const strong = await gateway.app.apiKeys.create({ name: "strong", role: "admin", expiresAt: null });
    const manager = await holderOf(gateway, { permissions: ["catalog:read", "keys:manage"] });
    expect(codes(await manager.query(ROTATE, { input: { keyId: strong.record.id } }), "rotateApiKey")).toEqual(["PERMISSION_NOT_YOURS input.role"]);
  });

  test("one of many rotations at once wins nothing twice: each has its own successor, none is lost", async ({ gateway }) => {
    const { record } = await gateway.app.apiKeys.create({ name: "busy", role: "frontend", expiresAt: null });
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => gateway.app.apiKeys.rotate({ id: record.id, overlapSeconds: 60, expiresAt: null }, null)),
    );
    for (const outcome of outcomes) expect("key" in outcome && (await isGood(gateway, outcome.key))).toBe(true);
  });
});

describe("revoking a key", () => {
  test("ends it at once here, is answered the same again, and knows what is not there", async ({ gateway }) => {
    const admin = await gateway.as("admin");
    const { key, record } = await gateway.app.apiKeys.create({ name: "leaked", role: "service", expiresAt: null });
    expect(await isGood(gateway, key)).toBe(true);
    const first = await admin.query(REVOKE, { input: { keyId: record.id } });
    expect(first.data.revokeApiKey.revokedAt).not.toBeNull();
    expect(await isGood(gateway, key)).toBe(false);
    expect((await admin.query(REVOKE, { input: { keyId: record.id } })).data).toEqual(first.data);
    expect(codes(await admin.query(REVOKE, { input: { keyId: "nothing" } }), "revokeApiKey")).toEqual(["UNKNOWN_API_KEY input.keyId"]);
  });

  test("a key that was shown lately asks nothing of the database", async ({ gateway }) => {
    const { key } = await gateway.app.apiKeys.create({ name: "often", role: "frontend", expiresAt: null });
    await isGood(gateway, key);
    const [first, ...more] = await Promise.all(Array.from({ length: 3 }, () => gateway.app.apiKeys.verify(key, undefined)));
    expect(first).toMatchObject({ kind: "API_KEY" });
    await gateway.database.pool.query("alter table api_key rename to api_key_away");
    try {
      expect(await isGood(gateway, key)).toBe(true);
    } finally {
      await gateway.database.pool.query("alter table api_key_away rename to api_key");
    }
    expect(more).toEqual([first, first]);
  });
});
