import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { RedemptionService } from "../../src/customers/redemptions/redemption.service.js";
import { PgRedemptionRepository } from "../../src/customers/redemptions/storage/pg-redemption.repository.js";
import { connectDatabase } from "../../src/platform/database/database.js";
import type { RedeemDriverOptions, RedeemDriverReport } from "./redeem-driver.js";

// A process of its own that redeems `spring` over and over, as many at once as it is told. Whoever does not learn the outcome asks
// again until it does. Prints "begun" after some attempts and waits for a line of input; prints what it was told at the end.

const [url = "", options = ""] = process.argv.slice(2);
const { name, attempts, concurrency, customers, forgetsKeys, pauseAfter } = JSON.parse(options) as RedeemDriverOptions;

const database = connectDatabase({ url, maxConnections: 4 });
const service = new RedemptionService(new PgRedemptionRepository(database.pool));
const report: RedeemDriverReport = { granted: [], refused: 0, unknown: 0 };
let next = 0;

async function redeem(attempt: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const retry = forgetsKeys ? `-${tries}` : "";
    const outcome = await service
      .redeem({
        credentialId: "till",
        idempotencyKey: `${name}-${attempt}${retry}`,
        bodyHash: Buffer.alloc(32, attempt % 251),
        customerId: customers === null ? `${name}-${attempt}` : `customer-${attempt % customers}`,
        quoteId: `${name}-${attempt}${retry}`,
        grants: [{ discountKey: "spring", code: null, amountMinor: 100n, currency: "EUR" }],
        mode: "COMMIT",
        reservedUntil: null,
        at: new Date("2026-03-01T12:00:00Z"),
      })
      .catch((error: unknown) => error);
    if (outcome instanceof Error) {
      report.unknown++;
      await sleep(50);
    } else {
      const known = outcome as Awaited<ReturnType<typeof service.redeem>>;
      if (known.outcome === "REDEEMED") report.granted.push(...known.redemptions.map(({ id }) => id));
      else report.refused++;
      return;
    }
  }
}

async function redeemUntil(end: number): Promise<void> {
  const work = async (): Promise<void> => {
    while (next < end) await redeem(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

await redeemUntil(pauseAfter);
console.log("begun");
await once(process.stdin, "data");
await redeemUntil(attempts);
console.log(JSON.stringify(report));
await database.close();
process.exit(0);
