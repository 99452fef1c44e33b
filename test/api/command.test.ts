import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { run, type ProgramEnd } from "../support/program.js";
import { SMALL_CATALOG } from "../support/small-catalog.js";
import { makeTemporaryFolder } from "../support/temporary-folder.js";

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  [database, folder] = [await createTestDatabase("empty"), await makeTemporaryFolder()];
  await writeFile(join(folder, "good.yaml"), SMALL_CATALOG["small.yaml"]);
  await writeFile(join(folder, "bad.yaml"), "products:\n  - { key: Bad Key, name: Music }\n  - { key: video, nmae: Video }\n");
});
afterAll(() => database.drop());

function catalog(...args: string[]): Promise<ProgramEnd> {
  const pepper = "a pepper that only the tests know of";
  const QUOTE_SIGNING_KEYS = `test:${"07".repeat(32)}`;
  return run("cli/catalog.ts", args, { DATABASE_URL: database.url, API_KEY_PEPPER: pepper, CODE_PEPPER: pepper, QUOTE_SIGNING_KEYS }).ended;
}

describe("catalog import", () => {
  test("publishes once, and says what it did", async () => {
    const path = join(folder, "good.yaml");
    const dry = await catalog("import", path, "--dry-run");
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toContain("This would be release 1; nothing was written.");
    const first = await catalog("import", path, "--author", "ana", "--json");
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({ outcome: "PUBLISHED", release: { number: 1, author: "ana" } });
    const second = await catalog("import", path);
    expect(second).toMatchObject({ code: 0, out: "No changes: release 1 stands.\n" });
    const { out } = await catalog("releases", "--json");
    expect(JSON.parse(out)).toMatchObject([{ number: 1, author: "ana" }]);
  });

  test("refuses a bad file with every problem and its line, and exit code 1", async () => {
    const path = join(folder, "bad.yaml");
    const { code, out } = await catalog("import", path);
    expect(code).toBe(1);
    expect(out).toContain(`${path}:2  `);
    expect(out).toContain(`${path}:3  `);
    expect(out).toContain("Nothing was written.");
    const json = await catalog("import", path, "--json");
    expect(JSON.parse(json.out)).toMatchObject({ outcome: "REFUSED" });
  });

  test("a file that is not there is a problem like others", async () => {
    const { code, out } = await catalog("import", join(folder, "nope.yaml"));
    expect(code).toBe(1);
    expect(out).toContain("nope.yaml");
  });
});

describe("catalog token", () => {
  const local = (...args: string[]): Promise<ProgramEnd> => run("cli/catalog.ts", ["token", ...args], { DATA_FOLDER: join(folder, "data") }).ended;

  test("says who calls, for a while, and keeps its key for its owner", async () => {
    const { code, out } = await local("--role", "partner", "--customer-prefix", "acme:", "--markets", "se,no", "--seconds", "60");
    expect(code).toBe(0);
    const [header, claims] = out.split(".", 2).map((part) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>);
    expect(header).toMatchObject({ alg: "EdDSA", typ: "at+jwt" });
    expect(claims).toMatchObject({ roles: ["partner"], sub: "partner", customer_prefix: "acme:", markets: ["se", "no"] });
    expect(Number(claims?.["exp"]) - Number(claims?.["nbf"])).toBe(60);
    expect((await stat(join(folder, "data", "token-issuer-key"))).mode & 0o777).toBe(0o600);
  });

  test("is for a gateway of one's own", async () => {
    const { code, out, err } = await catalog("token", "--role", "admin");
    expect({ code, out }).toEqual({ code: 78, out: "" });
    expect(err).toContain("DATABASE_URL");
  });

  test.each([
    ["a customer who is nobody", ["--role", "customer"]],
    ["a customer whose id cannot be one", ["--role", "customer", "--customer", "a b"]],
    ["a prefix without an end", ["--role", "partner", "--customer-prefix", "acme"]],
    ["the role that needs no token", ["--role", "anonymous"]],
    ["a token that is good for ever", ["--role", "admin", "--seconds", "999999"]],
    ["markets that are no keys", ["--role", "partner", "--markets", "SE"]],
  ])("%s is a mistake of usage: exit code 2", async (_what, args) => {
    expect(await local(...args)).toMatchObject({ code: 2, out: "" });
  });
});

describe("catalog keys", () => {
  test("a key is shown once, listed without itself, and revoked", async () => {
    const made = await catalog("keys", "create", "--role", "partner", "--name", "acme");
    expect(made.code).toBe(0);
    expect(made.out).toMatch(/^cgk_[0-9a-z]{10}_[0-9a-z]{39}\n$/);
    const id = made.out.slice(4, 14);
    const listed = await catalog("keys", "list");
    expect(listed.out).toContain(id);
    expect(listed.out).not.toContain(made.out.trim());
    expect(await catalog("keys", "revoke", id)).toMatchObject({ code: 0 });
    expect(await catalog("keys", "revoke", id)).toMatchObject({ code: 1 });
    expect((await catalog("keys", "list", "--json")).out).toMatch(/"revokedAt": "\d{4}/);
  });

  test.each([
    ["an unknown role", ["keys", "create", "--role", "emperor", "--name", "x"]],
    ["no name", ["keys", "create", "--role", "partner"]],
    ["an expiry that has passed", ["keys", "create", "--role", "partner", "--name", "x", "--expires", "2020-01-01"]],
    ["an unknown command", ["frobnicate"]],
    ["no files", ["import"]],
  ])("%s is a mistake of usage: exit code 2", async (_what, args) => {
    const { code, err } = await catalog(...args);
    expect(code).toBe(2);
    expect(err).toContain("--help");
  });
});

test("catalog schema prints what is served", async () => {
  const { code, out } = await catalog("schema");
  expect(code).toBe(0);
  expect(out).toContain("type Query {");
});
