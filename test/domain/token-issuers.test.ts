import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InvalidConfig, readConfig } from "../../src/platform/config.js";
import { LOCAL_ISSUER, whyNoLocalIssuer } from "../../src/startup/local-issuer.js";
import { checkTokenIssuers, readTokenIssuers } from "../../src/startup/token-issuers.js";

const LEAST = {
  issuer: "https://login.acme.example/",
  audience: "catalog",
  algorithms: ["ES256"],
  types: ["at+jwt"],
  jwks: "https://login.acme.example/jwks.json",
  claims: { roles: { claim: "roles", values: { "catalog-editor": "editor" } } },
};

function problemsOf(document: unknown): readonly string[] {
  return checkTokenIssuers({ TOKEN_ISSUERS: typeof document === "string" ? document : JSON.stringify(document) });
}

/** Where the problems of one issuer are, which is the least one with changes; `undefined` takes a part away. */
function placesOf(changes: object): readonly string[] {
  return problemsOf([{ ...LEAST, ...changes }]).map((problem) => problem.replace(/^TOKEN_ISSUERS\.0\.?|:.*$/gs, ""));
}

describe("an issuer", () => {
  test("says little, and the rest is careful", () => {
    expect(readTokenIssuers(JSON.stringify([LEAST]))).toEqual([
      {
        ...{ issuer: "https://login.acme.example/", audiences: ["catalog"], algorithms: ["ES256"], types: ["at+jwt"] },
        ...{ keys: { kind: "URL", url: "https://login.acme.example/jwks.json" }, clockToleranceSeconds: 5, maxTokenAgeSeconds: null },
        claims: {
          roles: { kind: "CLAIM", path: ["roles"], values: new Map([["catalog-editor", "editor"]]) },
          ...{ customer: null, customerPrefix: null, markets: null, products: null },
        },
      },
    ]);
  });

  test("can say all", () => {
    const all = {
      ...LEAST,
      ...{
        audience: ["catalog", "shop"],
        types: ["JWT", "application/at+JWT"],
        jwks: "file:keys/jwks.json",
        clockToleranceSeconds: 0,
        maxTokenAgeSeconds: 900,
      },
      claims: {
        roles: { fixed: ["customer", "frontend"] },
        ...{ customer: ["acme", "customer.id"], customerPrefix: { claim: "tenant", append: ":", optional: true } },
        ...{ markets: { fixed: ["se", "no", "se"] }, products: { claim: "https://acme.example/products" } },
      },
    };
    const claims = {
      roles: { kind: "FIXED", roles: ["customer", "frontend"] },
      customer: ["acme", "customer.id"],
      customerPrefix: { kind: "CLAIM", path: ["tenant"], optional: true, append: ":" },
      markets: { kind: "FIXED", keys: ["no", "se"] },
      products: { kind: "CLAIM", path: ["https://acme.example/products"], optional: false },
    };
    expect(readTokenIssuers(JSON.stringify([all]))).toMatchObject([
      {
        audiences: ["catalog", "shop"],
        types: ["jwt", "at+jwt"],
        keys: { kind: "FILE", path: join(process.cwd(), "keys/jwks.json") },
        clockToleranceSeconds: 0,
        claims,
      },
    ]);
    expect(placesOf({ claims: { ...all.claims, customerPrefix: { fixed: "acme:" } } })).toEqual([]);
  });

  test.each(["file:/etc/keys.json", "file:///etc/keys.json", "http://localhost:8080/jwks", "http://127.0.0.1/jwks", "http://[::1]:1/jwks"])(
    "keys at %s",
    (jwks) => {
      expect(placesOf({ jwks })).toEqual([]);
    },
  );
});

test("the example of the documentation is one", () => {
  const text = readFileSync(join(import.meta.dirname, "..", "..", "docs", "operations.md"), "utf8");
  const example = /^TOKEN_ISSUERS='(.+?)'$/ms.exec(text)?.[1] ?? "";
  expect(checkTokenIssuers({ TOKEN_ISSUERS: example })).toEqual([]);
  expect(readTokenIssuers(example)).toHaveLength(1);
});

test("no issuers are none", () => {
  expect(readTokenIssuers(null)).toEqual([]);
  expect(readTokenIssuers("[]")).toEqual([]);
  expect(checkTokenIssuers({})).toEqual([]);
});

const ROLES = LEAST.claims.roles;

test.each`
  why                                                | changes                                                                      | places
  ${"it has a name"}                                 | ${{ issuer: "" }}                                                            | ${["issuer"]}
  ${"the gateway's own is not configured"}           | ${{ issuer: LOCAL_ISSUER }}                                                  | ${["issuer"]}
  ${"its tokens are for somebody"}                   | ${{ audience: undefined }}                                                   | ${["audience"]}
  ${"for one at least"}                              | ${{ audience: [] }}                                                          | ${["audience"]}
  ${"an algorithm is chosen"}                        | ${{ algorithms: [] }}                                                        | ${["algorithms"]}
  ${"no signature is none"}                          | ${{ algorithms: ["none"] }}                                                  | ${["algorithms.0"]}
  ${"a shared secret would let us make tokens"}      | ${{ algorithms: ["ES256", "HS256"] }}                                        | ${["algorithms.1"]}
  ${"a type is chosen"}                              | ${{ types: undefined }}                                                      | ${["types"]}
  ${"one at least"}                                  | ${{ types: [] }}                                                             | ${["types"]}
  ${"keys are somewhere"}                            | ${{ jwks: undefined }}                                                       | ${["jwks"]}
  ${"keys are not changed on the way"}               | ${{ jwks: "http://login.acme.example/jwks" }}                                | ${["jwks"]}
  ${"what looks like this machine is not"}           | ${{ jwks: "http://localhost.evil.example/jwks" }}                            | ${["jwks"]}
  ${"nor is this"}                                   | ${{ jwks: "http://127.0.0.1@evil.example/jwks" }}                            | ${["jwks"]}
  ${"keys are public"}                               | ${{ jwks: "https://user:hunter2@acme.example/jwks" }}                        | ${["jwks"]}
  ${"keys are not of another kind of place"}         | ${{ jwks: "ftp://acme.example/jwks" }}                                       | ${["jwks"]}
  ${"keys are not written there"}                    | ${{ jwks: "data:application/json,{}" }}                                      | ${["jwks"]}
  ${"a file is said to be one"}                      | ${{ jwks: "keys/jwks.json" }}                                                | ${["jwks"]}
  ${"a file is of this machine"}                     | ${{ jwks: "file://elsewhere/jwks.json" }}                                    | ${["jwks"]}
  ${"clocks differ by a minute at most"}             | ${{ clockToleranceSeconds: 61 }}                                             | ${["clockToleranceSeconds"]}
  ${"a token lives"}                                 | ${{ maxTokenAgeSeconds: 0 }}                                                 | ${["maxTokenAgeSeconds"]}
  ${"what is misspelled is not left out in silence"} | ${{ maxTokenAge: 60 }}                                                       | ${[""]}
  ${"claims mean something"}                         | ${{ claims: undefined }}                                                     | ${["claims"]}
  ${"roles come from somewhere"}                     | ${{ claims: {} }}                                                            | ${["claims.roles"]}
  ${"from one place"}                                | ${{ claims: { roles: { ...ROLES, fixed: ["editor"] } } }}                    | ${["claims.roles"]}
  ${"a claim's values mean roles"}                   | ${{ claims: { roles: { claim: "roles" } } }}                                 | ${["claims.roles"]}
  ${"roles are ours"}                                | ${{ claims: { roles: { claim: "roles", values: { boss: "emperor" } } } }}    | ${["claims.roles.values.boss"]}
  ${"nobody needs a token to be anonymous"}          | ${{ claims: { roles: { fixed: ["anonymous"] } } }}                           | ${["claims.roles.fixed.0"]}
  ${"a path has names"}                              | ${{ claims: { roles: { ...ROLES, claim: [] } } }}                            | ${["claims.roles.claim"]}
  ${"a customer's token says whose it is"}           | ${{ claims: { roles: { fixed: ["customer"] } } }}                            | ${["claims.customer"]}
  ${"a prefix ends"}                                 | ${{ claims: { roles: ROLES, customerPrefix: { fixed: "acme" } } }}           | ${["claims.customerPrefix.fixed"]}
  ${"a prefix comes from one place"}                 | ${{ claims: { roles: ROLES, customerPrefix: { fixed: "a:", claim: "a" } } }} | ${["claims.customerPrefix"]}
  ${"what is fixed is not optional"}                 | ${{ claims: { roles: ROLES, markets: { fixed: ["se"], optional: true } } }}  | ${["claims.markets"]}
  ${"markets have keys"}                             | ${{ claims: { roles: ROLES, markets: { fixed: ["SE"] } } }}                  | ${["claims.markets.fixed.0"]}
  ${"a narrowing that says nothing is a mistake"}    | ${{ claims: { roles: ROLES, products: {} } }}                                | ${["claims.products"]}
`("$why", ({ changes, places }: { changes: object; places: string[] }) => {
  expect(placesOf(changes)).toEqual(places);
});

describe("what is wrong", () => {
  const WRONG = [
    { ...LEAST, audience: "secret-1", algorithms: ["secret-2"], jwks: "secret-3", clockToleranceSeconds: "secret-4" },
    {
      ...LEAST,
      types: { secret: "secret-5" },
      claims: { roles: { claim: "roles", values: { editor: "secret-6" } }, customerPrefix: { fixed: "secret" }, markets: {} },
    },
    "secret-7",
  ];

  test("is told of everything at once, with its place and no value", () => {
    const problems = problemsOf(WRONG);
    expect(problems.map((problem) => problem.replace(/:.*/s, ""))).toEqual([
      "TOKEN_ISSUERS.0.algorithms.0",
      "TOKEN_ISSUERS.0.jwks",
      "TOKEN_ISSUERS.0.clockToleranceSeconds",
      "TOKEN_ISSUERS.1.types",
      "TOKEN_ISSUERS.1.claims.roles.values.editor",
      "TOKEN_ISSUERS.1.claims.customerPrefix.fixed",
      "TOKEN_ISSUERS.2",
      "TOKEN_ISSUERS.1.issuer",
      "TOKEN_ISSUERS.1.claims.markets",
    ]);
    expect(problems.join("\n")).not.toMatch(/secret/);
    for (const problem of problems) expect(problem).toMatch(/: \S.+$/);
  });

  test("is told together with all else", () => {
    let said: readonly string[] = [];
    try {
      readConfig({ PORT: "x", TOKEN_ISSUERS: JSON.stringify(WRONG) }, { checks: [checkTokenIssuers] });
    } catch (error) {
      if (error instanceof InvalidConfig) said = error.problems;
    }
    expect(said.map((problem) => problem.replace(/[:.].*/s, ""))).toEqual(["PORT", ...Array<string>(9).fill("TOKEN_ISSUERS")]);
  });

  test.each([
    ["no JSON", "https://login.acme.example/"],
    ["cut short", JSON.stringify([LEAST]).slice(0, -1)],
    ["a part twice: which of them counts?", JSON.stringify([LEAST]).replace('"audience"', '"audience":"all","audience"')],
    ["one issuer without a list", JSON.stringify(LEAST)],
    ["null", "null"],
  ])("%s", (_why, text) => {
    expect(problemsOf(text)).toHaveLength(1);
    expect(() => readTokenIssuers(text)).toThrow(InvalidConfig);
  });
});

test.each`
  what                                  | config                                         | why
  ${"on this machine alone"}            | ${{}}                                          | ${null}
  ${"by another name"}                  | ${{ HOST: "localhost" }}                       | ${null}
  ${"in production"}                    | ${{ NODE_ENV: "production" }}                  | ${/production/}
  ${"where other machines may come in"} | ${{ HOST: "0.0.0.0" }}                         | ${/HOST/}
  ${"by a name that looks like ours"}   | ${{ HOST: "127.0.0.1.evil.example" }}          | ${/HOST/}
  ${"on a server"}                      | ${{ DATABASE_URL: "postgresql://db/catalog" }} | ${/DATABASE_URL/}
`("a gateway $what has an issuer of its own: $why", ({ config, why }: { config: Record<string, string>; why: RegExp | null }) => {
  const draw = (): string => randomBytes(32).toString("hex");
  const PEPPERS = { API_KEY_PEPPER: draw(), CODE_PEPPER: draw(), QUOTE_SIGNING_KEYS: `a:${draw()}` };
  const url = config["NODE_ENV"] === "production" ? { DATABASE_URL: "postgresql://db/catalog" } : {};
  const said = whyNoLocalIssuer(readConfig({ ...PEPPERS, ...url, ...config }));
  if (why === null) expect(said).toBeNull();
  else expect(said).toMatch(why);
});
