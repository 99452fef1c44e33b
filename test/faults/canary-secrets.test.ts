import { rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import pg from "pg";
import { ApiKeyService } from "../../src/access/api-keys/api-key.service.js";
import { makeApiKey } from "../../src/access/api-keys/api-key.js";
import { PgApiKeyRepository } from "../../src/access/api-keys/storage/pg-api-key.repository.js";
import { systemClock } from "../../src/platform/clock.js";
import { connectDatabase } from "../../src/platform/database/database.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { openLossyProxy } from "../support/lossy-proxy.js";
import { run, type Program } from "../support/program.js";
import { rawRequest, sendBytes } from "../support/raw-http.js";
import { CREATE_QUOTE } from "../support/stored-quotes.js";
import { makeTemporaryFolder } from "../support/temporary-folder.js";

/** Each is like no other text, so wherever it turns up, that is where it leaked. */
const canary = (): string => `canary${randomBytes(16).toString("hex")}`;
const CONFIGURED = {
  password: `p%2F${canary()}`,
  apiKeyPepper: canary(),
  codePepper: canary(),
  seed: randomBytes(32).toString("hex"),
  oldSeed: randomBytes(32).toString("hex"),
};
/** What callers show or type. They may get their own words back; no log may have them. */
const TYPED = {
  token: `${canary()}.${canary()}.${canary()}`,
  cookie: canary(),
  basic: canary(),
  address: canary(),
  path: canary(),
  code: "CANARY-7XQ2M4K9WD",
  customer: canary(),
  variable: canary(),
  header: canary(),
  body: canary(),
};

const ROLE = `canary_${randomBytes(6).toString("hex")}`;

let folder: string;
let database: TestDatabase;
/** By way of a proxy, so that the database can go away. */
let proxy: Awaited<ReturnType<typeof openLossyProxy>>;

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  database = await createTestDatabase("reference");
  await onServer(`create role ${ROLE} superuser login password '${decodeURIComponent(CONFIGURED.password)}'`);
  proxy = await openLossyProxy(Number(new URL(database.url).port));
});

afterAll(async () => {
  await proxy.close();
  await database.drop();
  await onServer(`drop role ${ROLE}`);
  await rm(folder, { recursive: true, force: true });
});

async function onServer(statement: string, url = inject("serverUrl")): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function url(password: string): string {
  return `postgresql://${ROLE}:${password}@127.0.0.1:${proxy.port}${new URL(database.url).pathname}`;
}

async function start(password = CONFIGURED.password): Promise<Program> {
  // The pepper of keys comes from a file, as secrets should.
  const file = join(folder, "api-key-pepper");
  await writeFile(file, `${CONFIGURED.apiKeyPepper}\n`);
  return run("main.ts", [], {
    ...{ PORT: "0", LOG_LEVEL: "trace", DATA_FOLDER: join(folder, "data"), DATABASE_URL: url(password) },
    ...{ API_KEY_PEPPER_FILE: file, CODE_PEPPER: CONFIGURED.codePepper, QUOTE_SIGNING_KEYS: `a:${CONFIGURED.seed},b:${CONFIGURED.oldSeed}` },
  });
}

/** Names of the secrets that a text has, in any form that they might take there. */
function foundIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  const forms = (secret: string): string[] => [secret, decodeURIComponent(secret), Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex")];
  return Object.entries(secrets).flatMap(([name, secret]) => (forms(secret).some((form) => text.toLowerCase().includes(form.toLowerCase())) ? [name] : []));
}

describe("a gateway that logs all there is", () => {
  test("tells no secret of its own to anyone, and nothing that callers show to its log", async () => {
    const { database: connected, key } = await makeKey();
    const unknown = makeApiKey().key;
    const gateway = await start();
    const address = (await gateway.says(/API\s+(http:\/\/\S+)\/graphql/))[1] ?? "";
    const answers: string[] = [];
    const ask = async (
      query: string,
      { variables = {}, headers = {}, search = "" }: { variables?: object; headers?: Record<string, string>; search?: string } = {},
    ) => {
      const response = await fetch(`${address}/graphql${search}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ query, variables }),
      });
      answers.push(`${JSON.stringify([...response.headers])} ${await response.text()}`);
      return answers.at(-1) ?? "";
    };
    const good = { authorization: `Bearer ${key}` };

    // Credentials of every kind, good and bad, at every place where one could be put.
    for (const authorization of [`Bearer ${key}`, `Bearer ${unknown}`, `Bearer ${TYPED.token}`, `Basic ${btoa(`u:${TYPED.basic}`)}`, TYPED.token])
      await ask("{ __typename }", {
        headers: { authorization, cookie: `session=${TYPED.cookie}`, "x-api-key": TYPED.header },
        search: `?key=${TYPED.address}`,
      });
    answers.push(await (await fetch(`${address}/${TYPED.path}?key=${TYPED.address}`)).text());
    answers.push(await (await fetch(`${address}/graphql/${TYPED.path}`, { method: "DELETE" })).text());

    // What customers are called and the codes that they type, answered, refused, and where the database refuses the row.
    const item = { plan: "premium-individual" };
    const input = { quote: { items: [item], market: "se", codes: [TYPED.code], customer: { id: TYPED.customer } }, validForSeconds: 3_600 };
    expect(await ask(CREATE_QUOTE, { variables: { input }, headers: good })).toContain("CODE_UNKNOWN");
    await onServer("alter table quote add constraint canary_no_more check (false) not valid", database.url);
    const failed = await ask(CREATE_QUOTE, { variables: { input: { ...input, quote: { ...input.quote, codes: [] } } }, headers: good });
    expect(failed).toContain('"code":"INTERNAL"');
    await ask("query ($a: Int!) { plans(first: $a) { totalCount } }", { variables: { a: TYPED.variable }, headers: good });
    await ask(`{ plan(key: "${TYPED.variable}") { ${TYPED.variable} } }`, { headers: good });

    // Faults, requests that are none, and headers that are too large.
    await onServer("alter table redemption rename to redemption_away", database.url);
    expect(await ask('{ customer(key: "ada") { redemptions(first: 1) { totalCount } } }', { headers: good })).toContain('"code":"INTERNAL"');
    const port = Number(new URL(address).port);
    for (const bytes of [
      rawRequest("POST /graphql HTTP/1.1", ["Host: a", `Authorization: Bearer ${key}`, `X: ${TYPED.header.repeat(1_000)}`]),
      rawRequest(
        "POST /graphql HTTP/1.1",
        ["Host: a", `Authorization: Bearer ${key}`, "Content-Type: application/json", "Content-Length: 60"],
        `{"${TYPED.body}`,
      ),
      rawRequest("POST /graphql HTTP/1.1", ["Host: a", "Content-Type: application/json", `Content-Length: ${TYPED.body.length}`], TYPED.body),
      rawRequest(`GET /graphql?query=${TYPED.address} HTTP/1.1`, ["Host: a", `Cookie: ${TYPED.cookie}`, "Content-Type: text/plain"]),
      `${TYPED.token} ${key}\r\n\r\n`,
    ])
      answers.push(await sendBytes(port, bytes));

    // The database goes away.
    proxy.reconnectTo(1);
    expect(await ask('{ plan(key: "free") { key } }', { headers: { ...good, "catalog-consistency": "strict" } })).toContain("UNAVAILABLE");
    gateway.kill("SIGTERM");
    const { out, err, code } = await gateway.ended;
    proxy.reconnectTo(Number(new URL(database.url).port));
    await connected.close();

    expect(code).toBe(0);
    const log = `${out}\n${err}`;
    // It did log: requests, the faults with their reason, and the lost connection.
    for (const sign of ['"msg":"answered"', "canary_no_more", 'relation \\"redemption\\" does not exist']) expect(log).toContain(sign);
    // Whoever notices first.
    expect(log).toMatch(/lost a database connection|not told of changes by the database|the current release cannot be followed/);
    expect(foundIn(`${log}\n${answers.join("\n")}`, { ...CONFIGURED, key })).toEqual([]);
    expect(foundIn(log, { ...TYPED, unknown })).toEqual([]);
    expect(foundIn(answers.join("\n"), { token: TYPED.token, cookie: TYPED.cookie, basic: TYPED.basic, header: TYPED.header, unknown })).toEqual([]);
  });
});

describe("a gateway that does not start", () => {
  test("because of a wrong password does not say which", async () => {
    const wrong = canary();
    const { code, out, err } = await (await start(wrong)).ended;
    expect(code).not.toBe(0);
    expect(err).not.toBe("");
    expect(foundIn(`${out}\n${err}`, { ...CONFIGURED, wrong })).toEqual([]);
  });

  test("because nothing of its configuration is right does not say what it was", async () => {
    const wrong = Object.fromEntries(
      ["NODE_ENV", "HOST", "PORT", "DATABASE_URL", "API_KEY_PEPPER", "QUOTE_SIGNING_KEYS", "CORS_ORIGINS", "LOG_LEVEL"].map((name) => [name, canary()]),
    );
    const { code, out, err } = await run("main.ts", [], { ...wrong, CODE_PEPPER_FILE: join(folder, canary()), API_KEY_PEPPER_FILE: canary() }).ended;
    expect(code).toBe(78);
    expect(err).toContain("CODE_PEPPER_FILE");
    expect(`${out}\n${err}`).not.toContain("canary");
  });
});

/** A key of the role service, made with the pepper of the gateway. */
async function makeKey() {
  const connected = connectDatabase({ url: database.url, maxConnections: 1 });
  const keys = new ApiKeyService(new PgApiKeyRepository(connected.pool, connected.prisma), CONFIGURED.apiKeyPepper, systemClock);
  const { key } = await keys.create({ name: "canary", role: "service", expiresAt: null });
  return { database: connected, key };
}
