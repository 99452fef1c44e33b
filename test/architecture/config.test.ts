import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { ENVIRONMENT_NAMES, InvalidConfig, readConfig } from "../../src/platform/config.js";

const PEPPER = "a-pepper-of-more-than-thirty-two-characters";
const CODE_PEPPER = "another-pepper-of-more-than-thirty-two-characters";
const QUOTE_SIGNING_KEYS = `2026b:${"0b".repeat(32)},2026a:${"0a".repeat(32)}`;
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
      dataFolder: resolve("data"),
      apiKeyPepper: null,
      codePepper: null,
      quoteSigningKeys: null,
      trustProxy: null,
      rateLimit: null,
      trustedDocuments: [],
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
  const set = { NODE_ENV: "production", HOST: "0.0.0.0", PORT: "0", DATABASE_URL, DATABASE_POOL_SIZE: "25", DATA_FOLDER: "somewhere", ...PEPPERS };
  const limits = { TRUST_PROXY: "10.0.0.0/8,::1", RATE_LIMIT: "anonymous=10/100,service=off", TRUSTED_DOCUMENTS: "web.json, app.json" };
  expect(readConfig({ ...set, ...limits, LOG_LEVEL: "debug", SOMETHING_ELSE: "is ignored" })).toEqual({
    production: true,
    host: "0.0.0.0",
    port: 0,
    databaseUrl: DATABASE_URL,
    databasePoolSize: 25,
    dataFolder: resolve("somewhere"),
    apiKeyPepper: PEPPER,
    codePepper: CODE_PEPPER,
    quoteSigningKeys: QUOTE_SIGNING_KEYS,
    trustProxy: "10.0.0.0/8,::1",
    rateLimit: "anonymous=10/100,service=off",
    trustedDocuments: [resolve("web.json"), resolve("app.json")],
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
  ${"whoever says so is no proxy"}                            | ${{ TRUST_PROXY: "true" }}                     | ${["TRUST_PROXY"]}
  ${"no network has 33 bits"}                                 | ${{ TRUST_PROXY: "10.0.0.0/33" }}              | ${["TRUST_PROXY"]}
  ${"a limit is of a kind of caller"}                         | ${{ RATE_LIMIT: "nobody=1/2" }}                | ${["RATE_LIMIT"]}
  ${"nothing is restored at no rate"}                         | ${{ RATE_LIMIT: "service=0/2" }}               | ${["RATE_LIMIT"]}
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
    API_KEY_PEPPER: "pepper-8",
    CODE_PEPPER: "pepper-9",
    QUOTE_SIGNING_KEYS: "key-10:seed",
    TRUST_PROXY: "proxy-11",
    RATE_LIMIT: "twelve-an-hour",
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

function refusalOf(environment: Record<string, string>): InvalidConfig {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof InvalidConfig) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  return refusalOf(environment).problems;
}

function messageOf(environment: Record<string, string>): string {
  return refusalOf(environment).message;
}

function nameOf(problem: string): string {
  return problem.replace(/:.*/s, "");
}
