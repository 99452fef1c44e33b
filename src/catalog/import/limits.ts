/** How large what a file says may be. Each limit is far above what a catalog needs and far below what would hurt. */
export const LIMITS = {
  /** A YAML or JSON file is held in memory, and takes some hundred and fifty times its size there. Price lists (CSV) may have any size. */
  documentBytes: 2 * 1024 * 1024,
  /** Keys and values of a file: what makes up most of that memory. A price takes fifteen. */
  documentValues: 300_000,
  /** Maps and lists inside each other. The format needs six. */
  documentDepth: 32,
  /** Values that aliases (`*name`) stand for, all together: a few lines of aliases of aliases can mean billions. */
  aliasedValues: 100_000,
  /** One row of a price list, with all its tiers. */
  rowBytes: 64 * 1024,

  nameLength: 200,
  textLength: 4_000,
  wordLength: 80,
  translations: 200,
  /** Items of a list: add-ons of a plan, values of a setting, conditions of a discount. */
  listItems: 1_000,
  codesPerDiscount: 50_000,
  tiers: 100,
  /** Positions, ranks, priorities, quantities. */
  wholeNumber: 1_000_000_000,
} as const;
