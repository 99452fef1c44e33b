import { createServer, type AddressInfo, type Server } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeApiKey } from "../../src/access/api-keys/api-key.js";
import { createApp, type App, type AppParts } from "../../src/app.js";
import { systemClock } from "../../src/platform/clock.js";
import { connectDatabase, type Database } from "../../src/platform/database/database.js";
import { createTestDatabase } from "../support/database.js";
import { openLossyProxy } from "../support/lossy-proxy.js";

interface Away {
  readonly app: App;
  readonly database: Database;
}

const urlOn = (port: number): string => `postgresql://user:hidden@127.0.0.1:${port}/catalog`;

async function appOn(url: string, currentRelease: NonNullable<AppParts["currentRelease"]> | null): Promise<Away> {
  const database = connectDatabase({ url, maxConnections: 2 });
  const app = await createApp({
    database,
    ...{ currentRelease, rateLimits: null },
    apiKeyPepper: "a pepper that only the tests know of",
    codePepper: "another pepper that only the tests know of",
    quoteSigningKeys: `test:${"07".repeat(32)}`,
    clock: systemClock,
    logger: pino({ level: "silent" }),
    explorerFolder: "no explorer is built for these tests",
  });
  return { app, database };
}

function ask({ app }: Away, more: Readonly<Record<string, string>> = {}, query = '{ plan(key: "free") { key } }') {
  return app.server.inject({ method: "POST", url: "/graphql", headers: { "content-type": "application/json", ...more }, payload: JSON.stringify({ query }) });
}

const MODES = [
  ["nothing listens", null],
  ["nothing answers", null],
  ["nothing listens, and the current release is followed", { pollMs: 50 }],
  ["nothing answers, and the current release is followed", { pollMs: 50 }],
] as const;

describe.each(MODES)("where %s", (how, currentRelease) => {
  let silent: Server;
  let away: Away;
  beforeAll(async () => {
    silent = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as AddressInfo;
    if (how.startsWith("nothing listens")) await new Promise((resolve) => silent.close(resolve));
    away = await appOn(urlOn(port), currentRelease);
  });
  afterAll(async () => {
    await away.app.close();
    await away.database.close();
    silent.close();
  });

  test("callers are told to try again, with and without a key", async () => {
    const anonymous = await ask(away);
    expect(anonymous.json()).toMatchObject({ data: { plan: null }, errors: [{ extensions: { code: "UNAVAILABLE" } }] });
    const withKey = await ask(away, { authorization: `Bearer ${makeApiKey().key}` });
    expect(withKey.statusCode).toBe(503);
    expect(withKey.json()).toMatchObject({ errors: [{ extensions: { code: "UNAVAILABLE" } }] });
    for (const { payload } of [anonymous, withKey]) expect(payload).not.toMatch(/hidden|127\.0\.0\.1|ECONN/);
  });

  test("who wants to be sure of the current release is told to try again, whatever was asked", async () => {
    const { statusCode, headers, payload } = await ask(away, { "catalog-consistency": "strict" }, "{ __typename }");
    expect(statusCode).toBe(503);
    expect(headers["retry-after"]).toBe("1");
    expect(JSON.parse(payload)).toMatchObject({ errors: [{ extensions: { code: "UNAVAILABLE" } }] });
    expect(payload).not.toMatch(/hidden|127\.0\.0\.1|ECONN/);
  });

  test("the process is alive but not ready", async () => {
    expect((await away.app.server.inject("/healthz")).statusCode).toBe(200);
    const ready = await away.app.server.inject("/readyz");
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toEqual({ status: "not ready", missing: ["database"] });
  });
});

test("a gateway that knows the current release goes on with it while the database is away, and says so to nobody who wants to be sure", async () => {
  const { url, drop } = await createTestDatabase("reference");
  const address = new URL(url);
  const port = Number(address.port);
  const wire = await openLossyProxy(port);
  address.port = String(wire.port);
  const away = await appOn(address.href, { pollMs: 50 });
  const point = (wish: Readonly<Record<string, string>> = {}) => ask(away, wish, "{ catalogPoint { time } }");
  const strict = { "catalog-consistency": "strict" };
  try {
    expect((await point(strict)).headers["catalog-release"]).toBe("1");
    wire.reconnectTo(1);
    for (const wish of [{}, { "catalog-min-release": "1" }]) {
      const { statusCode, headers } = await point(wish);
      expect({ statusCode, release: headers["catalog-release"] }).toEqual({ statusCode: 200, release: "1" });
    }
    for (const wish of [strict, { "catalog-min-release": "2" }, { ...strict, "catalog-min-release": "1" }]) {
      const { statusCode, headers, payload } = await point(wish);
      expect({ statusCode, retryAfter: headers["retry-after"] }).toEqual({ statusCode: 503, retryAfter: "1" });
      expect(JSON.parse(payload)).toMatchObject({ errors: [{ extensions: { code: "UNAVAILABLE" } }] });
    }
    expect((await away.app.server.inject("/readyz")).json()).toEqual({ status: "not ready", missing: ["database"] });
    wire.reconnectTo(port);
    expect((await point(strict)).statusCode).toBe(200);
    expect((await away.app.server.inject("/readyz")).statusCode).toBe(200);
  } finally {
    await away.app.close();
    await away.database.close();
    await wire.close();
    await drop();
  }
});

test("a gateway that started without the database knows the current release as soon as it is back", async () => {
  const { url, drop } = await createTestDatabase("reference");
  const address = new URL(url);
  const port = Number(address.port);
  const wire = await openLossyProxy(1);
  address.port = String(wire.port);
  const away = await appOn(address.href, { pollMs: 20 });
  try {
    expect(away.app.currentRelease?.number()).toBeNull();
    wire.reconnectTo(port);
    await expect.poll(() => away.app.currentRelease?.number()).toBe(1);
    await expect.poll(async () => (await away.app.server.inject("/readyz")).statusCode).toBe(200);
  } finally {
    await away.app.close();
    await away.database.close();
    await wire.close();
    await drop();
  }
});

test("a database that lost a release makes a gateway that has read of it not ready", async () => {
  const { url, drop } = await createTestDatabase("reference");
  const away = await appOn(url, { pollMs: 50 });
  try {
    // As if it was published, read, and then lost with a server that another one replaced.
    void away.app.currentRelease?.learn(2);
    expect((await away.app.server.inject("/readyz")).json()).toEqual({ status: "not ready", missing: ["a restart: the database went back"] });
    expect((await ask(away, { "catalog-consistency": "strict" })).statusCode).toBe(503);
  } finally {
    await away.app.close();
    await away.database.close();
    await drop();
  }
});
