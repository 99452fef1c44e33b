import { Decimal } from "../../../kernel/decimal.js";
import type { Money } from "../../../kernel/money.js";
import { inReach } from "../../releases/storage/in-reach.js";
import type { Parameter } from "../../releases/storage/list-conditions.js";
import { AT_RELEASE, belongsTo, localizedColumns, localizedText } from "../../releases/storage/versioned.js";
import type { Discount, DiscountActivation, DiscountBenefit, DiscountBenefitKind, DiscountDuration } from "../discount.js";

export interface DiscountRow {
  readonly key: string;
  readonly name: string;
  readonly name_translations: Record<string, string> | null;
  readonly description: string;
  readonly description_translations: Record<string, string> | null;
  readonly benefit: DiscountBenefitKind;
  readonly percent: string | null;
  readonly amounts: Record<string, string> | null;
  readonly duration: DiscountDuration;
  readonly periods: number | null;
  readonly activation: DiscountActivation;
  readonly secret_codes: boolean;
  readonly plan_keys: string[];
  readonly market_keys: string[];
  readonly intervals: string[];
  readonly segments: string[];
  readonly channels: string[];
  readonly minimum_quantity: number | null;
  readonly new_customers_only: boolean;
  readonly stacking_group: string | null;
  readonly priority: number;
  readonly exclusive: boolean;
  readonly limit_total: bigint | null;
  readonly limit_per_customer: number | null;
  readonly budget_minor: bigint | null;
  readonly budget_currency: string | null;
  readonly effective_from: Date;
  readonly effective_until: Date | null;
  readonly internal_note: string | null;
}

/** What a discount says in its own row, without its conditions on plans and markets. */
const OWN_COLUMNS = `key, ${localizedColumns("name")}, ${localizedColumns("description")}, benefit, percent, amounts, duration, periods,
  activation, secret_codes, intervals, segments, channels, minimum_quantity, new_customers_only, stacking_group, priority, exclusive,
  limit_total, limit_per_customer, budget_minor, budget_currency, effective_from, effective_until, internal_note`;

/** A discount as if it had no conditions on plans and markets: these are added where they are read. */
export const UNCONDITIONAL_COLUMNS = `${OWN_COLUMNS}, '{}'::text[] as plan_keys, '{}'::text[] as market_keys`;

/**
 * The conditions on plans and markets are rows of their own; they come along as arrays, so a batch stays one statement. The
 * parameters are what is within reach: nothing else is named.
 */
export const discountColumns = (markets: Parameter, plans: Parameter, release: Parameter = "$2"): string => `${OWN_COLUMNS},
  array(select plan_key from discount_plan where discount_key = discount.key and ${belongsTo(release)} and ${inReach("plan_key", plans)} order by plan_key) as plan_keys,
  array(select market_key from discount_market where discount_key = discount.key and ${belongsTo(release)} and ${inReach("market_key", markets)} order by market_key) as market_keys`;

/** SQL: the discount is within reach. One whose conditions name only what is not must not look like one without conditions. */
export const discountInReach = (markets: Parameter, plans: Parameter): string => `${leavesSome("market", markets)} and ${leavesSome("plan", plans)}`;

function leavesSome(condition: "market" | "plan", keys: Parameter): string {
  const named = `select bool_or(${condition}_key = any(${keys})) from discount_${condition} where discount_key = discount.key and ${AT_RELEASE}`;
  return `(${keys}::text[] is null or coalesce((${named}), cardinality(${keys}) > 0))`;
}

export function fromRow(row: DiscountRow): Discount {
  return {
    key: row.key,
    name: localizedText(row.name, row.name_translations),
    description: localizedText(row.description, row.description_translations),
    benefit: benefitFromRow(row),
    duration: row.duration,
    periods: row.periods,
    activation: row.activation,
    secretCodes: row.secret_codes,
    conditions: {
      planKeys: row.plan_keys,
      marketKeys: row.market_keys,
      intervals: row.intervals,
      segments: row.segments,
      channels: row.channels,
      minimumQuantity: row.minimum_quantity,
      newCustomersOnly: row.new_customers_only,
    },
    stacking: { group: row.stacking_group, priority: row.priority, exclusive: row.exclusive },
    limits: {
      total: row.limit_total === null ? null : Number(row.limit_total),
      perCustomer: row.limit_per_customer,
      budget: row.budget_minor === null || row.budget_currency === null ? null : { amountMinor: row.budget_minor, currency: row.budget_currency },
    },
    effective: { from: row.effective_from, until: row.effective_until },
    internalNote: row.internal_note,
  };
}

// That each benefit has what it needs is held by the constraints discount_percent_says_how_much and discount_amounts_say_how_much.
function benefitFromRow(row: DiscountRow): DiscountBenefit {
  switch (row.benefit) {
    case "PERCENT":
      return { kind: "PERCENT", percent: new Decimal(row.percent ?? 0) };
    case "AMOUNT":
      return { kind: "AMOUNT", amounts: amounts(row.amounts ?? {}) };
    case "FIXED_PRICE":
      return { kind: "FIXED_PRICE", amounts: amounts(row.amounts ?? {}) };
    case "FREE_PERIODS":
      return { kind: "FREE_PERIODS" };
  }
}

function amounts(byCurrency: Record<string, string>): Money[] {
  return Object.keys(byCurrency)
    .sort()
    .map((currency) => ({ currency, amountMinor: BigInt(byCurrency[currency] ?? 0) }));
}
