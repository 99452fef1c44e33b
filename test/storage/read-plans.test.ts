import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { fillCatalog } from "../../bench/dataset/fill-catalog.js";
import { permissionsOf } from "../../src/access/viewer.js";
import { VERSIONED_TABLE_NAMES } from "../../src/catalog/releases/versioned-tables.js";
import { PgUniqueCodeRepository } from "../../src/catalog/codes/storage/pg-unique-code.repository.js";
import { connectDatabase } from "../../src/platform/database/database.js";
import type { NamedStatement } from "../../src/platform/database/named-statement.js";
import { addressOfReads, type Reads } from "../../src/platform/database/reads.js";
import { createRepositories } from "../../src/repositories.js";
import { startTestGateway, type Caller, type Gateway } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { everyRead } from "../support/every-read.js";
import { callerReaching } from "../support/reach.js";
import { ANNOUNCED, DEARER_AND_FEWER, SMALL_CATALOG } from "../support/small-catalog.js";
import { explore } from "../support/universe.js";

// The statements that are planned once, whatever their values: each is caught where it is sent, and explained over ten times the usual catalog.

/** Those that may look at whole tables, at which, and why. */
const MAY_SCAN: Readonly<Record<string, readonly string[]>> = {
  // It is all markets.
  "market-tree": ["market"],
  // There is one policy.
  "discount-policy": ["policy"],
  // Which discounts leave somebody out is said by all of their conditions together.
  "discounts-closed-to": ["discount_market", "discount_plan"],
  // Asked once until the next boundary; discounts are few beside prices, which it finds by index.
  "next-boundary": ["discount", "discount"],
};

/** Pages of lists, which have a name for each form: "plan-page RANK asc START". */
const PAGE = /^([a-z]+)-page /;
/** Those in an order that no index has: however they are found, all rows of a release are sorted. */
const SORTED = / (NAME|POSITION|PRIORITY|AMOUNT|EFFECTIVE_FROM) /;

/** Tables that grow with the catalog or with its history. */
const GROWING: readonly string[] = [...VERSIONED_TABLE_NAMES, "release", "unique_code", "unique_code_batch"];
/** By these all rows of a release are found, which is nearly all there are. */
const OF_A_WHOLE_RELEASE = /_(since|until)_release$/;

const CATALOG = join(import.meta.dirname, "..", "..", "src", "catalog");

/** What the large catalog has little or nothing of. */
const WHAT_IT_LACKS = [
  `insert into release (number, published_at, author, note) select n, '2025-06-01'::timestamptz + n * interval '1 hour', 'test', '' from generate_series(2, 2000) as n`,
  `insert into market (key, since_release, kind, parent_key, currency, time_zone, name)
   select 'more-' || n, 1, 'GROUP', case when n > 3 then 'more-' || n / 4 end, 'EUR', 'Etc/UTC', '' from generate_series(1, 2000) as n`,
  `insert into plan_add_on (key, since_release, plan_key, add_on_key)
   select plan.key || '/' || other.key, 1, plan.key, other.key from plan join plan other on right(other.key, 1) = '7' and other.key <> plan.key`,
  `insert into unique_code_batch (discount_key, prefix, count, created_at, created_by, note)
   select 'discount-0001', '', 1, '2025-06-01', 'test', '' from generate_series(1, 2000)`,
  `insert into unique_code (batch_id, id) select id, lpad(id::text, 26, '0') from unique_code_batch`,
  `analyze`,
];

interface Node {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly Plans?: readonly Node[];
}

const texts = new Map<string, string>();
let large: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  const { gateway, stop } = await startTestGateway("empty");
  try {
    const sent = vi.spyOn(gateway.database.reads, "query");
    await readEverything(gateway);
    for (const [{ name, text }] of sent.mock.calls as [NamedStatement][]) texts.set(name, text);
  } finally {
    await stop();
  }
  large = await createTestDatabase();
  client = new pg.Client({ connectionString: addressOfReads(large.url) });
  await client.connect();
  await fillCatalog(client, 10);
  for (const statement of WHAT_IT_LACKS) await client.query(statement);
});
afterAll(async () => {
  await client.end();
  await large.drop();
});

async function readEverything(gateway: Gateway): Promise<void> {
  const { clock, database, app } = gateway;
  for (const [at, files] of [
    ["2026-02-01T00:00:00Z", SMALL_CATALOG],
    ["2026-05-01T00:00:00Z", DEARER_AND_FEWER],
    ["2026-06-01T00:00:00Z", ANNOUNCED],
  ] as const) {
    clock.set(at);
    await publish(database, files, {}, clock);
  }
  clock.set("2027-01-15T00:00:00Z");
  const universe = await explore(await gateway.as("admin"), app.schema);
  const reads = everyRead({
    schema: app.schema,
    universe,
    market: "se",
    permissions: permissionsOf(["admin"]),
    points: ["{ release: 2 }", `{ time: "2026-03-01T00:00:00Z" }`],
    codes: ["NY27"],
  });
  const narrow = await callerReaching(gateway, "editor", { markets: ["se"], products: ["music"] });
  const ask = async (caller: Caller, documents: readonly string[]): Promise<void> => {
    for (const document of documents) await caller.query(document);
  };
  await ask(
    await gateway.as("admin"),
    reads.map(({ document }) => document),
  );
  await ask(narrow, ["{ discounts(first: 1) { totalCount } }"]);
  // Asked where nothing is selected: by answers that are kept, and for codes that look like one of many.
  await createRepositories(database).releases.findNextBoundary(1, clock.now());
  await new PgUniqueCodeRepository(database.reads).findAll(["0"]);
}

async function planOf(text: string): Promise<Node> {
  const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: Node }] }>(`explain (generic_plan, format json) ${text}`);
  const plan = rows[0]?.["QUERY PLAN"][0].Plan;
  if (!plan) throw new Error("the server explained nothing");
  return plan;
}

/** The growing tables that the plan reads as a whole. */
function scannedIn(node: Node): string[] {
  const { "Node Type": type, "Relation Name": table = "", "Index Name": index = "", Plans: inner = [] } = node;
  const isWhole = type === "Seq Scan" || OF_A_WHOLE_RELEASE.test(index);
  return [...(isWhole && GROWING.includes(table) ? [table] : []), ...inner.flatMap(scannedIn)];
}

function typesIn({ "Node Type": type, Plans: inner = [] }: Node): string[] {
  return [type, ...inner.flatMap(typesIn)];
}

test("every statement that the catalog's storage hands to the reads is sent by what was asked here", () => {
  const named = readdirSync(CATALOG, { recursive: true, encoding: "utf8" })
    .filter((file) => /storage\/pg-.*\.ts$/.test(file))
    .map((file) => readFileSync(join(CATALOG, file), "utf8"))
    .filter((source) => source.includes("reads.query"))
    .flatMap((source) => [...source.matchAll(/\bname: "([a-z-]+)",/g)].map((match) => match[1]));
  expect([...texts.keys()].filter((name) => !PAGE.test(name)).sort()).toEqual(named.sort());
  const listed = new Set([...texts.keys()].map((name) => PAGE.exec(name)?.[1]).filter((table) => table !== undefined));
  expect([...listed].sort()).toEqual(["discount", "entitlement", "feature", "market", "plan", "price", "product"]);
});

test("each of them finds its rows by their keys, however large the catalog and long its history", async () => {
  const scans: Record<string, string[]> = {};
  for (const [name, text] of texts) {
    if (SORTED.test(name)) continue;
    const scanned = scannedIn(await planOf(text));
    if (scanned.length > 0) scans[name] = scanned;
  }
  expect(scans).toEqual(MAY_SCAN);
});

test("none of them is divided among processes, however large the catalog", async () => {
  // As if everything was large enough for it, and starting processes and hearing of them cost nothing.
  for (const setting of ["parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size", "min_parallel_index_scan_size"])
    await client.query(`set ${setting} = 0`);
  const divided: string[] = [];
  for (const [name, text] of texts) if (typesIn(await planOf(text)).some((type) => type.startsWith("Gather"))) divided.push(name);
  expect(divided).toEqual([]);
});

test("the connections for reads keep the limits of the others, and what the address asks for", async () => {
  const database = connectDatabase({ url: `${large.url}?options=-c%20search_path%3Dpublic`, maxConnections: 2, readConnections: 1 });
  try {
    const text = "select name, setting from pg_settings where name = any($1)";
    const settings = async ({ query }: Reads): Promise<object> => {
      const values = [["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "plan_cache_mode", "search_path"]];
      const { rows } = await query<{ name: string; setting: string }>({ name: "settings", text, values });
      return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
    };
    const { pool, reads } = database;
    const usual = await settings({ query: (statement) => pool.query(statement) });
    expect(usual).toMatchObject({ lock_timeout: "1000", plan_cache_mode: "auto", search_path: "public" });
    expect(await settings({ query: (statement) => reads.query(statement) })).toEqual({ ...usual, plan_cache_mode: "force_generic_plan" });
  } finally {
    await database.close();
  }
});

test.each([
  "postgresql://ada:s%2Fecret@/catalog?host=/run/postgresql",
  "postgresql://ada:s%2Fecret@db.example:5433/catalog?sslmode=disable",
  "postgresql://ada@db/catalog",
])("the connections for reads go where %s leads", (url) => {
  const placeOf = ({ host, port, database, user, password }: pg.Client) => ({ host, port, database, user, password });
  expect(placeOf(new pg.Client(addressOfReads(url)))).toEqual(placeOf(new pg.Client(url)));
});
