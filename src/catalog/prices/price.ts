import type { BillingInterval } from "../../kernel/billing-interval.js";
import type { CurrencyCode } from "../../kernel/currency.js";
import type { Decimal } from "../../kernel/decimal.js";
import { compactInstant } from "../../kernel/instant.js";
import type { CatalogKey } from "../../kernel/key.js";
import type { Period } from "../../kernel/period.js";

export const PRICE_MODELS = ["FLAT", "PER_UNIT", "GRADUATED", "VOLUME", "PACKAGE"] as const;
export type PriceModel = (typeof PRICE_MODELS)[number];

/** One band of a tiered price. It carries only its upper end, so gaps and overlaps cannot be written down. */
export interface Tier {
  /** Inclusive; null = no end, only for the last tier. */
  readonly upTo: Decimal | null;
  /** Major units of the price's currency for each unit. */
  readonly unitRate: Decimal;
  readonly flatFeeMinor: bigint;
}

/** Where a price stands: at no instant do two prices of a release stand in the same slot. */
export interface PriceSlot {
  readonly planKey: CatalogKey;
  readonly marketKey: CatalogKey;
  readonly currency: CurrencyCode;
  readonly interval: BillingInterval;
  /** Null = every channel. */
  readonly channel: CatalogKey | null;
  /** Null = every segment. */
  readonly segment: CatalogKey | null;
}

/** What one plan costs in one market, currency and billing interval, over an effective period. */
export interface Price extends PriceSlot {
  readonly key: string;
  /** When it is in force for new subscriptions. */
  readonly effective: Period;
  /** From when it holds for subscriptions that began before; null = they keep what they have. */
  readonly existingFrom: Date | null;
  readonly model: PriceModel;
  readonly taxIncluded: boolean;
  /** FLAT: the price. Other models: a fixed part of each interval. */
  readonly amountMinor: bigint;
  /** PER_UNIT: for each unit; PACKAGE: for each package. Major units. */
  readonly unitRate: Decimal | null;
  /** PACKAGE: units in a package. */
  readonly packageSize: Decimal | null;
  readonly freeUnits: Decimal;
  readonly minimumMinor: bigint | null;
  readonly maximumMinor: bigint | null;
  readonly tiers: readonly Tier[] | null;
}

/** "plan/market/currency/interval/channel/segment", `*` for every channel or segment. */
export function slotOf(slot: PriceSlot): string {
  return [slot.planKey, slot.marketKey, slot.currency, slot.interval, slot.channel ?? "*", slot.segment ?? "*"].join("/");
}

export function priceKey(slot: PriceSlot, effectiveFrom: Date): string {
  return `${slotOf(slot)}/${compactInstant(effectiveFrom)}`;
}

/**
 * Of the prices of one plan, those that a market shows: for each currency, interval, channel and segment the one of the
 * most specific market on `path` (see `marketPath`). The prices given must be in force at one instant.
 */
export function pricesInMarket<P extends PriceSlot>(prices: readonly P[], path: readonly CatalogKey[]): P[] {
  const best = new Map<string, { price: P; distance: number }>();
  for (const price of prices) {
    const distance = path.indexOf(price.marketKey);
    if (distance === -1) continue;
    const offer = slotOf({ ...price, marketKey: "" });
    const held = best.get(offer);
    if (!held || distance < held.distance) best.set(offer, { price, distance });
  }
  return [...best.values()].map(({ price }) => price);
}
