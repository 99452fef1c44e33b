import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "reflect-metadata";
import { createMemory, createRepositories } from "../src/repositories.js";
import { ALL_IN_REACH } from "../src/catalog/releases/reach.js";
import type { CatalogSight } from "../src/catalog/releases/release.js";
import type { MaybePromise } from "../src/kernel/maybe-promise.js";
import { connectDatabase, createDatabaseIfMissing, type Database } from "../src/platform/database/database.js";
import { startEmbeddedPostgres } from "../src/platform/database/embedded/embedded-postgres.js";
import { migrateDatabase } from "../src/platform/database/migrations.js";

// How long a large catalog takes to be in memory, how much it takes there, what a release that changes a little costs, and what reads
// cost: `node --expose-gc --import tsx bench/memory.ts [prices]`.

const PLANS = 60;
const MARKETS = 200;
const prices = Number(process.argv[2] ?? 480_000);
const CHANGED = 1_000;

const RELEASE = (number: number): string => `
  insert into release (number, published_at, author) values (${number}, '2026-01-01T00:00:00Z'::timestamptz + interval '${number} hour', 'bench');
  update catalog_head set release = ${number};`;

const PRICE = `(since_release, key, plan_key, market_key, currency, interval, segment, effective_from, effective_until, existing_from, model, tax_included, amount_minor)`;

// What holds history sound costs minutes to write, and reading does not look at it.
const CATALOG = `
  alter table price drop constraint price_one_version, drop constraint price_one_per_slot, drop constraint price_has_plan, drop constraint price_has_market;
  begin; ${RELEASE(1)}
  insert into market (since_release, key, kind, currency, time_zone, name) select 1, 'market-' || n, 'GROUP', 'EUR', 'UTC', 'Market ' || n from generate_series(0, ${MARKETS - 1}) n;
  insert into product (since_release, key, name) values (1, 'music', 'Music');
  insert into plan (since_release, key, product_key, kind, rank, name) select 1, 'premium-plan-' || n, 'music', 'BASE', n, 'Plan ' || n from generate_series(0, ${PLANS - 1}) n;
  insert into price ${PRICE}
    select 1, plan || '/' || market || '/EUR/' || billing || '/*/' || segment || '/20260101T000000Z', plan, market, 'EUR', billing, segment,
      '2026-01-01', case when n % 10 = 0 then '2027-01-01'::timestamptz end, case when n % 3 = 0 then '2026-02-01'::timestamptz end, 'FLAT', true, 100 + n % 5000
    from (select n, 'premium-plan-' || n % ${PLANS} as plan, 'market-' || n / ${PLANS} % ${MARKETS} as market, (array['P1M', 'P1Y'])[1 + n % 2] as billing,
      'segment-' || n / ${PLANS * MARKETS} as segment from generate_series(0, ${prices - 1}) n) slots
    order by 2;
  commit; analyze;`;

/** Each of some prices ends, and has a successor. */
const CHANGE = (number: number): string => `
  begin; ${RELEASE(number)}
  create temp table changed on commit drop as select * from price where until_release is null and abs(hashtext(key)) % ${Math.floor(prices / CHANGED)} = ${number};
  update price set until_release = ${number} from changed where price.key = changed.key and price.until_release is null;
  insert into price ${PRICE} select ${number}, ${PRICE.slice(1, -1).replace("since_release, ", "").replace("amount_minor", "amount_minor + 1")} from changed order by key;
  commit;`;

async function run(database: Database): Promise<void> {
  const { store, repositories } = createMemory(createRepositories(database), database, { bytes: 4e9 });
  const before = heap();
  await told("from nothing to all in memory", () => store.bringTo(1));
  const after = heap();
  console.log(
    `  ${mebibytes(after - before)} for ${prices} prices: ${Math.round((after - before) / prices)} bytes each; the store's estimate is ${mebibytes(store.bytes)}`,
  );
  for (const number of [2, 3]) {
    await database.withLongClient((client) => client.query(CHANGE(number)));
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

const folder = await mkdtemp(join(tmpdir(), "bench-memory-"));
// As root the server runs as another user, who must get to its data.
await chmod(folder, 0o755);
const server = await startEmbeddedPostgres({ dataFolder: join(folder, "postgres"), log: () => undefined });
try {
  const url = server.url("bench");
  await createDatabaseIfMissing(url);
  await migrateDatabase({ url, folder: join(import.meta.dirname, "..", "prisma", "migrations"), log: () => undefined });
  const database = connectDatabase({ url, maxConnections: 4 });
  await told("the catalog is written", () => database.withLongClient((client) => client.query(CATALOG)));
  await run(database);
  await database.close();
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
