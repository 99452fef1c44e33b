import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RELEASE_CHANNEL } from "../../src/catalog/releases/publishing.js";
import { createDatabaseIfMissing } from "../../src/platform/database/database.js";
import { startEmbeddedPostgres } from "../../src/platform/database/embedded/embedded-postgres.js";
import { migrateDatabase } from "../../src/platform/database/migrations.js";
import { MIGRATIONS_FOLDER } from "../../src/platform/database/open-database.js";

const PLANS = 60;
const MARKETS = 200;
/** How many prices a release changes, or some more or less. */
export const CHANGED = 1_000;

const RELEASE = (number: number): string => `
  insert into release (number, published_at, author) values (${number}, '2026-01-01T00:00:00Z'::timestamptz + interval '${number} hour', 'bench');
  update catalog_head set release = ${number};`;

const PRICE = `(since_release, key, plan_key, market_key, currency, interval, segment, effective_from, effective_until, existing_from, model, tax_included, amount_minor)`;

// What holds history sound costs minutes to write, and reading does not look at it.
export const fillLargeCatalog = (prices: number): string => `
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

/** Each of some `CHANGED` prices ends, and has a successor. Gateways are told, unless it is rolled back. */
export const changeLargeCatalog = (number: number, prices: number, end: "commit" | "rollback" = "commit"): string => `
  begin; ${RELEASE(number)}
  create temp table changed on commit drop as select * from price where until_release is null and abs(hashtext(key)) % ${steps(prices)} = ${number % steps(prices)};
  update price set until_release = ${number} from changed where price.key = changed.key and price.until_release is null;
  insert into price ${PRICE} select ${number}, ${PRICE.slice(1, -1).replace("since_release, ", "").replace("amount_minor", "amount_minor + 1")} from changed order by key;
  notify ${RELEASE_CHANNEL}, '${number}';
  ${end};`;

function steps(prices: number): number {
  return Math.floor(prices / CHANGED);
}

/** Runs `body` with the address of an empty, migrated database on a server of its own. */
export async function withEmptyDatabase(body: (url: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bench-large-"));
  // As root the server runs as another user, who must get to its data.
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres({ dataFolder: join(folder, "postgres"), log: () => undefined });
  try {
    const url = server.url("bench");
    await createDatabaseIfMissing(url);
    await migrateDatabase({ url, folder: MIGRATIONS_FOLDER, log: () => undefined });
    await body(url);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
