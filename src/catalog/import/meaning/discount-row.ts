import type { DiscountDuration } from "../../discounts/discount.js";
import type { DataRow } from "../../releases/versioned-tables.js";
import type { DiscountFields } from "../shapes/discount.shape.js";
import { textColumns } from "./texts.js";

export interface DecidedDuration {
  readonly duration: DiscountDuration;
  readonly periods: number | null;
}

export function discountRow(fields: DiscountFields, { duration, periods }: DecidedDuration): DataRow<"discount"> {
  const { benefit, when, stacking, limits } = fields;
  return {
    key: fields.key,
    ...textColumns(fields),
    benefit: benefit.kind,
    percent: benefit.kind === "PERCENT" ? benefit.percent.toFixed() : null,
    amounts: "amounts" in benefit ? amountColumn(benefit.amounts) : null,
    duration,
    periods,
    activation: fields.activation,
    secret_codes: fields.secretCodes,
    // Their order means nothing, so it makes no new version.
    intervals: [...when.intervals].sort(),
    segments: [...when.segments].sort(),
    channels: [...when.channels].sort(),
    minimum_quantity: when.minimumQuantity,
    new_customers_only: when.newCustomersOnly,
    stacking_group: stacking.group,
    priority: stacking.priority,
    exclusive: stacking.exclusive,
    limit_total: limits.total,
    limit_per_customer: limits.perCustomer,
    budget_minor: limits.budget?.amountMinor.toString() ?? null,
    budget_currency: limits.budget?.currency ?? null,
    effective_from: fields.from.toISOString(),
    effective_until: fields.until?.toISOString() ?? null,
    internal_note: fields.internalNote,
  };
}

function amountColumn(amounts: ReadonlyMap<string, bigint>): Record<string, string> {
  return Object.fromEntries([...amounts].map(([currency, amount]) => [currency, amount.toString()]));
}
