import { setTimeout as sleep } from "node:timers/promises";
import { importCatalog } from "../../src/catalog/import/import-catalog.service.js";
import { fileFromText } from "../../src/catalog/import/reading/catalog-file.js";
import { pgImportRepository } from "../../src/catalog/import/storage/pg-import.repository.js";
import { systemClock } from "../../src/platform/clock.js";
import type { Database } from "../../src/platform/database/database.js";
import { marketKey, planKey } from "../dataset/shape.js";
import { inTurn } from "../runner/load.js";
import type { GatewayWorkload } from "./gateway-workload.js";
import { SHARED_WORKLOADS } from "./shared-workload.js";

const EVERY_MS = 1_000;
/** So that several releases fall into a slice. */
const LONGER = 3;

let published = 0;

/** One price changes, which makes a release. */
async function publish(database: Database): Promise<void> {
  published++;
  const price = `{ plan: ${planKey(1)}, market: ${marketKey(1)}, currency: SEK, interval: P1M, amount: ${100 + (published % 50)}, from: 2025-01-01, existing: KEEP }`;
  const outcome = await importCatalog({
    imports: pgImportRepository(database),
    files: [fileFromText("change.yaml", `prices: [${price}]\n`)],
    options: { author: "bench" },
    clock: systemClock,
  });
  if (outcome.outcome !== "PUBLISHED") throw new Error(`not published: ${JSON.stringify(outcome)}`);
}

const [, pricingPage] = SHARED_WORKLOADS;

export const readWhilePublishing: GatewayWorkload = {
  ...{ name: "mixed", label: "mixed", title: "the pricing page of Q2, while a release is published every second" },
  prepare: async (running, shape, { durationMs }) => {
    if (!pricingPage) throw new Error("there is no pricing page");
    const requests = running.requests(pricingPage, pricingPage.inputs(shape));
    return async () => inTurn(requests, durationMs * LONGER);
  },
  beside: {
    what: "releases",
    run: async (database, isOver) => {
      let releases = 0;
      for (; !isOver(); releases++) {
        const start = performance.now();
        await publish(database);
        while (!isOver() && performance.now() - start < EVERY_MS) await sleep(20);
      }
      return releases;
    },
  },
};
