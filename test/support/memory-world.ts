import { createMemory, createRepositories } from "../../src/repositories.js";
import { appendRelease, lockHead } from "../../src/catalog/releases/storage/publishing/head.js";
import { applyStaged } from "../../src/catalog/releases/storage/publishing/difference.js";
import { createStaging, stageEndings, stageRows } from "../../src/catalog/releases/storage/publishing/staging.js";
import type { ReleaseStore, ReleaseStoreOptions } from "../../src/catalog/releases/storage/memory/release-store.js";
import { VERSIONED_TABLE_NAMES, type DataRow, type VersionedTable } from "../../src/catalog/releases/versioned-tables.js";
import type { CatalogRepositories } from "../../src/graphql/schema/resolvers.js";
import { connectDatabase, type Database } from "../../src/platform/database/database.js";
import { createTestDatabase } from "./database.js";
import { randomNumbers, type Random } from "./random-numbers.js";

type Rows = { readonly [Table in VersionedTable]?: readonly DataRow<Table>[] };
type Keys = Readonly<Partial<Record<VersionedTable, readonly string[]>>>;

/** A database of its own, read with and without memory. */
export interface MemoryWorld {
  readonly database: Database;
  readonly stored: CatalogRepositories;
  /** Another store over the same database. */
  open(options?: Partial<ReleaseStoreOptions>): { readonly store: ReleaseStore; readonly repositories: CatalogRepositories };
  /** The SQL statements sent while `body` ran. */
  countStatements(body: () => unknown): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function startMemoryWorld(): Promise<MemoryWorld> {
  const { url, drop } = await createTestDatabase("empty");
  let statements: string[] = [];
  const database = connectDatabase({ url, maxConnections: 4, onStatement: (text) => statements.push(text) });
  const stored = createRepositories(database);
  return {
    database,
    stored,
    open: (options = {}) => createMemory(stored, database, { bytes: 1e9, ...options }),
    countStatements: async (body) => {
      statements = [];
      await body();
      return statements;
    },
    close: async () => {
      await database.close();
      await drop();
    },
  };
}

/** Publishes rows as they are, so that a release may say what no file could. Answers its number. */
export function publishRows({ database }: Pick<MemoryWorld, "database">, at: string, rows: Rows, ended: Keys = {}): Promise<number> {
  return database.withLongClient(async (client) => {
    await client.query("begin");
    const head = await lockHead(client);
    const { number } = await appendRelease(client, head, { author: "test", note: "", at: new Date(at) });
    await createStaging(client, VERSIONED_TABLE_NAMES);
    const stage = async <Table extends VersionedTable>(table: Table): Promise<void> => {
      await stageRows<Table>(client, table, rows[table] ?? []);
      await stageEndings(client, table, ended[table] ?? []);
    };
    for (const table of VERSIONED_TABLE_NAMES) await stage(table);
    await applyStaged(client, VERSIONED_TABLE_NAMES, number);
    await client.query("commit");
    return number;
  });
}

/** Names that are ordered one way by code points, and another by UTF-16, by language, or without regard to case. */
const NAMES = ["", " ", "a", "A", "á", "a\u0301", "Z", "z", "~", "\ue000", "\uffee", "😀", "😀a", "𝔸", "\ud7ff", "ß", "ss", "-", "_", "中"] as const;
export const INSTANTS = [
  "2026-01-01T00:00:00.000Z",
  "2026-03-01T00:00:00.000Z",
  "2026-03-01T00:00:00.001Z",
  "2026-06-30T23:59:59.999Z",
  "2026-07-01T00:00:00.000Z",
] as const;
const TEXTS = { name_translations: {}, description: "", description_translations: {} } as const;

/** Rows of everything, drawn by chance; the same for the same seed. Rows refer to what is always there: products p0, p1, markets m0 to m5, plans and features. */
export function drawRows(seed: number): Required<Pick<{ [Table in VersionedTable]: DataRow<Table>[] }, Drawn>> {
  const random = randomNumbers(seed);
  const some = <T>(count: number, draw: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => draw(index));
  const plans = some(8, (index) => drawPlan(random, index));
  const codes = new Map(some(20, () => `CODE${random.below(30)}`).map((key) => [key, { key, word: key.toLowerCase(), discount_key: `d${random.below(25)}` }]));
  const named = (table: "plan" | "market", count: number) =>
    [...new Set(some(20, () => `d${random.below(25)}/${table === "plan" ? "pl" : "m"}${random.below(count)}`))].map((key) => {
      const [discount_key = "", other = ""] = key.split("/");
      return { key, discount_key, other };
    });
  return {
    market: some(6, (index) => drawMarket(random, index)),
    product: some(2, (index) => ({ ...TEXTS, key: `p${index}`, name: random.pick(NAMES) })),
    feature: some(6, (index) => drawFeature(random, index)),
    plan: plans,
    plan_add_on: [...new Set(some(8, () => `pl${random.below(4)}/pl${4 + random.below(4)}`))].map((key) => {
      const [plan_key = "", add_on_key = ""] = key.split("/");
      return { key, plan_key, add_on_key };
    }),
    entitlement: drawEntitlements(random),
    price: drawPrices(random),
    discount: some(25, (index) => drawDiscount(random, index)),
    discount_plan: named("plan", 8).map(({ key, discount_key, other }) => ({ key, discount_key, plan_key: other })),
    discount_market: named("market", 6).map(({ key, discount_key, other }) => ({ key, discount_key, market_key: other })),
    code: [...codes.values()],
    policy: random.below(2) ? [{ key: "discounts", choice: "BEST_FOR_CUSTOMER", application: random.pick(["PERCENT_FIRST", "AMOUNT_FIRST"]) }] : [],
  };
}

type Drawn = VersionedTable;

function drawMarket(random: Random, index: number): DataRow<"market"> {
  const isCountry = index > 2;
  return {
    ...{ key: `m${index}`, kind: isCountry ? "COUNTRY" : "GROUP", country_code: isCountry ? (["SE", "DE", "US"][index - 3] ?? null) : null },
    ...{ parent_key: index === 0 ? null : `m${random.below(index)}`, currency: random.pick(["EUR", "SEK"]), time_zone: "Etc/UTC" },
    ...{ name: random.pick(NAMES), name_translations: {}, tax_rate: random.pick(["25", "7.5", null]) },
  };
}

function drawPlan(random: Random, index: number): DataRow<"plan"> {
  const kind = index < 4 ? "BASE" : "ADD_ON";
  return { ...TEXTS, key: `pl${index}`, product_key: `p${random.below(2)}`, kind, rank: index, name: random.pick(NAMES), internal_note: null };
}

function drawFeature(random: Random, index: number): DataRow<"feature"> {
  const said = { ...TEXTS, key: `f${index}`, category: random.pick(["a", "b"]), position: random.below(3), name: random.pick(NAMES), internal_note: null };
  return { ...said, kind: "SWITCH", unit: null, cap_window: null, allowed_values: null };
}

function drawEntitlements(random: Random): DataRow<"entitlement">[] {
  const keys = new Set(Array.from({ length: 60 }, () => `pl${random.below(8)}/f${random.below(6)}/${random.pick(["*", "m0", "m3", "m5"])}`));
  return [...keys].map((key) => {
    const [plan_key = "", feature_key = "", market = ""] = key.split("/");
    const value = { feature_kind: "SWITCH", enabled: random.below(2) === 1, setting: null, cap_amount: null, cap_unlimited: null };
    return { key, plan_key, feature_key, market_key: market === "*" ? null : market, ...value, existing_follow: true };
  });
}

/** One price a slot, so that periods cannot meet. */
function drawPrices(random: Random): DataRow<"price">[] {
  const slots = new Set(
    Array.from(
      { length: 400 },
      () =>
        `pl${random.below(8)}/m${random.below(6)}/${random.pick(["EUR", "SEK", "USD"])}/${random.pick(["P1M", "P1Y"])}/${random.pick(["*", "web"])}/${random.pick(["*", "student"])}`,
    ),
  );
  return [...slots].map((slot) => {
    const [plan_key = "", market_key = "", currency = "", interval = "", channel = "", segment = ""] = slot.split("/");
    const { from, until } = drawPeriod(random);
    const model = random.pick(["FLAT", "FLAT", "PER_UNIT", "PACKAGE", "GRADUATED"]);
    return {
      ...{ key: `${slot}/x`, plan_key, market_key, currency, interval, channel: channel === "*" ? null : channel, segment: segment === "*" ? null : segment },
      ...{ effective_from: from, effective_until: until, existing_from: random.pick([null, until ?? from]), model, tax_included: true },
      ...{ amount_minor: random.pick(["0", "999", "1000", "9007199254740991"]), free_units: random.pick(["0", "1.5"]) },
      ...{ unit_rate: model === "PER_UNIT" || model === "PACKAGE" ? "0.1" : null, package_size: model === "PACKAGE" ? "10" : null },
      ...{ minimum_minor: null, maximum_minor: random.pick([null, "9007199254740991"]) },
      tiers:
        model === "GRADUATED"
          ? [
              { upTo: "10", unitRate: "1", flatFeeMinor: "0" },
              { upTo: null, unitRate: "0.5", flatFeeMinor: "5" },
            ]
          : null,
    };
  });
}

function drawDiscount(random: Random, index: number): DataRow<"discount"> {
  const { from, until } = drawPeriod(random);
  const isPercent = random.below(2) === 1;
  return {
    ...{ ...TEXTS, key: `d${index}`, name: random.pick(NAMES), internal_note: null, duration: "ONCE", periods: null, secret_codes: false },
    ...{ benefit: isPercent ? "PERCENT" : "AMOUNT", percent: isPercent ? "12.5" : null, amounts: isPercent ? null : { SEK: "100", EUR: "10" } },
    ...{ activation: random.pick(["AUTOMATIC", "CODE"]), intervals: [], segments: [], channels: [], minimum_quantity: null, new_customers_only: false },
    ...{ stacking_group: null, priority: random.below(3), exclusive: false, limit_total: null, limit_per_customer: null, budget_minor: null },
    ...{ budget_currency: null, effective_from: from, effective_until: until },
  };
}

function drawPeriod(random: Random): { from: string; until: string | null } {
  const from = random.below(INSTANTS.length);
  return { from: INSTANTS[from] ?? "", until: random.below(2) ? (INSTANTS[from + 1 + random.below(2)] ?? null) : null };
}

/** Several releases of what chance drew: everything changes, something ends, and what ended comes back. */
export async function publishByChance(world: Pick<MemoryWorld, "database">, seed: number, first: number, last: number): Promise<void> {
  for (let release = first; release <= last; release++) {
    const random = randomNumbers(seed * 1_000 + release);
    const rows = drawRows(seed * 1_000 + release);
    const kept = (): boolean => release === 1 || random.below(3) === 0;
    const ended = (table: Ending): string[] => rows[table].map(keyOf).filter(() => random.below(4) === 0);
    await publishRows(
      world,
      `2026-0${1 + (release % 9)}-15T00:00:00Z`,
      Object.fromEntries(VERSIONED_TABLE_NAMES.map((table) => [table, rows[table].filter(kept)])),
      release === 1 ? {} : Object.fromEntries(ENDING.map((table) => [table, ended(table)])),
    );
  }
}

function keyOf({ key }: { readonly key: unknown }): string {
  if (typeof key !== "string") throw new Error("a row has a key");
  return key;
}

/** What nothing refers to. */
const ENDING = ["plan_add_on", "entitlement", "price", "discount_plan", "discount_market", "code", "policy"] as const;
type Ending = (typeof ENDING)[number];
