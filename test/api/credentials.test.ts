import { describe, expect } from "vitest";
import { makeApiKey } from "../../src/access/api-keys/api-key.js";
import { Authentication } from "../../src/access/authentication.service.js";
import { ROLES, TOKEN_ROLES, type Role } from "../../src/access/permission.js";
import { JwtVerifier } from "../../src/access/tokens/jwt-verifier.service.js";
import { testOver, type Answer, type Caller, type Gateway } from "../support/api.js";
import { keepQuote } from "../support/stored-quotes.js";
import { aged, AGED, ACME, AWAY, BAD_TOKENS, ISSUERS, NOW, OTHER, others, rsa, SECONDS, stranger, token } from "../support/bad-tokens.js";
import { issuerOf, jwksOf } from "../support/token-issuer.js";

const FLOOR_MS = 50;

const test = testOver("reference", ISSUERS);
test.beforeEach(({ gateway }) => gateway.clock.set(NOW));

async function badKeys({ app, database }: Gateway): Promise<Readonly<Record<string, string>>> {
  const make = (name: string, expiresAt: string | null = null) =>
    app.apiKeys.create({ name, role: "editor", expiresAt: expiresAt === null ? null : new Date(expiresAt) });
  const [{ key: good }, expired, revoked] = [await make("good"), await make("expired", "2020-01-01"), await make("revoked")];
  await app.apiKeys.revoke(revoked.record.id);
  const insert =
    "insert into api_key (id, owner_id, name, role, hash, created_at) select 'ffffffffff', 'ffffffffff', 'odd', 'emperor', hash, now() from api_key where name = 'good'";
  await database.pool.query(insert);
  return {
    "nothing behind Bearer": "Bearer ",
    "no scheme": good,
    "another scheme": `Basic ${good}`,
    "a word": "Bearer hello",
    "two keys": `Bearer ${good} ${good}`,
    "two tokens": `Bearer ${token()}, Bearer ${token()}`,
    "a key that was never made": `Bearer ${makeApiKey().key}`,
    "a key cut short": `Bearer ${good.slice(0, -1)}`,
    "a key with one character more": `Bearer ${good}0`,
    "a key in capitals": `Bearer ${good.toUpperCase()}`,
    "the secret of another key under this id": `Bearer ${good.slice(0, 15)}${makeApiKey().key.slice(15)}`,
    "a key that has expired": `Bearer ${expired.key}`,
    "a key that was revoked": `Bearer ${revoked.key}`,
  };
}

function told({ status, headers: { "x-request-id": _id, date: _date, ...headers }, text }: Answer): object {
  return { status, headers, text };
}

describe("bad credentials", () => {
  test("are all answered the same, to the byte", async ({ gateway }) => {
    const bad = { ...(await badKeys(gateway)), ...Object.fromEntries(Object.entries(BAD_TOKENS).map(([what, text]) => [what, `Bearer ${text}`])) };
    const answers = await Promise.all(
      Object.entries(bad).map(async ([what, header]) => [what, told(await gateway.withAuthorization(header).query("{ __typename }"))] as const),
    );
    expect(answers.length).toBeGreaterThan(110);
    const body = '{"errors":[{"message":"The credential is not valid.","extensions":{"code":"UNAUTHENTICATED"}}]}\n';
    const [first] = answers;
    expect(first?.[1]).toMatchObject({ status: 401, text: body, headers: { "www-authenticate": "Bearer" } });
    for (const [what, answer] of answers) expect(answer, what).toEqual(first?.[1]);
  });

  test("take a moment, whatever is bad about them; good ones do not", async ({ gateway }) => {
    const waits: number[] = [];
    const verifier = new JwtVerifier({ issuers: ISSUERS, clock: gateway.clock, onKeysUnavailable: () => undefined });
    const authentication = new Authentication(gateway.app.apiKeys, verifier, async (ms) => void waits.push(ms));
    for (const [what, text] of Object.entries(BAD_TOKENS)) {
      const since = performance.now();
      expect(await authentication.authenticate({ authorization: `Bearer ${text}`, origin: undefined }), what).toBeNull();
      const taken = performance.now() - since;
      expect(waits, what).toHaveLength(1);
      expect(taken + Number(waits.pop()), what).toBeGreaterThanOrEqual(FLOOR_MS);
    }
    expect(await authentication.authenticate({ authorization: `Bearer ${token()}`, origin: undefined })).not.toBeNull();
    expect(waits).toEqual([]);
  });

  test("of an API key only a keyed hash is kept, and when it was used last", async ({ gateway }) => {
    const { key, record } = await gateway.app.apiKeys.create({ name: "kept", role: "partner", expiresAt: null });
    expect((await gateway.withAuthorization(`Bearer ${key}`).query("{ __typename }")).status).toBe(200);
    const { rows } = await gateway.database.pool.query<{ row: string; last_used_at: Date | null }>(
      "select api_key::text as row, last_used_at from api_key where id = $1",
      [record.id],
    );
    expect(rows[0]?.row).not.toContain(key.slice(16, 30));
    expect(rows[0]?.last_used_at).not.toBeNull();
  });
});

describe("good tokens", () => {
  const verifierOf = (gateway: Gateway): JwtVerifier => new JwtVerifier({ issuers: ISSUERS, clock: gateway.clock, onKeysUnavailable: () => undefined });

  test.for(TOKEN_ROLES.filter((role) => role !== "customer"))("of the role %s", async (role, { gateway }) => {
    const viewer = await verifierOf(gateway).verify(token({ roles: [role] }));
    expect([...(viewer?.permissions ?? [])].sort()).toEqual([...new Set(ROLES[role])].concat(extra(role)).sort());
    expect(viewer).toMatchObject({ kind: "TOKEN", customers: { kind: "ANY" }, catalog: { markets: null, products: null } });
    expect((await gateway.withAuthorization(`Bearer ${token({ roles: [role] })}`).query("{ __typename }")).status).toBe(200);
  });

  /** What the role's permissions imply. */
  function extra(role: Role): "customers:read-own"[] {
    return role === "service" || role === "admin" ? ["customers:read-own"] : [];
  }

  test.for([
    ["a customer", { roles: ["customer"], customer: "ada/é_1" }, { customers: { kind: "ONE", id: "ada/é_1" } }],
    ["a customer of a partner", { roles: ["customer"], customer: "acme:1", customer_prefix: "acme:" }, { customers: { kind: "ONE", id: "acme:1" } }],
    ["a partner", { roles: "other partner", customer_prefix: "acme:" }, { customers: { kind: "PREFIX", prefix: "acme:" } }],
    ["some markets and products", { markets: ["se", "no", "se"], products: "music" }, { catalog: { markets: ["no", "se"], products: ["music"] } }],
    ["one audience of many", { aud: ["shop", "catalog-eu"] }, {}],
    ["nearly too late", { exp: SECONDS - 4 }, {}],
    ["nearly too early", { nbf: SECONDS + 5 }, {}],
  ] as const)("%s", async ([, claims, viewer], { gateway }) => {
    expect(await verifierOf(gateway).verify(token(claims))).toMatchObject(viewer);
  });

  test("typ is a media type, however it is written", async ({ gateway }) => {
    for (const typ of ["at+JWT", "application/at+jwt"]) expect(await verifierOf(gateway).verify(token({}, { typ }))).not.toBeNull();
  });

  test("several roles allow what each of them allows", async ({ gateway }) => {
    const viewer = await verifierOf(gateway).verify(token({ roles: ["analyst", "frontend", "unknown"] }));
    expect(viewer?.permissions).toEqual(new Set([...ROLES.analyst, ...ROLES.frontend]));
  });

  test("of one subject are one caller; of another issuer, another", async ({ gateway }) => {
    const verifier = verifierOf(gateway);
    const idOf = async (text: string) => (await verifier.verify(text))?.credentialId;
    const id = await idOf(token());
    expect(id).toMatch(/^tok_[A-Za-z0-9_-]{22}$/);
    expect(await idOf(token({ jti: "2", roles: ["admin"] }, {}, rsa))).toBe(id);
    expect(await idOf(token({ sub: "someone-else" }))).not.toBe(id);
    expect(await idOf(token({ iss: OTHER.issuer }, {}, others))).not.toBe(id);
  });

  test("end when they say so, also when they were good before", async ({ gateway }) => {
    const verifier = verifierOf(gateway);
    const [plain, young] = [token({ exp: SECONDS + 60 }), token({ iss: AGED.issuer }, {}, aged)];
    const isGood = async (text: string, after: number): Promise<boolean> => {
      gateway.clock.set(new Date((SECONDS + after) * 1000).toISOString());
      return (await verifier.verify(text)) !== null;
    };
    for (const [text, from, until] of [
      [plain, -5, 65],
      [young, -5, 605],
    ] as const) {
      expect(await isGood(text, from - 0.001)).toBe(false);
      expect(await isGood(text, from)).toBe(true);
      expect(await isGood(text, until - 0.001)).toBe(true);
      expect(await isGood(text, until)).toBe(false);
      expect(await isGood(text, 0)).toBe(true);
    }
  });
});

describe("the gateway's callers with tokens", () => {
  test("a customer reads the quotes that were kept for it, whoever asked, and nobody else's", async ({ gateway }) => {
    const quoteFor = (id: string) => ({ items: [{ plan: "premium-individual" }], market: "de", channel: "web", customer: { id } });
    const read = async (caller: Caller, id: string) =>
      (await caller.query("query ($id: ID!) { storedQuote(quoteId: $id) { quoteId } }", { id })).data.storedQuote;
    const { quoteId: own } = await keepQuote(gateway.asCustomer("ada"), quoteFor("ada"));
    const { quoteId: given } = await keepQuote(await gateway.as("service"), quoteFor("ada"));
    for (const id of [own, given]) {
      expect(await read(gateway.asCustomer("ada"), id)).toEqual({ quoteId: id });
      expect(await read(gateway.asCustomer("bea"), id)).toBeNull();
      expect(await read(gateway.withToken({ roles: ["service"], customer_prefix: "a:" }), id)).toBeNull();
    }
  });

  test("are told to try again while their issuer's keys cannot be had: nobody knows whether their token is good", async ({ gateway }) => {
    const answer = await gateway.withAuthorization(`Bearer ${token({ iss: AWAY.issuer })}`).query("{ __typename }");
    expect(answer).toMatchObject({ status: 503, errors: [{ extensions: { code: "UNAVAILABLE" } }] });
    expect(answer.text).not.toMatch(/127\.0\.0\.1|away/);
  });
});

test("an issuer that is there twice is refused: which keys are its own?", ({ gateway }) => {
  const issuers = [ACME, issuerOf([stranger], { issuer: ACME.issuer, keys: { kind: "GIVEN", jwks: jwksOf(stranger) } })];
  expect(() => new JwtVerifier({ issuers, clock: gateway.clock, onKeysUnavailable: () => undefined })).toThrow("twice");
});
