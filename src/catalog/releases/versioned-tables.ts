/**
 * The tables whose rows belong to a range of releases, and their data columns: what a version of an entity says. Two versions
 * that agree in these are one version. Beside them each table has `since_release`, `until_release` and generated columns.
 */
export const VERSIONED_TABLES = {
  market: ["key", "kind", "country_code", "parent_key", "currency", "time_zone", "name", "name_translations", "tax_rate"],
  product: ["key", "name", "name_translations", "description", "description_translations"],
  feature: [
    ...["key", "kind", "category", "position", "unit", "cap_window", "allowed_values"],
    ...["name", "name_translations", "description", "description_translations", "internal_note"],
  ],
  plan: ["key", "product_key", "kind", "rank", "name", "name_translations", "description", "description_translations", "internal_note"],
  plan_add_on: ["key", "plan_key", "add_on_key"],
  entitlement: ["key", "plan_key", "feature_key", "feature_kind", "market_key", "enabled", "setting", "cap_amount", "cap_unlimited", "existing_follow"],
  price: [
    ...["key", "plan_key", "market_key", "currency", "interval", "channel", "segment"],
    ...["effective_from", "effective_until", "existing_from", "model", "tax_included", "amount_minor"],
    ...["unit_rate", "package_size", "free_units", "minimum_minor", "maximum_minor", "tiers"],
  ],
  discount: [
    ...["key", "name", "name_translations", "description", "description_translations"],
    ...["benefit", "percent", "amounts", "duration", "periods", "activation", "secret_codes"],
    ...["intervals", "segments", "channels", "minimum_quantity", "new_customers_only"],
    ...["stacking_group", "priority", "exclusive", "limit_total", "limit_per_customer", "budget_minor", "budget_currency"],
    ...["effective_from", "effective_until", "internal_note"],
  ],
  discount_plan: ["key", "discount_key", "plan_key"],
  discount_market: ["key", "discount_key", "market_key"],
  code: ["key", "word", "discount_key"],
  policy: ["key", "choice", "application"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type VersionedTable = keyof typeof VERSIONED_TABLES;

export const VERSIONED_TABLE_NAMES = Object.keys(VERSIONED_TABLES) as VersionedTable[];

/** What a column holds on its way into the database. Numbers that must stay exact travel as text. */
export type ColumnValue =
  string | number | boolean | null | readonly string[] | Readonly<Record<string, string>> | readonly Readonly<Record<string, string | null>>[];

/** One version of an entity, as its table has it. */
export type DataRow<Table extends VersionedTable> = Readonly<Record<(typeof VERSIONED_TABLES)[Table][number], ColumnValue>>;
