import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { connectDatabase, createDatabaseIfMissing, type Database } from "../../src/platform/database/database.js";
import { migrateDatabase } from "../../src/platform/database/migrations.js";
import { Child } from "../support/child.js";
import { migrationsFolder } from "../support/database.js";
import { test, type EmbeddedWorld } from "../support/embedded-world.js";
import { openLossyProxy } from "../support/lossy-proxy.js";
import type { RedeemDriverOptions, RedeemDriverReport } from "../support/redeem-driver.js";
import { expectExactCounters, publishDiscounts, type Limits } from "../support/redemption-world.js";

// Two processes redeem one discount as fast as they can. In the middle answers get lost, then the server is killed and started
// again. Whoever did not learn an outcome asks again. In the end the limit is granted to the last unit, everyone knows what
// they got, and nobody got it twice.

/** At most 200 and 2 × 250 uses come before the server is killed, so that the limit is reached after. */
const DRIVER = { attempts: 5_000, concurrency: 250, customers: null, forgetsKeys: false, pauseAfter: 100 };
const LOST_FOR_MS = 300;

interface Aftermath {
  readonly database: Database;
  readonly reports: readonly RedeemDriverReport[];
  /** Ids of what the ledger holds. */
  readonly ledger: readonly string[];
}

async function redeemThroughACrash(world: EmbeddedWorld, limits: Limits, options: Partial<RedeemDriverOptions>, look: (seen: Aftermath) => Promise<void>) {
  await world.copyPristine();
  const url = (await world.start()).url("catalog");
  await createDatabaseIfMissing(url);
  await migrateDatabase({ url, folder: migrationsFolder, log: () => undefined });
  const database = connectDatabase({ url, maxConnections: 2 });
  await publishDiscounts(database.pool, { spring: limits });
  await database.close();

  const proxy = await openLossyProxy(Number(new URL(url).port));
  const address = new URL(url);
  address.port = String(proxy.port);
  const drivers = ["one", "two"].map((name) => new Child("redeem-child.ts", address.href, JSON.stringify({ ...DRIVER, ...options, name })));
  try {
    await Promise.all(drivers.map((driver) => driver.line(/^begun$/)));
    // Of what they ask for now, a batch each is committed without anybody learning of it.
    proxy.loseAnswers();
    for (const driver of drivers) driver.send("go on");
    await sleep(LOST_FOR_MS);
    process.kill((await world.postmasterPid()) ?? 0, "SIGKILL");
    const again = (await world.start()).url("catalog");
    proxy.reconnectTo(Number(new URL(again).port));
    const reports = await Promise.all(drivers.map(async (driver) => JSON.parse(await driver.line(/^\{/)) as RedeemDriverReport));
    const after = connectDatabase({ url: again, maxConnections: 2 });
    try {
      const { rows } = await after.pool.query<{ id: string }>("select id from redemption where state = 'COMMITTED' order by id");
      await look({ database: after, reports, ledger: rows.map(({ id }) => id) });
      await expectExactCounters(after.pool);
    } finally {
      await after.close();
    }
  } finally {
    await Promise.all(drivers.map((driver) => driver.kill()));
    await proxy.close();
  }
}

describe("10,000 redemptions by two processes, with the server killed in between", () => {
  test.for([
    { what: "a limit of 1,000 uses", limits: { limit_total: 1_000 }, options: {} },
    { what: "a budget for 1,000 uses", limits: { budget_minor: 100_050, budget_currency: "EUR" }, options: {} },
    { what: "a limit of one use for each of 1,000 customers", limits: { limit_per_customer: 1 }, options: { customers: 1_000 } },
  ])("$what: 1,000 are granted and acknowledged, none twice", async ({ limits, options }, { world }) => {
    await redeemThroughACrash(world, limits, options, async ({ database, reports, ledger }) => {
      const told = reports.flatMap(({ granted }) => granted).sort();
      expect(ledger).toHaveLength(1_000);
      expect(told).toEqual(ledger);
      expect(reports.reduce((sum, { refused }) => sum + refused, 0)).toBe(9_000);
      // Else nothing was tried.
      for (const { unknown } of reports) expect(unknown).toBeGreaterThan(0);
      const { rows } = await database.pool.query("select from redemption group by customer_id having count(*) > 1");
      expect(rows).toHaveLength(0);
    });
  });

  test("callers that forget their keys count customers twice, which shows what the keys are for", async ({ world }) => {
    await redeemThroughACrash(world, { limit_total: 2_000 }, { forgetsKeys: true }, async ({ database, reports, ledger }) => {
      // The limit holds all the same; but some customers hold two uses, and nobody was told of the first.
      expect(ledger).toHaveLength(2_000);
      expect(reports.flatMap(({ granted }) => granted).length).toBeLessThan(2_000);
      const { rows } = await database.pool.query("select from redemption group by customer_id having count(*) > 1");
      expect(rows.length).toBeGreaterThan(0);
    });
  });
});
