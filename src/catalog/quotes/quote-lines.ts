import { intervalStart, nextIntervalIndex } from "../../kernel/billing-interval.js";
import type { CurrencyCode } from "../../kernel/currency.js";
import type { Decimal } from "../../kernel/decimal.js";
import { roundToMoney } from "../../kernel/money.js";
import type { Refusal } from "../../kernel/refusal.js";
import { amountOf, fixedMinor, type PriceAmount } from "../prices/price-amount.js";
import { resolvePrice, type PriceResolution, type PriceVersion } from "../prices/price-resolution.js";
import type { QuoteCatalog } from "./quote-facts.js";
import type { QuoteItem, QuoteRequest } from "./quote-request.js";

/** A line's price and amount in one of its billing intervals. */
export interface PricedPeriod {
  /** Which line of the quote, from 0. */
  readonly line: number;
  readonly at: Date;
  /** From 1. */
  readonly period: number;
  readonly price: PriceVersion;
  readonly resolution: PriceResolution;
  readonly amount: PriceAmount;
  readonly listMinor: bigint;
  /** The same price for another interval. */
  inPeriod(at: Date, period: number): PricedPeriod;
}

/** A class, because what its amount came to step by step is reckoned only when it is asked for. */
class Priced implements PricedPeriod {
  constructor(
    readonly line: number,
    readonly at: Date,
    readonly period: number,
    readonly price: PriceVersion,
    readonly resolution: PriceResolution,
    readonly listMinor: bigint,
    private readonly quantity: Decimal,
  ) {}

  get amount(): PriceAmount {
    return amountOf(this.price, this.quantity);
  }

  inPeriod(at: Date, period: number): Priced {
    return new Priced(this.line, at, period, this.price, this.resolution, this.listMinor, this.quantity);
  }
}

/** Prices one interval of an item, or says why that cannot be. */
export function pricePeriod(
  item: QuoteItem,
  line: number,
  { at, period }: { at: Date; period: number },
  request: Pick<QuoteRequest, "channel" | "segments">,
  currency: CurrencyCode,
  catalog: QuoteCatalog,
): PricedPeriod | Refusal {
  const resolution = resolveItem(item, at, request, currency, catalog);
  const { price } = resolution;
  if (price === null) return { code: "PRICE_NOT_FOUND", message: noPrice(item, currency, catalog), path: ["input", "items", String(line), "plan"] };
  try {
    const listMinor = fixedMinor(price) ?? roundToMoney(amountOf(price, item.quantity).exact, currency).amountMinor;
    return new Priced(line, at, period, price, resolution, listMinor, item.quantity);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { code: "AMOUNT_OUT_OF_RANGE", message: `${error.message}. Ask for fewer units.`, path: ["input", "items", String(line), "quantity"] };
  }
}

/** The price that an item has in the interval that begins at `at`, and why not another. */
export function resolveItem(
  item: QuoteItem,
  at: Date,
  { channel, segments }: Pick<QuoteRequest, "channel" | "segments">,
  currency: CurrencyCode,
  { prices, market, point, seenUntil }: QuoteCatalog,
): PriceResolution {
  return resolvePrice(prices.get(item.planKey) ?? [], {
    marketPath: market.path,
    currency,
    interval: item.interval,
    channel,
    segments,
    quantity: item.quantity,
    since: item.since,
    from: point.time,
    at,
    seenUntil,
  });
}

function noPrice({ planKey, interval, since }: QuoteItem, currency: CurrencyCode, { market, point, prices }: QuoteCatalog): string {
  const offered = (prices.get(planKey) ?? []).filter(
    ({ marketKey, effective: { from, until }, knownUntil }) =>
      market.path.includes(marketKey) && knownUntil === null && from <= point.time && (until === null || point.time < until),
  );
  const others = [...new Set(offered.map((price) => `${price.currency} per ${price.interval}`))].sort();
  const hint =
    others.length === 0 ? "It is not sold there." : `It is sold there in ${others.join(", ")}, some of it perhaps for other channels or segments only.`;
  return `There is no price of ${planKey} in ${currency} per ${interval} for the market ${market.key}${since === null ? "" : " that a subscription of that age has"}. ${hint}`;
}

/**
 * When the first `count` intervals of an item begin: the first with the quote, later ones when the subscription's own
 * intervals do. Fewer where an item is paid once, or time ends.
 */
export function periodStarts(item: QuoteItem, { point, market }: QuoteCatalog, count: number): Date[] {
  const anchor = item.since ?? point.time;
  const starts = [point.time];
  if (count === 1) return starts;
  const next = item.since === null ? 1 : nextIntervalIndex(anchor, item.interval, point.time, market.timeZone);
  for (let index = next; starts.length < count; index++) {
    const start = intervalStart(anchor, item.interval, index, market.timeZone);
    if (start === null) break;
    // A zone may skip a day, as Samoa did in 2011: the interval that would begin on it begins, and is paid, with the next.
    if (start.getTime() !== starts.at(-1)?.getTime()) starts.push(start);
  }
  return starts;
}
