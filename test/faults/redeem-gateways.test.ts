import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { connectDatabase } from "../../src/platform/database/database.js";
import { test, type EmbeddedWorld } from "../support/embedded-world.js";
import { inFlight, redeemUntilKnown, startGateways, type RedeemCall, type Told } from "../support/redeem-gateways.js";
import { expectExactCounters } from "../support/redemption-world.js";

// Two gateways, as they run in production, and callers that know nothing but HTTP, many at once. Whoever
// does not learn an outcome asks the other gateway with the same key.

/** The ids of what the ledger holds, sorted, once its counters were found to be exact. */
async function readLedger(world: EmbeddedWorld): Promise<string[]> {
  const database = connectDatabase({ url: (await world.start()).url("catalog"), maxConnections: 1 });
  try {
    await expectExactCounters(database.pool);
    const { rows } = await database.pool.query<{ id: string }>("select id from redemption where state in ('RESERVED', 'COMMITTED') order by id");
    const keys = await database.pool.query("select from idempotency_key");
    expect(keys.rowCount).toBe(rows.length);
    return rows.map(({ id }) => id);
  } finally {
    await database.close();
  }
}

/** The id in the ledger that a global id stands for. */
function ledgerId(id: string): string {
  return Buffer.from(id, "base64url").toString("utf8").split("/").at(-1) ?? "";
}

function codesOf(told: readonly Told[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { refusals } of told) for (const code of refusals) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

test("a limit of 1,000 for 2,500 customers is granted to the last unit through a killed server, and everyone learns what they got", async ({ world }) => {
  const { urls, proxy, credentials, quoteIds, stop } = await startGateways(world, "limits: { total: 1000 },", 2_500);
  try {
    const told: Told[] = [];
    const crash = async (): Promise<void> => {
      // What is committed now is committed without anybody learning of it.
      proxy.loseAnswers();
      await sleep(300);
      process.kill((await world.postmasterPid()) ?? 0, "SIGKILL");
      proxy.reconnectTo(Number(new URL((await world.start()).url("catalog")).port));
    };
    let crashed: Promise<void> | undefined;
    await inFlight(quoteIds, async (quoteId, index) => {
      told.push(await redeemUntilKnown(urls, index, credentials[0], { quoteId, idempotencyKey: `order-${index}` }));
      if (told.length >= 400) crashed ??= crash();
    });
    await crashed;
    const granted = told.flatMap(({ redemptions }) => redemptions);
    expect(new Set(granted.map(({ customerId }) => customerId)).size).toBe(1_000);
    expect(codesOf(told)).toEqual({ TOTAL_LIMIT_REACHED: 1_500 });
    expect(granted.map(({ id }) => ledgerId(id)).sort()).toEqual(await readLedger(world));
    // Else nothing was tried.
    expect(told.filter(({ unknown }) => unknown > 0).length).toBeGreaterThan(0);
  } finally {
    await stop();
  }
});

test("1,000 keys, each sent ten times at once over both gateways, have 1,000 effects and one answer each", async ({ world }) => {
  const { urls, credentials, quoteIds, stop } = await startGateways(world, "", 1_000);
  const [till, other] = credentials;
  const ask = async (calls: readonly RedeemCall[], credential: string): Promise<Told[]> => {
    const told: Told[] = [];
    const redeem = async (call: RedeemCall, index: number): Promise<void> => {
      told[index] = await redeemUntilKnown(urls, index, credential, call);
    };
    await inFlight(calls, redeem, 250);
    return told;
  };
  try {
    const calls = quoteIds.map((quoteId, index): RedeemCall => ({ quoteId, idempotencyKey: `order-${index}` }));
    // Ten in a row are under way together, on both gateways.
    const told = await ask(
      calls.flatMap((call) => Array.from({ length: 10 }, () => call)),
      till,
    );
    expect(codesOf(told)).toEqual({});
    const answers = calls.map((_call, index) => new Set(told.slice(index * 10, index * 10 + 10).map(({ text }) => text)));
    expect(answers.filter(({ size }) => size !== 1)).toEqual([]);
    const granted = new Set(told.flatMap(({ redemptions }) => redemptions.map(({ id }) => ledgerId(id))));
    const ledger = await readLedger(world);
    expect([...granted].sort()).toEqual(ledger);
    expect(ledger).toHaveLength(1_000);

    const altered = await ask(
      calls.map((call) => ({ ...call, reserveForSeconds: 60 })),
      till,
    );
    expect(codesOf(altered)).toEqual({ IDEMPOTENCY_KEY_REUSED: 1_000 });

    // To another credential they are new keys, for quotes that somebody else redeemed.
    const others = await ask(calls, other);
    expect(codesOf(others)).toEqual({ QUOTE_ALREADY_REDEEMED: 1_000 });
    expect([...altered, ...others].flatMap(({ redemptions }) => redemptions)).toEqual([]);
    expect(await readLedger(world)).toEqual(ledger);
  } finally {
    await stop();
  }
});
