import pg from "pg";

export type Row = Readonly<Record<string, unknown>>;

export const slot = "premium/de/EUR/P1M/*/*";
const texts = { name: "Name" };
export const januaryOn = { effective_from: "2026-01-01T00:00:00Z" };

/** One sound row of each table, and for features and entitlements one of each kind; later ones refer to earlier ones. */
export const SOUND = {
  eu: ["market", { key: "eu", kind: "GROUP", currency: "EUR", time_zone: "Europe/Brussels", ...texts }],
  de: ["market", { key: "de", kind: "COUNTRY", country_code: "DE", parent_key: "eu", currency: "EUR", time_zone: "Europe/Berlin", tax_rate: "19", ...texts }],
  music: ["product", { key: "music", ...texts }],
  premium: ["plan", { key: "premium", product_key: "music", kind: "BASE", rank: 1, ...texts }],
  extra: ["plan", { key: "extra", product_key: "music", kind: "ADD_ON", rank: 2, ...texts }],
  addOn: ["plan_add_on", { key: "premium/extra", plan_key: "premium", add_on_key: "extra" }],
  offline: ["feature", { key: "offline", kind: "SWITCH", category: "listening", position: 1, ...texts }],
  quality: ["feature", { key: "quality", kind: "SETTING", category: "listening", position: 2, allowed_values: ["normal", "high"], ...texts }],
  hours: ["feature", { key: "hours", kind: "CAP", category: "listening", position: 3, unit: "hour", cap_window: "MONTH", ...texts }],
  hasOffline: ["entitlement", { key: "premium/offline/*", ...given("offline", "SWITCH"), enabled: true }],
  hasQuality: ["entitlement", { key: "premium/quality/*", ...given("quality", "SETTING"), setting: "high" }],
  hasHours: ["entitlement", { key: "premium/hours/de", ...given("hours", "CAP"), market_key: "de", cap_amount: "10", cap_unlimited: false }],
  price: [
    "price",
    {
      ...{ key: `${slot}/2026-01-01`, plan_key: "premium", market_key: "de", currency: "EUR", interval: "P1M" },
      ...{ ...januaryOn, effective_until: "2027-01-01T00:00:00Z", model: "FLAT", tax_included: true, amount_minor: 999 },
    },
  ],
  spring: ["discount", { key: "spring", benefit: "PERCENT", percent: "20", duration: "ONCE", activation: "CODE", ...januaryOn, ...texts }],
  springPlan: ["discount_plan", { key: "spring/premium", discount_key: "spring", plan_key: "premium" }],
  springMarket: ["discount_market", { key: "spring/de", discount_key: "spring", market_key: "de" }],
  word: ["code", { key: "SPRING", word: "Spring", discount_key: "spring" }],
  policy: ["policy", { key: "discounts", choice: "BEST_FOR_CUSTOMER", application: "PERCENT_FIRST" }],
} as const satisfies Record<string, readonly [table: string, row: Row]>;

export type SoundRow = keyof typeof SOUND;

/** For what holds of every versioned row, one table after the other. */
export const ONE_OF_EACH_TABLE = [...new Map((Object.keys(SOUND) as SoundRow[]).map((of) => [SOUND[of][0], of]))].map(([table, of]) => ({ table, of }));

function given(feature: string, kind: string): Row {
  return { plan_key: "premium", feature_key: feature, feature_kind: kind, existing_follow: true };
}

export async function insert(client: pg.Client, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row).map((column) => client.escapeIdentifier(column));
  const places = columns.map((_, index) => `$${index + 1}`);
  await client.query(`INSERT INTO ${client.escapeIdentifier(table)} (${columns.join(", ")}) VALUES (${places.join(", ")})`, Object.values(row));
}

/** Inserts the sound rows into release 1: all, or those that come before one of them. */
export async function laySoundRows(client: pg.Client, before?: SoundRow): Promise<void> {
  for (const of of Object.keys(SOUND) as SoundRow[]) {
    if (of === before) return;
    await insertSound(client, of, {});
  }
}

export async function insertSound(client: pg.Client, of: SoundRow, change: Row): Promise<void> {
  const [table, row] = SOUND[of];
  await insert(client, table, { since_release: 1, ...row, ...change });
}

/** What a commit would check, or only one constraint of it. */
export async function checkDeferred(client: pg.Client, constraint = "ALL"): Promise<void> {
  await client.query(`SET CONSTRAINTS ${constraint} IMMEDIATE`);
}

/** The constraint that refuses, or "accepted". Any other error is raised. */
export async function refusalOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "accepted";
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.constraint !== undefined) return error.constraint;
    throw error;
  }
}
