import { pino } from "pino";
import { expect } from "vitest";
import { ApiKeyService } from "../../src/access/api-keys/api-key.service.js";
import { PgApiKeyRepository } from "../../src/access/api-keys/storage/pg-api-key.repository.js";
import { connectDatabase } from "../../src/platform/database/database.js";
import { test, type Gateway } from "../support/api.js";

/** The operator's shell, or another gateway: it shares nothing with the gateway but the database. */
async function elsewhere<T>({ database, clock }: Gateway, body: (keys: ApiKeyService) => Promise<T>): Promise<T> {
  const other = connectDatabase({ url: String(database.pool.options.connectionString), maxConnections: 1 });
  try {
    return await body(new ApiKeyService(new PgApiKeyRepository(other.pool, other.prisma), "not the pepper of the gateway", clock));
  } finally {
    await other.close();
  }
}

const status = async (gateway: Gateway, key: string): Promise<number> => (await gateway.withAuthorization(`Bearer ${key}`).query("{ __typename }")).status;

async function shown(gateway: Gateway, name: string): Promise<{ key: string; id: string }> {
  const { key, record } = await gateway.app.apiKeys.create({ name, role: "service", expiresAt: null });
  expect(await status(gateway, key)).toBe(200);
  return { key, id: record.id };
}

test("a key that was revoked elsewhere is turned away within 5 seconds", async ({ gateway }) => {
  const { key, id } = await shown(gateway, "told of");
  await elsewhere(gateway, (keys) => keys.revoke(id));
  await expect.poll(() => status(gateway, key), { timeout: 5_000, interval: 20 }).toBe(401);
});

test("so it is when the gateway's listening connection was cut meanwhile", async ({ gateway }) => {
  const { key, id } = await shown(gateway, "cut");
  const { rowCount } = await gateway.database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like '%(listening)'",
  );
  expect(rowCount).toBe(1);
  await elsewhere(gateway, (keys) => keys.revoke(id));
  await expect.poll(() => status(gateway, key), { timeout: 5_000, interval: 20 }).toBe(401);
});

test("and within 30 seconds when nobody tells", { timeout: 40_000 }, async ({ gateway }) => {
  const { key, id } = await shown(gateway, "untold");
  await gateway.database.pool.query("alter table api_key disable trigger api_key_is_told_of");
  try {
    await elsewhere(gateway, (keys) => keys.revoke(id));
    expect(await status(gateway, key), "it is in memory, or this test shows nothing").toBe(200);
    await expect.poll(() => status(gateway, key), { timeout: 30_000, interval: 200 }).toBe(401);
  } finally {
    await gateway.database.pool.query("alter table api_key enable trigger api_key_is_told_of");
  }
});

test("an answer that was under way when a key was changed is not kept", async ({ gateway }) => {
  const { key, id } = await shown(gateway, "raced");
  gateway.app.apiKeys.known.forget(id);
  const blocker = await gateway.database.pool.connect();
  let underWay: Promise<number>;
  try {
    await blocker.query("begin; lock table api_key in access exclusive mode");
    underWay = status(gateway, key);
    const waiting = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    await expect.poll(async () => (await gateway.database.pool.query(waiting)).rowCount, { interval: 10 }).toBe(1);
    // It is told of a change before the answer of before arrives.
    gateway.app.apiKeys.known.forget(id);
    await blocker.query("rollback");
  } finally {
    blocker.release(true);
  }
  expect(await underWay).toBe(200);
  await elsewhere(gateway, (keys) => keys.revoke(id));
  await expect.poll(() => status(gateway, key), { timeout: 5_000, interval: 20 }).toBe(401);
});

test("a listener that cannot connect says so and does no harm", async ({ gateway }) => {
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => lines.push(line) });
  const nowhere = connectDatabase({ url: "postgresql://nobody@127.0.0.1:1/nothing", maxConnections: 1 });
  const listening = nowhere.listen({ channels: {}, onGap: () => undefined, onLost: (err) => log.warn({ err }, "not told") });
  await expect.poll(() => lines.length).toBeGreaterThan(1);
  await listening.stop();
  await nowhere.close();
  expect(await status(gateway, "no key")).toBe(401);
});
