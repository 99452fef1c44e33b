import { sharedDecimal, sharedDecimalOrNull } from "../../releases/storage/shared-decimal.js";
import type { Price, PriceModel, Tier } from "../price.js";

export interface PriceRow {
  readonly key: string;
  readonly plan_key: string;
  readonly market_key: string;
  readonly currency: string;
  readonly interval: string;
  readonly channel: string | null;
  readonly segment: string | null;
  readonly effective_from: Date;
  readonly effective_until: Date | null;
  readonly existing_from: Date | null;
  readonly model: PriceModel;
  readonly tax_included: boolean;
  readonly amount_minor: bigint;
  readonly unit_rate: string | null;
  readonly package_size: string | null;
  readonly free_units: string;
  readonly minimum_minor: bigint | null;
  readonly maximum_minor: bigint | null;
  readonly tiers: readonly TierJson[] | null;
}

interface TierJson {
  readonly upTo: string | null;
  readonly unitRate: string;
  readonly flatFeeMinor: string;
}

export const PRICE_COLUMNS =
  "key, plan_key, market_key, currency, interval, channel, segment, effective_from, effective_until, existing_from, model, tax_included, " +
  "amount_minor, unit_rate, package_size, free_units, minimum_minor, maximum_minor, tiers";

export function fromRow(row: PriceRow): Price {
  return {
    key: row.key,
    planKey: row.plan_key,
    marketKey: row.market_key,
    currency: row.currency,
    interval: row.interval,
    channel: row.channel,
    segment: row.segment,
    effective: { from: row.effective_from, until: row.effective_until },
    existingFrom: row.existing_from,
    model: row.model,
    taxIncluded: row.tax_included,
    amountMinor: row.amount_minor,
    unitRate: sharedDecimalOrNull(row.unit_rate),
    packageSize: sharedDecimalOrNull(row.package_size),
    freeUnits: sharedDecimal(row.free_units),
    minimumMinor: row.minimum_minor,
    maximumMinor: row.maximum_minor,
    tiers: row.tiers?.map(tierFromJson) ?? null,
  };
}

function tierFromJson(tier: TierJson): Tier {
  return { upTo: sharedDecimalOrNull(tier.upTo), unitRate: sharedDecimal(tier.unitRate), flatFeeMinor: BigInt(tier.flatFeeMinor) };
}
