import type { Discount, DiscountBenefit } from "../../src/catalog/discounts/discount.js";
import type { PriceRequest, PriceVersion } from "../../src/catalog/prices/price-resolution.js";
import { priceKey } from "../../src/catalog/prices/price.js";
import { computeQuote } from "../../src/catalog/quotes/quote-calculation.js";
import type { QuoteCatalog, QuoteFacts } from "../../src/catalog/quotes/quote-facts.js";
import type { QuoteItem, QuoteRequest } from "../../src/catalog/quotes/quote-request.js";
import type { Quote } from "../../src/catalog/quotes/quote.js";
import { Decimal } from "../../src/kernel/decimal.js";

/** What quotes are reckoned from, each with everything said that a test does not care about. */

export const day = (text: string): Date => new Date(`${text}T00:00:00.000Z`);
export const dec = (value: string | number): Decimal => new Decimal(value);

export const NOW = day("2026-06-01");

const PLAIN_PRICE: Omit<PriceVersion, "key"> = {
  ...{ planKey: "premium", marketKey: "se", currency: "EUR", interval: "P1M", channel: null, segment: null },
  ...{ effective: { from: day("2020-01-01"), until: null }, existingFrom: null, knownFrom: null, knownUntil: null },
  ...{ model: "FLAT", taxIncluded: true, amountMinor: 1000n, unitRate: null, packageSize: null },
  ...{ freeUnits: new Decimal(0), minimumMinor: null, maximumMinor: null, tiers: null },
};

export function aPrice(said: Partial<PriceVersion> = {}): PriceVersion {
  const price = { ...PLAIN_PRICE, key: "", ...said };
  return Object.assign(price, { key: priceKey(price, price.effective.from) });
}

export function aPriceRequest(said: Partial<PriceRequest> = {}): PriceRequest {
  const from = said.from ?? said.at ?? NOW;
  return {
    ...{ marketPath: ["se", "nordics", "world"], currency: "EUR", interval: "P1M", channel: null, segments: [], quantity: new Decimal(1) },
    ...{ since: null, from, at: from, seenUntil: null, ...said },
  };
}

type DiscountSaid = Partial<Omit<Discount, "benefit" | "conditions" | "stacking" | "limits">> & {
  readonly conditions?: Partial<Discount["conditions"]>;
  readonly stacking?: Partial<Discount["stacking"]>;
  readonly limits?: Partial<Discount["limits"]>;
};

const NO_CONDITIONS = { planKeys: [], marketKeys: [], intervals: [], segments: [], channels: [], minimumQuantity: null, newCustomersOnly: false };
const PLAIN_DISCOUNT: Omit<Discount, "key" | "name" | "benefit" | "conditions" | "stacking" | "limits"> = {
  ...{ description: { text: "", translations: {} }, duration: "FOREVER", periods: null, activation: "AUTOMATIC", secretCodes: false },
  ...{ internalNote: null, effective: { from: day("2020-01-01"), until: null } },
};

export function aDiscount(key: string, benefit: DiscountBenefit, said: DiscountSaid = {}): Discount {
  return {
    ...PLAIN_DISCOUNT,
    ...said,
    key,
    name: { text: key, translations: {} },
    benefit,
    conditions: { ...NO_CONDITIONS, ...said.conditions },
    stacking: { group: null, priority: 0, exclusive: false, ...said.stacking },
    limits: { total: null, perCustomer: null, budget: null, ...said.limits },
  };
}

export const percent = (value: string | number): DiscountBenefit => ({ kind: "PERCENT", percent: new Decimal(value) });
export const amount = (amountMinor: bigint, currency = "EUR"): DiscountBenefit => ({ kind: "AMOUNT", amounts: [{ amountMinor, currency }] });
export const fixedPrice = (amountMinor: bigint, currency = "EUR"): DiscountBenefit => ({ kind: "FIXED_PRICE", amounts: [{ amountMinor, currency }] });
export const FREE: DiscountBenefit = { kind: "FREE_PERIODS" };

/** A catalog of these prices; each plan is the base plan of a product of its own, unless `plans` says otherwise. */
export function aCatalog(
  prices: readonly PriceVersion[],
  said: Partial<Omit<QuoteCatalog, "prices" | "market">> & { market?: Partial<QuoteCatalog["market"]> } = {},
) {
  const { market, ...more } = said;
  return {
    ...{ point: { release: 1, time: NOW }, seenUntil: null, policy: { choice: "IN_PRIORITY_ORDER", application: "PERCENT_FIRST" } },
    plans: new Map(prices.map(({ planKey: key }) => [key, { key, productKey: key, kind: "BASE" as const }])),
    ...{ addOnOf: new Map(), discounts: [] },
    ...more,
    market: { key: "se", path: ["se", "nordics", "world"], currency: "EUR", timeZone: "Etc/UTC", taxRate: null, ...market },
    prices: new Map(prices.map(({ planKey: key }) => [key, prices.filter(({ planKey }) => planKey === key)])),
  } satisfies QuoteCatalog;
}

export function anItem(said: Partial<QuoteItem> = {}): QuoteItem {
  return { planKey: "premium", quantity: new Decimal(1), interval: "P1M", since: null, ...said };
}

export function aRequest(said: Partial<QuoteRequest> = {}): QuoteRequest {
  return {
    ...{ items: [anItem()], marketKey: "se", currency: null, channel: null, segments: [] },
    ...{ isNewCustomer: null, customerId: null, codes: [], periods: 1, ...said },
  };
}

export const NO_FACTS: QuoteFacts = { codes: [], exhausted: [] };

export function quoteOf(request: QuoteRequest, catalog: QuoteCatalog, facts: QuoteFacts = NO_FACTS): Quote {
  const quote = computeQuote(request, catalog, facts);
  if ("invoices" in quote) return quote;
  throw new Error(`refused: ${JSON.stringify(quote)}`);
}
