import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { ENVIRONMENT_NAMES, InvalidConfig, readConfig } from "../../src/platform/config.js";

const PEPPER = "f4a1c5b07d9e23886a4417d0c9be52736be0d11f";
const CODE_PEPPER = "0d4b9f6a5c2e817733aa1e08c65fd4b2907cfe61";
const SEED = "8d1f60c2a94b3e75fd02c718b6e5a9347a60fbd19c824e3571dbe80fa2963c54";
const OLD_SEED = "31e7a05cb94fd2684a8bf613c07d9e520cd15e78fa46b3923bd80e67f59a2c41";
const QUOTE_SIGNING_KEYS = `2026b:${SEED},2026a:${OLD_SEED}`;
const TWINS = `a:${"0b".repeat(32)},a:${"0a".repeat(32)}`;
const PEPPERS = { API_KEY_PEPPER: PEPPER, CODE_PEPPER, QUOTE_SIGNING_KEYS };
const DATABASE_URL = "postgresql://gateway@db.internal/catalog";

describe(".env.example", () => {
  const lines = readFileSync(join(import.meta.dirname, "..", "..", ".env.example"), "utf8").split("\n");
  const settings = lines.flatMap((line, index) =>
    /^[A-Z_]+=/.test(line) ? [{ name: line.replace(/=.*/, ""), value: line.replace(/^.*?=/, ""), above: lines[index - 1] }] : [],
  );

  test("lists exactly what is read, in the same order", () => {
    expect(settings.map(({ name }) => name)).toEqual(ENVIRONMENT_NAMES);
  });

  test("says that files may be given instead", () => {
    expect(lines.filter((line) => line.includes("NAME_FILE"))).toHaveLength(1);
  });

  test("says of each what it is for", () => {
    expect(settings.filter(({ above }) => !/^# .{10}/.test(above ?? "")).map(({ name }) => name)).toEqual([]);
  });

  test("shows the defaults", () => {
    expect(readConfig(Object.fromEntries(settings.map(({ name, value }) => [name, value])))).toEqual(readConfig({}));
  });
});

describe("the defaults", () => {
  test("are a gateway on this machine alone, with an embedded database", () => {
    expect(readConfig({})).toMatchObject({
      production: false,
      host: "127.0.0.1",
      port: 4000,
      databaseUrl: null,
      databasePoolSize: 10,
      memoryBytes: 512 * 1024 * 1024,
      dataFolder: resolve("data"),
      apiKeyPepper: null,
      codePepper: null,
      quoteSigningKeys: null,
      tokenIssuers: null,
      corsOrigins: [],
      trustProxy: null,
      rateLimit: null,
      trustedDocuments: [],
      releasePollMs: 1_000,
      keptAnswersBytes: 64 * 1024 * 1024,
      repeatedRequestsBytes: 32 * 1024 * 1024,
      cacheMaxAgeSeconds: 0,
      compiledDocuments: 1_000,
    });
  });

  test("log what a service is read by in production, and little elsewhere", () => {
    expect(readConfig({}).logLevel).toBe("warn");
    expect(readConfig({ NODE_ENV: "production", DATABASE_URL, ...PEPPERS }).logLevel).toBe("info");
  });

  test("stand for variables that are empty", () => {
    expect(readConfig(Object.fromEntries(ENVIRONMENT_NAMES.map((name) => [name, ""])))).toEqual(readConfig({}));
  });
});

test("what is set is taken, numbers as numbers and the folder as a whole path", () => {
  const set = {
    NODE_ENV: "production",
    HOST: "0.0.0.0",
    PORT: "0",
    DATABASE_URL,
    DATABASE_POOL_SIZE: "25",
    MEMORY_MB: "0",
    DATA_FOLDER: "somewhere",
    CORS_ORIGINS: "https://a.example, http://localhost:3000",
    TOKEN_ISSUERS: "[]",
    TRUST_PROXY: "10.0.0.0/8,::1",
    RATE_LIMIT: "anonymous=10/100,service=off",
    TRUSTED_DOCUMENTS: "web.json, app.json",
    RELEASE_POLL_MS: "250",
    KEPT_ANSWERS_MB: "0",
    REPEATED_REQUESTS_MB: "0",
    CACHE_MAX_AGE_SECONDS: "60",
    COMPILED_DOCUMENTS: "0",
    ...PEPPERS,
  };
  expect(readConfig({ ...set, LOG_LEVEL: "debug", SOMETHING_ELSE: "is ignored" })).toEqual({
    production: true,
    host: "0.0.0.0",
    port: 0,
    databaseUrl: DATABASE_URL,
    databasePoolSize: 25,
    memoryBytes: null,
    dataFolder: resolve("somewhere"),
    apiKeyPepper: PEPPER,
    codePepper: CODE_PEPPER,
    quoteSigningKeys: QUOTE_SIGNING_KEYS,
    tokenIssuers: "[]",
    corsOrigins: ["https://a.example", "http://localhost:3000"],
    trustProxy: "10.0.0.0/8,::1",
    rateLimit: "anonymous=10/100,service=off",
    trustedDocuments: [resolve("web.json"), resolve("app.json")],
    releasePollMs: 250,
    keptAnswersBytes: null,
    repeatedRequestsBytes: null,
    cacheMaxAgeSeconds: 60,
    compiledDocuments: 0,
    logLevel: "debug",
  });
  expect(readConfig({ TRUST_PROXY: "2" }).trustProxy).toBe(2);
});

test.each`
  why                                                         | set                                            | names
  ${"production keeps nothing in an embedded database"}       | ${{ NODE_ENV: "production" }}                  | ${["DATABASE_URL"]}
  ${"a shared database needs peppers that are shared too"}    | ${{ DATABASE_URL }}                            | ${["API_KEY_PEPPER", "CODE_PEPPER", "QUOTE_SIGNING_KEYS"]}
  ${"a pepper is long"}                                       | ${{ API_KEY_PEPPER: "short" }}                 | ${["API_KEY_PEPPER"]}
  ${"each kind of hash has its own pepper"}                   | ${{ DATABASE_URL, API_KEY_PEPPER: PEPPER }}    | ${["CODE_PEPPER", "QUOTE_SIGNING_KEYS"]}
  ${"a seed has 32 bytes"}                                    | ${{ QUOTE_SIGNING_KEYS: "a:0b" }}              | ${["QUOTE_SIGNING_KEYS"]}
  ${"a signing key is found by its id"}                       | ${{ QUOTE_SIGNING_KEYS: TWINS }}               | ${["QUOTE_SIGNING_KEYS"]}
  ${"another database is none"}                               | ${{ DATABASE_URL: "mysql://a/b", ...PEPPERS }} | ${["DATABASE_URL"]}
  ${"ports end at 65535"}                                     | ${{ PORT: "65536" }}                           | ${["PORT"]}
  ${"a port is a whole number"}                               | ${{ PORT: "4000.5" }}                          | ${["PORT"]}
  ${"a pool has a connection"}                                | ${{ DATABASE_POOL_SIZE: "0" }}                 | ${["DATABASE_POOL_SIZE"]}
  ${"memory is counted in whole megabytes"}                   | ${{ MEMORY_MB: "0.5" }}                        | ${["MEMORY_MB"]}
  ${"any origin is none"}                                     | ${{ CORS_ORIGINS: "*" }}                       | ${["CORS_ORIGINS"]}
  ${"a page without an origin is none"}                       | ${{ CORS_ORIGINS: "null" }}                    | ${["CORS_ORIGINS"]}
  ${"an origin is no address of a page"}                      | ${{ CORS_ORIGINS: "https://a.example/" }}      | ${["CORS_ORIGINS"]}
  ${"an origin is no pattern"}                                | ${{ CORS_ORIGINS: "https://*.a.example" }}     | ${["CORS_ORIGINS"]}
  ${"an origin is written as browsers write it"}              | ${{ CORS_ORIGINS: "https://A.example:443" }}   | ${["CORS_ORIGINS"]}
  ${"an origin is of the web"}                                | ${{ CORS_ORIGINS: "file:///etc" }}             | ${["CORS_ORIGINS"]}
  ${"whoever says so is no proxy"}                            | ${{ TRUST_PROXY: "true" }}                     | ${["TRUST_PROXY"]}
  ${"no network has 33 bits"}                                 | ${{ TRUST_PROXY: "10.0.0.0/33" }}              | ${["TRUST_PROXY"]}
  ${"a limit is of a kind of caller"}                         | ${{ RATE_LIMIT: "nobody=1/2" }}                | ${["RATE_LIMIT"]}
  ${"nothing is restored at no rate"}                         | ${{ RATE_LIMIT: "service=0/2" }}               | ${["RATE_LIMIT"]}
  ${"a poll is seen within a minute"}                         | ${{ RELEASE_POLL_MS: "60001" }}                | ${["RELEASE_POLL_MS"]}
  ${"answers are counted in whole megabytes"}                 | ${{ KEPT_ANSWERS_MB: "1.5" }}                  | ${["KEPT_ANSWERS_MB"]}
  ${"requests are counted in whole megabytes"}                | ${{ REPEATED_REQUESTS_MB: "1.5" }}             | ${["REPEATED_REQUESTS_MB"]}
  ${"nothing is kept for more than a year"}                   | ${{ CACHE_MAX_AGE_SECONDS: "31536001" }}       | ${["CACHE_MAX_AGE_SECONDS"]}
  ${"no poll comes before it was asked for"}                  | ${{ RELEASE_POLL_MS: "-1" }}                   | ${["RELEASE_POLL_MS"]}
  ${"plans are counted"}                                      | ${{ COMPILED_DOCUMENTS: "-1" }}                | ${["COMPILED_DOCUMENTS"]}
  ${"a word that means nothing is not taken for its default"} | ${{ NODE_ENV: "prod", LOG_LEVEL: "loud" }}     | ${["NODE_ENV", "LOG_LEVEL"]}
`("$why", ({ set, names }: { set: Record<string, string>; names: string[] }) => {
  expect(problemsOf(set).map(nameOf)).toEqual(names);
});

describe("what is wrong", () => {
  const WRONG = {
    NODE_ENV: "staging-7",
    PORT: "70123",
    DATABASE_URL: "mysql://root:hunter2@db",
    DATABASE_POOL_SIZE: "many",
    MEMORY_MB: "plenty",
    API_KEY_PEPPER: "pepper-8",
    CODE_PEPPER: "pepper-9",
    QUOTE_SIGNING_KEYS: "key-10:seed",
    CORS_ORIGINS: "everyone-11",
    TRUST_PROXY: "proxy-11",
    RATE_LIMIT: "twelve-an-hour",
    RELEASE_POLL_MS: "every-moment-13",
    KEPT_ANSWERS_MB: "all-of-them-14",
    REPEATED_REQUESTS_MB: "all-of-them-15",
    CACHE_MAX_AGE_SECONDS: "for-ever-15",
    COMPILED_DOCUMENTS: "thirteen",
    LOG_LEVEL: "shout",
  };

  test("is said of everything at once", () => {
    expect(problemsOf(WRONG).map(nameOf).sort()).toEqual(Object.keys(WRONG).sort());
  });

  test("is said without a single value, which may be a secret", () => {
    const said = [...problemsOf(WRONG), messageOf(WRONG)].join("\n");
    expect(Object.values(WRONG).filter((value) => said.includes(value))).toEqual([]);
    expect(said).not.toContain("hunter2");
  });

  test("is counted and listed in the message", () => {
    expect(messageOf({ PORT: "no", LOG_LEVEL: "no" })).toMatch(/^The configuration has 2 problems:\n {2}- PORT: .+\n {2}- LOG_LEVEL: .+$/);
    expect(messageOf({ PORT: "no" })).toMatch(/^The configuration has a problem:\n {2}- PORT: .+$/);
  });
});

describe("a variable may be given as a file", () => {
  const FILES: Readonly<Record<string, string>> = {
    "/pepper": `${PEPPER}\n`,
    "/keys": `${QUOTE_SIGNING_KEYS}\r\n`,
    "/url": DATABASE_URL,
    "/port": "4001",
    "/empty": "\n",
  };
  const read = (path: string): string => {
    const text = FILES[path];
    if (text === undefined) throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: "ENOENT" });
    return text;
  };

  test("which is read without the end of its line", () => {
    const files = { DATABASE_URL_FILE: "/url", API_KEY_PEPPER_FILE: "/pepper", QUOTE_SIGNING_KEYS_FILE: "/keys", PORT_FILE: "/port" };
    const { databaseUrl, apiKeyPepper, quoteSigningKeys, port } = readConfig({ ...files, CODE_PEPPER }, { readText: read });
    expect({ databaseUrl, apiKeyPepper, quoteSigningKeys, port }).toEqual({
      databaseUrl: DATABASE_URL,
      apiKeyPepper: PEPPER,
      quoteSigningKeys: QUOTE_SIGNING_KEYS,
      port: 4001,
    });
  });

  test("every one of them", () => {
    for (const name of ENVIRONMENT_NAMES)
      expect(() => readConfig({ [`${name}_FILE`]: "/nope" }, { readText: read })).toThrow(`${name}_FILE: the file cannot be read: there is none`);
  });

  test("that is checked like any other", () => {
    expect(problemsOf({ API_KEY_PEPPER_FILE: "/port" }, read)).toEqual(["API_KEY_PEPPER: must have at least 32 characters"]);
  });

  test("but not twice, and not by a file that has nothing or is not there", () => {
    const problems = problemsOf({ API_KEY_PEPPER: PEPPER, API_KEY_PEPPER_FILE: "/pepper", CODE_PEPPER_FILE: "/empty", QUOTE_SIGNING_KEYS_FILE: "/nope" }, read);
    expect(problems).toEqual([
      "API_KEY_PEPPER: give it or API_KEY_PEPPER_FILE, not both",
      "CODE_PEPPER_FILE: the file is empty",
      "QUOTE_SIGNING_KEYS_FILE: the file cannot be read: there is none (ENOENT)",
    ]);
  });

  test("and a secret that is given as a path is not told", () => {
    expect(problemsOf({ API_KEY_PEPPER_FILE: PEPPER }, read).join()).not.toContain(PEPPER);
    // Really read: a folder, and what no path can be.
    expect(problemsOf({ API_KEY_PEPPER_FILE: "/" })).toEqual(["API_KEY_PEPPER_FILE: the file cannot be read: it is a folder (EISDIR)"]);
    expect(problemsOf({ API_KEY_PEPPER_FILE: "a\0b" })).toEqual(["API_KEY_PEPPER_FILE: the file cannot be read: it is not readable as text"]);
  });
});

describe("production does not start with secrets that can be guessed", () => {
  const GOOD = { NODE_ENV: "production", DATABASE_URL, ...PEPPERS };
  test.each`
    why                                         | set                                                               | problems
    ${"two peppers are two"}                    | ${{ CODE_PEPPER: PEPPER }}                                        | ${["CODE_PEPPER: is the same as API_KEY_PEPPER"]}
    ${"a pepper is no seed"}                    | ${{ CODE_PEPPER: SEED }}                                          | ${["QUOTE_SIGNING_KEYS: is the same as CODE_PEPPER"]}
    ${"two seeds are two"}                      | ${{ QUOTE_SIGNING_KEYS: `a:${SEED},b:${SEED}` }}                  | ${["QUOTE_SIGNING_KEYS: is the same as QUOTE_SIGNING_KEYS"]}
    ${"a character is no secret"}               | ${{ API_KEY_PEPPER: "x".repeat(40) }}                             | ${["API_KEY_PEPPER: has too few different characters"]}
    ${"a byte is no seed"}                      | ${{ QUOTE_SIGNING_KEYS: `a:${"0b".repeat(32)}` }}                 | ${["QUOTE_SIGNING_KEYS: has too few different characters"]}
    ${"a unit that comes again is one unit"}    | ${{ API_KEY_PEPPER: "f4a1c5b07d9e2388".repeat(3) }}               | ${["API_KEY_PEPPER: repeats itself"]}
    ${"a row is none"}                          | ${{ API_KEY_PEPPER: "abcdefghijklmnopqrstuvwxyz0123456789" }}     | ${["API_KEY_PEPPER: is a row of characters in their order"]}
    ${"what stands for one is none"}            | ${{ CODE_PEPPER: "please-change-me-please-change-it-soon" }}      | ${["CODE_PEPPER: reads like a placeholder"]}
    ${"the examples of a manual are known"}     | ${{ CODE_PEPPER: "a-pepper-of-more-than-thirty-two-characters" }} | ${["CODE_PEPPER: reads like a placeholder"]}
    ${"a password is not the one of everybody"} | ${{ DATABASE_URL: "postgresql://gateway:postgres@db/catalog" }}   | ${["DATABASE_URL: has a password that is guessed at once"]}
    ${"a password is not the name"}             | ${{ DATABASE_URL: "postgresql://shop:shop@db/catalog" }}          | ${["DATABASE_URL: has a password that is guessed at once"]}
  `("$why", ({ set, problems }: { set: Record<string, string>; problems: string[] }) => {
    expect(problemsOf({ ...GOOD, ...set }).map((problem) => problem.replace(/;.*/, ""))).toEqual(problems);
    // Where things are tried out, what matters is that they start.
    expect(() => readConfig({ ...GOOD, NODE_ENV: "", ...set })).not.toThrow();
  });

  test("but with any that a machine has drawn", () => {
    for (let run = 0; run < 500; run++) {
      const draw = (): string => randomBytes(32).toString("hex");
      const drawn = { API_KEY_PEPPER: draw(), CODE_PEPPER: randomBytes(24).toString("base64"), QUOTE_SIGNING_KEYS: `a:${draw()},b:${draw()}` };
      expect(() => readConfig({ ...GOOD, ...drawn })).not.toThrow();
    }
  });
});

function refusalOf(environment: Record<string, string>, readText?: (path: string) => string): InvalidConfig {
  try {
    readConfig(environment, readText ? { readText } : {});
  } catch (error) {
    if (error instanceof InvalidConfig) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

function problemsOf(environment: Record<string, string>, readText?: (path: string) => string): readonly string[] {
  return refusalOf(environment, readText).problems;
}

function messageOf(environment: Record<string, string>): string {
  return refusalOf(environment).message;
}

function nameOf(problem: string): string {
  return problem.replace(/:.*/s, "");
}
