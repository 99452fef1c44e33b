import { createServer, type AddressInfo, type Server } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeApiKey } from "../../src/access/api-keys/api-key.js";
import { createApp, type App } from "../../src/app.js";
import { systemClock } from "../../src/platform/clock.js";
import { connectDatabase, type Database } from "../../src/platform/database/database.js";

interface Away {
  readonly app: App;
  readonly database: Database;
}

async function appOn(port: number): Promise<Away> {
  const database = connectDatabase({ url: `postgresql://user:hidden@127.0.0.1:${port}/catalog`, maxConnections: 2 });
  const app = await createApp({
    database,
    apiKeyPepper: "a pepper that only the tests know of",
    codePepper: "another pepper that only the tests know of",
    quoteSigningKeys: `test:${"07".repeat(32)}`,
    clock: systemClock,
    logger: pino({ level: "silent" }),
    explorerFolder: "no explorer is built for these tests",
  });
  return { app, database };
}

function ask({ app }: Away, authorization?: string) {
  const headers = { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) };
  return app.server.inject({ method: "POST", url: "/graphql", headers, payload: JSON.stringify({ query: '{ plan(key: "free") { key } }' }) });
}

describe.each(["nothing listens", "nothing answers"])("where %s", (how) => {
  let silent: Server;
  let away: Away;
  beforeAll(async () => {
    silent = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as AddressInfo;
    if (how === "nothing listens") await new Promise((resolve) => silent.close(resolve));
    away = await appOn(port);
  });
  afterAll(async () => {
    await away.app.close();
    await away.database.close();
    silent.close();
  });

  test("callers are told to try again, with and without a key", async () => {
    const anonymous = await ask(away);
    expect(anonymous.json()).toMatchObject({ data: { plan: null }, errors: [{ extensions: { code: "UNAVAILABLE" } }] });
    const withKey = await ask(away, `Bearer ${makeApiKey().key}`);
    expect(withKey.statusCode).toBe(503);
    expect(withKey.json()).toMatchObject({ errors: [{ extensions: { code: "UNAVAILABLE" } }] });
    for (const { payload } of [anonymous, withKey]) expect(payload).not.toMatch(/hidden|127\.0\.0\.1|ECONN/);
  });

  test("the process is alive but not ready", async () => {
    expect((await away.app.server.inject("/healthz")).statusCode).toBe(200);
    const ready = await away.app.server.inject("/readyz");
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toEqual({ status: "not ready", missing: ["database"] });
  });
});
