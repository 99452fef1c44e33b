/**
 * Every problem that an import can report. Codes are part of the interface: tools match on them, so a code is never renamed
 * and never used for something else. The table in `docs/catalog-files.md` is this one; a test holds the two together.
 */
export const PROBLEM_CODES = {
  // ── files ──
  FILE_UNREADABLE: "The file or folder is not there or cannot be read, or a folder holds no catalog file.",
  FILE_KIND_UNKNOWN: "The name does not end in .yaml, .yml, .json or .csv.",
  FILE_EMPTY: "The file says nothing.",
  FILE_TOO_LARGE: "A YAML or JSON file is larger than 2 MiB or holds more than 300,000 keys and values, or a row of a price list is larger than 64 KiB.",
  FILE_NOT_UTF8: "The file is not UTF-8 text.",
  TEXT_NOT_ALLOWED: "A text holds a control character or half of a surrogate pair.",
  YAML_SYNTAX: "The file is not one YAML document.",
  JSON_SYNTAX: "The file is not JSON.",
  CSV_SYNTAX: "Quotes of a price list do not match, or it is not separated by commas.",
  NESTED_TOO_DEEP: "Maps and lists are nested more than 32 deep.",
  ALIAS_UNUSABLE: "An alias (`*name`) stands for nothing, for what it is part of, or with others for too many values.",
  TAG_NOT_ALLOWED: "A YAML tag such as `!!binary`; plain values are all that is needed.",
  // ── fields ──
  FIELD_UNKNOWN: "There is no such field.",
  FIELD_TWICE: "A field or key is given twice in one map.",
  FIELD_MISSING: "A field that is needed has no value.",
  FIELD_NOT_ALLOWED: "The field does not go with the kind, model or benefit that is chosen, and would be without effect.",
  WRONG_TYPE: "A text, a list, a map or true/false stands where another of them is expected.",
  TEXT_TOO_LONG: "A text is longer than its limit.",
  TEXT_HAS_LINES: "A text that is shown in one line has several.",
  LIST_EMPTY: "A list that is given must name something.",
  LIST_TOO_LONG: "A list has more items than its limit.",
  ITEM_TWICE: "A list names the same thing twice.",
  KEY_MALFORMED: "A key is not lower-case words joined by hyphens, or longer than 80 characters.",
  CHOICE_UNKNOWN: "The value is not one of those to choose from.",
  NUMBER_MALFORMED: "Not a plainly written number: digits and at most one point, no exponent, separators, leading zeros or units.",
  NUMBER_OUT_OF_RANGE: "A number is too small, too large, or has more digits than are kept.",
  AMOUNT_WRONG_DIGITS: "An amount of money has more fraction digits than its currency.",
  INSTANT_MALFORMED: "Not a date or instant that exists, an instant without its offset, or one finer than milliseconds.",
  INTERVAL_MALFORMED: "Not a billing interval.",
  CURRENCY_UNKNOWN: "Not an ISO 4217 code of a currency that people pay in.",
  COUNTRY_UNKNOWN: "Not an ISO 3166-1 code of a country.",
  TIME_ZONE_UNKNOWN: "Not an IANA time zone.",
  LOCALE_UNKNOWN: "Not a BCP 47 language tag.",
  // ── price lists ──
  COLUMN_UNKNOWN: "The header names a column that price lists do not have.",
  COLUMN_MISSING: "The header lacks a column that is needed.",
  COLUMN_TWICE: "The header names a column twice.",
  ROW_WRONG_LENGTH: "A row has more or fewer cells than the header.",
  // ── keys and references ──
  KEY_TWICE: "Two entities have one key.",
  MARKET_UNKNOWN: "No such market in the catalog or the files.",
  PRODUCT_UNKNOWN: "No such product in the catalog or the files.",
  FEATURE_UNKNOWN: "No such feature in the catalog or the files.",
  PLAN_UNKNOWN: "No such plan in the catalog or the files.",
  REFERENCE_RETIRED: "Something refers to an entity that ends with this import.",
  RETIRE_UNKNOWN: "What is to be retired was never released.",
  RETIRED_AND_NAMED: "An entity is both given and retired.",
  STILL_NEEDED: "Others, which these files do not change, need the entity as it was.",
  // ── markets, features, plans ──
  MARKET_KIND_UNCLEAR: "A market is neither or both of a country and a group.",
  MARKET_CYCLE: "A market is, through its parents, its own parent.",
  COUNTRY_TWICE: "Two markets are the same country.",
  RANK_TWICE: "Two plans of a product have one rank.",
  ADD_ON_WRONG_KIND: "A plan offers an add-on that is not of kind ADD_ON, or itself.",
  ENTITLEMENT_WRONG_VALUE: "The value is not one that its feature can have.",
  ENTITLEMENT_EMPTY: "An entitlement says nothing: no value, no market, no removal.",
  ROLLOUT_MISSING: "It is not said whether existing subscriptions follow a change.",
  ROLLOUT_CANNOT_KEEP: "An entitlement that is removed cannot be kept by existing subscriptions.",
  // ── prices ──
  PRICE_TWICE: "Two rows have one slot and one start.",
  PRICE_OVERLAP: "Two prices of one slot are in force at the same time.",
  PERIOD_EMPTY: "`until` is not later than `from`.",
  EXISTING_TOO_EARLY: "A price would reach existing subscriptions before it is in force.",
  BOUNDS_CROSSED: "`minimum` is above `maximum`.",
  TIERS_MALFORMED: "Tiers are not written as `upTo@rate` or `upTo@rate+flatFee`, separated by semicolons.",
  TIERS_NOT_RISING: "The upper end of a tier is not above that of the tier before.",
  TIERS_NOT_CLOSED: "The last tier has an upper end, or an earlier one has none.",
  // ── discounts ──
  BENEFIT_UNCLEAR: "A discount has no benefit or several.",
  CODE_MALFORMED: "A code is not 3 to 40 letters and digits, with hyphens between them at will.",
  CODE_TWICE: "Two codes are the same word, apart from case and hyphens.",
  // ── the last line of defence ──
  DATABASE_REFUSED: "A rule of the database refused what every check before had let pass. Please report it.",
} as const satisfies Readonly<Record<string, string>>;

export type ProblemCode = keyof typeof PROBLEM_CODES;
