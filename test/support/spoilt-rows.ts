import { januaryOn, ONE_OF_EACH_TABLE, slot, SOUND, type Row, type SoundRow } from "./sound-rows.js";

const tier = (upTo: unknown, unitRate: unknown = "0.1", flatFeeMinor: unknown = "0"): Row => ({ upTo, unitRate, flatFeeMinor });
const tiered = (...tiers: readonly unknown[]): Row => ({ model: "GRADUATED", tiers: JSON.stringify(tiers) });

/** A sound row, the change that spoils it, and the constraint that refuses it. */
export const SPOILT: readonly (readonly [why: string, of: SoundRow, change: Row, constraint: string])[] = [
  ["a market key in capitals", "eu", { key: "EU" }, "market_key_is_well_formed"],
  ["a market that is its own parent", "de", { parent_key: "de" }, "market_is_not_its_own_parent"],
  ["a country without a code", "de", { country_code: null }, "market_country_has_code"],
  ["a group with a code", "eu", { country_code: "EU" }, "market_country_has_code"],
  ["a country code of three letters", "de", { country_code: "DEU" }, "market_country_code_is_well_formed"],
  ["a currency in small letters", "de", { currency: "eur" }, "market_currency_is_well_formed"],
  ["a negative tax rate", "de", { tax_rate: "-0.0001" }, "market_tax_rate_is_a_percentage"],
  ["a tax rate above 100", "de", { tax_rate: "100.0001" }, "market_tax_rate_is_a_percentage"],
  ["a tax rate that is no number", "de", { tax_rate: "NaN" }, "market_tax_rate_is_a_percentage"],
  ["a parent that is not there", "de", { key: "at", country_code: "AT", parent_key: "efta" }, "market_has_parent"],
  ["a second market for a country", "de", { key: "de-2" }, "market_one_per_country"],

  ["a product key with a space", "music", { key: "my music" }, "product_key_is_well_formed"],

  ["a plan key that ends in a hyphen", "premium", { key: "premium-" }, "plan_key_is_well_formed"],
  ["a negative rank", "premium", { rank: -1 }, "plan_rank_is_not_negative"],
  ["a rank that another plan of the product has", "premium", { key: "gold" }, "plan_one_per_rank"],
  ["a plan of a product that is not there", "premium", { key: "gold", product_key: "film" }, "plan_has_product"],

  ["an add-on key that is not its pair", "addOn", { key: "premium/other" }, "plan_add_on_key_is_derived"],
  ["a plan on top of itself", "addOn", { key: "premium/premium", add_on_key: "premium" }, "plan_add_on_is_another_plan"],
  ["an add-on for a plan that is not there", "addOn", { key: "gold/extra", plan_key: "gold" }, "plan_add_on_has_plan"],
  ["an add-on that is not there", "addOn", { key: "premium/gift", add_on_key: "gift" }, "plan_add_on_has_add_on"],

  ["a feature key with an underscore", "offline", { key: "off_line" }, "feature_key_is_well_formed"],
  ["a category in capitals", "offline", { category: "Listening" }, "feature_category_is_well_formed"],
  ["a cap without a unit", "hours", { unit: null }, "feature_cap_has_unit"],
  ["a switch with a unit", "offline", { unit: "hour" }, "feature_cap_has_unit"],
  ["a cap without a window", "hours", { cap_window: null }, "feature_cap_has_window"],
  ["a setting without values", "quality", { allowed_values: [] }, "feature_setting_has_values"],
  ["a switch with values", "offline", { allowed_values: ["on"] }, "feature_setting_has_values"],

  ["an entitlement key that is not its plan, feature and market", "hasOffline", { key: "premium/offline/de" }, "entitlement_key_is_derived"],
  ["a switch that says neither on nor off", "hasOffline", { enabled: null }, "entitlement_switch_says_on_or_off"],
  ["a setting without a value", "hasQuality", { setting: null }, "entitlement_setting_says_value"],
  ["a cap with neither an amount nor unlimited", "hasHours", { cap_amount: null }, "entitlement_cap_says_amount_or_unlimited"],
  ["a cap that is unlimited and has an amount", "hasHours", { cap_unlimited: true }, "entitlement_cap_says_amount_or_unlimited"],
  ["a switch with an amount", "hasOffline", { cap_amount: "1", cap_unlimited: false }, "entitlement_cap_says_amount_or_unlimited"],
  ["a negative cap", "hasHours", { cap_amount: "-1" }, "entitlement_cap_is_not_negative"],
  ["an entitlement of a plan that is not there", "hasOffline", { key: "gold/offline/*", plan_key: "gold" }, "entitlement_has_plan"],
  ["an entitlement to a feature that is not there", "hasOffline", { key: "premium/lyrics/*", feature_key: "lyrics" }, "entitlement_has_feature"],
  [
    "an amount of a feature that is a switch",
    "hasOffline",
    { key: "premium/offline/de", market_key: "de", feature_kind: "CAP", enabled: null, cap_amount: "1", cap_unlimited: false },
    "entitlement_has_feature",
  ],
  ["an entitlement in a market that is not there", "hasHours", { key: "premium/hours/at", market_key: "at" }, "entitlement_has_market"],

  ["a price key that does not begin with its slot", "price", { key: "premium/de/EUR/P1Y/*/*/2026-01-01" }, "price_key_is_derived"],
  ["a price that ends when it begins", "price", { effective_until: januaryOn.effective_from }, "price_period_is_not_empty"],
  ["a price that reaches existing subscriptions first", "price", { existing_from: "2025-12-31T00:00:00Z" }, "price_reaches_existing_after_new"],
  ["a price in no currency", "price", inSlot({ currency: "€" }), "price_currency_is_well_formed"],
  ["a price for an interval of no length", "price", inSlot({ interval: "P0M" }), "price_interval_is_well_formed"],
  ["a channel that is not a key", "price", inSlot({ channel: "*" }), "price_channel_is_well_formed"],
  ["a segment that is not a key", "price", inSlot({ segment: "A B" }), "price_segment_is_well_formed"],
  ["a negative price", "price", { amount_minor: -1 }, "price_amount_is_money"],
  ["a price beyond exact doubles", "price", { amount_minor: 2n ** 53n }, "price_amount_is_money"],
  ["a negative minimum", "price", { minimum_minor: -1 }, "price_minimum_is_money"],
  ["a negative maximum", "price", { maximum_minor: -1 }, "price_maximum_is_money"],
  ["a minimum above the maximum", "price", { minimum_minor: 2, maximum_minor: 1 }, "price_minimum_is_below_maximum"],
  ["a flat price with a rate", "price", { unit_rate: "0.1" }, "price_rate_is_for_units_or_packages"],
  ["a price per unit without a rate", "price", { model: "PER_UNIT" }, "price_rate_is_for_units_or_packages"],
  ["a negative rate", "price", { model: "PER_UNIT", unit_rate: "-0.1" }, "price_rate_is_not_negative"],
  ["a package without a size", "price", { model: "PACKAGE", unit_rate: "1" }, "price_package_has_size"],
  ["a package of nothing", "price", { model: "PACKAGE", unit_rate: "1", package_size: "0" }, "price_package_size_is_positive"],
  ["negative free units", "price", { free_units: "-1" }, "price_free_units_are_not_negative"],
  ["a flat price with tiers", "price", { ...tiered(tier(null)), model: "FLAT" }, "price_tiers_are_for_tiered_models"],
  ["a tiered price without tiers", "price", { model: "VOLUME" }, "price_tiers_are_for_tiered_models"],
  ["tiers that are no list", "price", { model: "VOLUME", tiers: JSON.stringify(tier(null)) }, "price_tiers_are_sound"],
  ["an empty list of tiers", "price", tiered(), "price_tiers_are_sound"],
  ["a tier that is no object", "price", tiered(tier("10"), "rest"), "price_tiers_are_sound"],
  ["a last tier that ends", "price", tiered(tier("10"), tier("20")), "price_tiers_are_sound"],
  ["an open tier in the middle", "price", tiered(tier(null), tier(null)), "price_tiers_are_sound"],
  ["tiers that do not rise", "price", tiered(tier("10"), tier("10"), tier(null)), "price_tiers_are_sound"],
  ["a first tier of nothing", "price", tiered(tier("0"), tier(null)), "price_tiers_are_sound"],
  ["a tier without a rate", "price", tiered(tier(null, null)), "price_tiers_are_sound"],
  ["a tier with a negative rate", "price", tiered(tier(null, "-0.1")), "price_tiers_are_sound"],
  ["a tier with a fee in fractions", "price", tiered(tier(null, "0.1", "0.5")), "price_tiers_are_sound"],
  ["a price of a plan that is not there", "price", inSlot({ plan_key: "gold" }), "price_has_plan"],
  ["a price in a market that is not there", "price", inSlot({ market_key: "at" }), "price_has_market"],
  ["a price that overlaps another of its slot", "price", { key: `${slot}/2026-06-01`, effective_from: "2026-06-01T00:00:00Z" }, "price_one_per_slot"],

  ["a discount key in capitals", "spring", { key: "SPRING" }, "discount_key_is_well_formed"],
  ["a percentage that is not said", "spring", { percent: null }, "discount_percent_says_how_much"],
  ["a percentage above 100", "spring", { percent: "100.01" }, "discount_percent_is_a_share"],
  ["a percentage of nothing", "spring", { percent: "0" }, "discount_percent_is_a_share"],
  ["an amount that is not said", "spring", { benefit: "AMOUNT", percent: null }, "discount_amounts_say_how_much"],
  ["an amount as a JSON number", "spring", amounts({ EUR: 500 }), "discount_amounts_are_money"],
  ["an amount in no currency", "spring", amounts({ eur: "500" }), "discount_amounts_are_money"],
  ["a list of amounts", "spring", amounts({ EUR: ["500"] }), "discount_amounts_are_money"],
  ["a negative amount", "spring", amounts({ EUR: "-5" }), "discount_amounts_are_money"],
  ["amounts in no currency at all", "spring", amounts({}), "discount_amounts_are_money"],
  ["a repeating discount without a count", "spring", { duration: "REPEATING" }, "discount_repeats_for_periods"],
  ["a repeating discount of no periods", "spring", { duration: "REPEATING", periods: 0 }, "discount_periods_are_positive"],
  ["free periods for ever", "spring", { benefit: "FREE_PERIODS", percent: null, duration: "FOREVER" }, "discount_free_periods_are_counted"],
  ["a minimum quantity of nothing", "spring", { minimum_quantity: 0 }, "discount_minimum_quantity_is_positive"],
  ["a stacking group that is no key", "spring", { stacking_group: "A B" }, "discount_stacking_group_is_well_formed"],
  ["a limit of nothing", "spring", { limit_total: 0 }, "discount_limits_are_positive"],
  ["a limit of nothing per customer", "spring", { limit_per_customer: 0 }, "discount_limits_are_positive"],
  ["a budget without a currency", "spring", { budget_minor: 1 }, "discount_budget_is_money"],
  ["a budget in no currency", "spring", { budget_minor: 1, budget_currency: "euro" }, "discount_budget_currency_is_well_formed"],
  ["a discount that ends before it begins", "spring", { effective_until: "2025-01-01T00:00:00Z" }, "discount_period_is_not_empty"],

  ["a condition key that is not its pair", "springPlan", { key: "spring/other" }, "discount_plan_key_is_derived"],
  ["a condition of a discount that is not there", "springPlan", { key: "summer/premium", discount_key: "summer" }, "discount_plan_has_discount"],
  ["a condition on a plan that is not there", "springPlan", { key: "spring/gold", plan_key: "gold" }, "discount_plan_has_plan"],
  ["a market condition key that is not its pair", "springMarket", { key: "spring/other" }, "discount_market_key_is_derived"],
  ["a market condition of no discount", "springMarket", { key: "summer/de", discount_key: "summer" }, "discount_market_has_discount"],
  ["a condition on a market that is not there", "springMarket", { key: "spring/at", market_key: "at" }, "discount_market_has_market"],
  ["a code whose key is not its word", "word", { key: "SUMMER" }, "code_key_is_canonical"],
  ["a code of two letters", "word", { key: "AB", word: "ab" }, "code_key_is_canonical"],
  ["a code of a discount that is not there", "word", { key: "FREE", word: "free", discount_key: "summer" }, "code_has_discount"],

  ["a policy of prices", "policy", { key: "prices" }, "policy_is_of_discounts"],

  ...ONE_OF_EACH_TABLE.flatMap(({ of }) => badTranslations(of)),
];

/** Translations are language tags to texts, wherever there are any. */
function badTranslations(of: SoundRow): [string, SoundRow, Row, string][] {
  const [table, row] = SOUND[of];
  const columns = !("name" in row) ? [] : table === "market" ? ["name"] : ["name", "description"];
  return columns.flatMap((column) =>
    ['{"de": ""}', '{"de": 1}', '{"de": null}', '{"de": ["Name"]}', '["de"]'].map((bad): [string, SoundRow, Row, string] => [
      `${of} with the ${column} translated as ${bad}`,
      of,
      { [`${column}_translations`]: bad },
      `${table}_${column}_translations_are_texts`,
    ]),
  );
}

/** A price in another slot, with the key that belongs to it. */
function inSlot(change: Readonly<Record<string, string>>): Row {
  const parts = { plan_key: "premium", market_key: "de", currency: "EUR", interval: "P1M", channel: "*", segment: "*", ...change };
  const { plan_key, market_key, currency, interval, channel, segment } = parts;
  return { ...change, key: [plan_key, market_key, currency, interval, channel, segment, "2026-01-01"].join("/") };
}

function amounts(byCurrency: Row): Row {
  return { benefit: "AMOUNT", percent: null, amounts: JSON.stringify(byCurrency) };
}
