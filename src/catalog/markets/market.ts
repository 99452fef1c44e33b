import type { CurrencyCode } from "../../kernel/currency.js";
import type { Decimal } from "../../kernel/decimal.js";
import type { CatalogKey } from "../../kernel/key.js";
import type { LocalizedText } from "../../kernel/localized-text.js";

export const MARKET_KINDS = ["COUNTRY", "GROUP"] as const;
export type MarketKind = (typeof MARKET_KINDS)[number];

/** Where something is sold: a country, or a group of markets. */
export interface Market {
  readonly key: CatalogKey;
  readonly kind: MarketKind;
  /** ISO 3166-1 alpha-2; null for a group. */
  readonly countryCode: string | null;
  readonly parentKey: CatalogKey | null;
  /** The default currency. */
  readonly currency: CurrencyCode;
  /** IANA name. */
  readonly timeZone: string;
  readonly name: LocalizedText;
  /** Percent of the net price, 0 to 100; null = not given here, see `taxRateOf`. */
  readonly taxRate: Decimal | null;
}

/** Where a market stands, and what rules ask of it when they look along paths. Without texts, so that the whole tree is small. */
export type MarketInTree = Pick<Market, "key" | "parentKey" | "currency" | "timeZone" | "taxRate">;

/** All markets of one release. */
export type MarketTree = ReadonlyMap<CatalogKey, MarketInTree>;

/**
 * The market itself, then its parents up to the root: from the most to the least specific.
 * Empty if there is no such market. A cycle, which import and database refuse, would end the walk, not hang it.
 */
export function marketPath(markets: ReadonlyMap<CatalogKey, Pick<Market, "key" | "parentKey">>, key: CatalogKey): CatalogKey[] {
  const path: CatalogKey[] = [];
  for (let market = markets.get(key); market && !path.includes(market.key); market = market.parentKey === null ? undefined : markets.get(market.parentKey)) {
    path.push(market.key);
  }
  return path;
}

/**
 * The tax rate that counts in a market, in percent of the net price: its own, or that of the nearest market above that gives one.
 * A rate of 0 is given: it ends the search. Null if none gives one, and for an unknown market.
 */
export function taxRateOf(markets: ReadonlyMap<CatalogKey, Pick<Market, "key" | "parentKey" | "taxRate">>, key: CatalogKey): Decimal | null {
  for (const step of marketPath(markets, key)) {
    const rate = markets.get(step)?.taxRate;
    if (rate != null) return rate;
  }
  return null;
}

/**
 * The markets that come with these: themselves, those below them, and those above them, of which they inherit prices, entitlements and taxes.
 * Keys of no market bring nothing.
 */
export function marketsInReach(markets: ReadonlyMap<CatalogKey, Pick<Market, "key" | "parentKey">>, named: readonly CatalogKey[]): CatalogKey[] {
  const below = [...markets.keys()].filter((key) => marketPath(markets, key).some((step) => named.includes(step)));
  return [...new Set(below.flatMap((key) => marketPath(markets, key)))];
}
