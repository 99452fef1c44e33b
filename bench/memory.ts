import "reflect-metadata";
import { createMemory, createRepositories } from "../src/repositories.js";
import { ALL_IN_REACH } from "../src/catalog/releases/reach.js";
import type { CatalogSight } from "../src/catalog/releases/release.js";
import type { MaybePromise } from "../src/kernel/maybe-promise.js";
import { connectDatabase, type Database } from "../src/platform/database/database.js";
import { CHANGED, changeLargeCatalog, fillLargeCatalog, withEmptyDatabase } from "./dataset/large-catalog.js";

// How long a large catalog takes to be in memory, how much it takes there, what a release that changes a little costs, and what reads
// cost: `node --expose-gc --import tsx bench/memory.ts [prices]`.

const prices = Number(process.argv[2] ?? 480_000);

async function run(database: Database): Promise<void> {
  const { store, repositories } = createMemory(createRepositories(database), database, { bytes: 4e9 });
  const before = heap();
  await told("from nothing to all in memory", () => store.bringTo(1));
  const after = heap();
  console.log(
    `  ${mebibytes(after - before)} for ${prices} prices: ${Math.round((after - before) / prices)} bytes each; the store's estimate is ${mebibytes(store.bytes)}`,
  );
  for (const number of [2, 3]) {
    await database.withLongClient((client) => client.query(changeLargeCatalog(number, prices)));
    await told(`release ${number}, which changes some ${CHANGED} prices`, () => store.bringTo(number));
  }

  const time = new Date("2026-06-01T00:00:00Z");
  const sight: CatalogSight = { point: { release: 3, time }, seesUpcoming: false, reach: ALL_IN_REACH };
  const narrow = { ...sight, reach: { markets: names("market", 150), products: null, plans: names("premium-plan", 40) } };
  const page = { size: 100, from: "START", beyond: null } as const;
  const { prices: list, releases, markets, plans } = repositories;
  const reads: Readonly<Record<string, () => MaybePromise<unknown>>> = {
    "a page of 100 prices": () => list.listKeys({}, { field: "KEY", direction: "asc" }, page, sight),
    "a page of 100 by amount, the highest first": () => list.listKeys({}, { field: "AMOUNT", direction: "desc" }, page, sight),
    "a page of 100 of one plan by amount": () => list.listKeys({ plans: ["premium-plan-7"] }, { field: "AMOUNT", direction: "asc" }, page, sight),
    "a page of 100 of a plan in a market": () =>
      list.listKeys({ plans: ["premium-plan-7"], markets: ["market-9"] }, { field: "KEY", direction: "asc" }, page, sight),
    "a page of 100 within a reach": () => list.listKeys({}, { field: "KEY", direction: "asc" }, page, narrow),
    "a page of what there is none of, over all": () => list.listKeys({ periods: ["PAST"] }, { field: "KEY", direction: "asc" }, page, sight),
    "the count of all, again": () => list.count({}, sight),
    "the count within a reach, again": () => list.count({}, narrow),
    "the prices in force of a plan in a market and those above": () => list.listInForce(["premium-plan-7"], ["market-9", "market-10"], sight),
    "the versions of the same": () => list.listVersions(["premium-plan-7"], ["market-9", "market-10"], false, sight),
    "a plan by key": () => plans.findAll(["premium-plan-7"], sight),
    "the tree of markets": () => markets.listTree(3),
    "the next boundary": () => releases.findNextBoundary(3, time),
  };
  for (const [what, read] of Object.entries(reads))
    console.log(`${what}: first ${micros(read, 1)} µs, then ${micros(read, what.includes("none") ? 20 : 2_000)} µs`);
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

/** The best of some rounds, since others work on the same machine. */
function micros(read: () => unknown, times: number): string {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < Math.min(times, 20); round++) {
    const each = Math.max(times / 20, 1);
    const start = performance.now();
    for (let time = 0; time < each; time++) if (read() instanceof Promise) throw new Error("this is not answered from memory");
    best = Math.min(best, ((performance.now() - start) * 1_000) / each);
  }
  return best.toFixed(1);
}

/** How long it takes, and for how long at most nothing else could be done. */
async function told(what: string, body: () => Promise<unknown>): Promise<void> {
  let longest = 0;
  let last = performance.now();
  const watching = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const start = performance.now();
  const cpu = process.cpuUsage();
  await body();
  const took = performance.now() - start;
  const used = process.cpuUsage(cpu);
  clearInterval(watching);
  console.log(
    `${what}: ${took.toFixed(0)} ms, ${((used.user + used.system) / 1_000).toFixed(0)} ms of it this process at work, the event loop blocked for ${longest.toFixed(0)} ms at most`,
  );
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

await withEmptyDatabase(async (url) => {
  const database = connectDatabase({ url, maxConnections: 4 });
  await told("the catalog is written", () => database.withLongClient((client) => client.query(fillLargeCatalog(prices))));
  await run(database);
  await database.close();
});
