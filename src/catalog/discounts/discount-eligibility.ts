import type { BillingInterval } from "../../kernel/billing-interval.js";
import type { CurrencyCode } from "../../kernel/currency.js";
import type { Decimal } from "../../kernel/decimal.js";
import type { CatalogKey } from "../../kernel/key.js";
import { isInReach, type KeysInReach } from "../releases/reach.js";
import type { Discount } from "./discount.js";

/** One of the things that are to be paid together. */
export interface CartLine {
  readonly planKey: CatalogKey;
  readonly interval: BillingInterval;
  readonly quantity: Decimal;
}

/** What a discount's conditions are held against. */
export interface Cart {
  readonly currency: CurrencyCode;
  /** From the most specific market up: see `marketPath`. */
  readonly marketPath: readonly CatalogKey[];
  readonly channel: CatalogKey | null;
  readonly segments: readonly CatalogKey[];
  /** Whether the customer never had a subscription; null = nobody said. */
  readonly isNewCustomer: boolean | null;
  readonly at: Date;
  readonly lines: readonly CartLine[];
}

/** What of a discount's limits is used up, for this customer as far as it is known. */
export const EXHAUSTIONS = ["TOTAL_LIMIT", "CUSTOMER_LIMIT", "BUDGET"] as const;
export type Exhaustion = (typeof EXHAUSTIONS)[number];

export const PREDICATES = [
  "IN_FORCE",
  "MARKET",
  "CHANNEL",
  "SEGMENT",
  "NEW_CUSTOMER",
  "CURRENCY",
  "BUDGET_CURRENCY",
  ...EXHAUSTIONS,
  "PLAN",
  "INTERVAL",
  "QUANTITY",
] as const;
export type Predicate = (typeof PREDICATES)[number];

/** One condition as it was found. Conditions that a discount does not make are not listed. */
export interface PredicateResult {
  readonly predicate: Predicate;
  /** The line that it was asked of, from 0; null = it is about the whole. */
  readonly line: number | null;
  readonly required: string;
  readonly actual: string;
  readonly held: boolean;
}

export interface Eligibility {
  readonly predicates: readonly PredicateResult[];
  /** The lines that the discount may come off, in order; empty if it does not apply. */
  readonly lines: readonly number[];
}

/** Holds a discount's conditions against a cart. All about the whole must hold, and of those about lines all for at least one line. */
export function checkEligibility(discount: Discount, cart: Cart, exhausted: ReadonlySet<Exhaustion>): Eligibility {
  const whole = [...wholePredicates(discount, cart), ...limitPredicates(discount, cart.currency, exhausted)];
  const perLine = cart.lines.map((line, index) => linePredicates(discount, line, index));
  const applies = whole.every(({ held }) => held);
  const lines = cart.lines.flatMap((_line, index) => (applies && (perLine[index] ?? []).every(({ held }) => held) ? [index] : []));
  return { predicates: [...whole, ...perLine.flat()], lines };
}

function wholePredicates({ conditions, effective, benefit }: Discount, cart: Cart): PredicateResult[] {
  const { marketKeys, channels, segments, newCustomersOnly } = conditions;
  const currencies = benefit.kind === "AMOUNT" || benefit.kind === "FIXED_PRICE" ? benefit.amounts.map(({ currency }) => currency) : [];
  const isOffered = effective.from <= cart.at && (effective.until === null || cart.at < effective.until);
  const period = `from ${effective.from.toISOString()}${effective.until === null ? "" : ` until ${effective.until.toISOString()}`}`;
  return [
    { predicate: "IN_FORCE", line: null, required: period, actual: cart.at.toISOString(), held: isOffered },
    ...oneOf("MARKET", null, marketKeys, cart.marketPath),
    ...oneOf("CHANNEL", null, channels, cart.channel === null ? [] : [cart.channel]),
    ...oneOf("SEGMENT", null, segments, cart.segments),
    ...(newCustomersOnly ? [newCustomer(cart.isNewCustomer)] : []),
    ...oneOf("CURRENCY", null, currencies, [cart.currency]),
  ];
}

function newCustomer(isNew: boolean | null): PredicateResult {
  return {
    predicate: "NEW_CUSTOMER",
    line: null,
    required: "a new customer",
    actual: isNew === null ? "nobody said" : isNew ? "new" : "not new",
    held: isNew === true,
  };
}

/** A budget counts one currency. There is no rate in the catalog to turn another into it, and a guessed one would overspend. */
function limitPredicates({ limits }: Discount, currency: CurrencyCode, exhausted: ReadonlySet<Exhaustion>): PredicateResult[] {
  const limited: Readonly<Record<Exhaustion, boolean>> = {
    TOTAL_LIMIT: limits.total !== null,
    CUSTOMER_LIMIT: limits.perCustomer !== null,
    BUDGET: limits.budget !== null,
  };
  return [
    ...(limits.budget === null ? [] : oneOf("BUDGET_CURRENCY", null, [limits.budget.currency], [currency])),
    ...EXHAUSTIONS.filter((limit) => limited[limit]).map((limit): PredicateResult => ({
      predicate: limit,
      line: null,
      required: "something left",
      actual: exhausted.has(limit) ? "nothing left" : "something left",
      held: !exhausted.has(limit),
    })),
  ];
}

function linePredicates({ conditions: { planKeys, intervals, minimumQuantity } }: Discount, line: CartLine, index: number): PredicateResult[] {
  return [
    ...oneOf("PLAN", index, planKeys, [line.planKey]),
    ...oneOf("INTERVAL", index, intervals, [line.interval]),
    ...(minimumQuantity === null
      ? []
      : [
          {
            predicate: "QUANTITY" as const,
            line: index,
            required: `at least ${minimumQuantity}`,
            actual: line.quantity.toFixed(),
            held: line.quantity.gte(minimumQuantity),
          },
        ]),
  ];
}

const OR = " or ";

/** An empty list asks nothing. */
function oneOf(predicate: Predicate, line: number | null, required: readonly string[], actual: readonly string[]): PredicateResult[] {
  if (required.length === 0) return [];
  const held = actual.some((value) => required.includes(value));
  return [{ predicate, line, required: required.join(OR), actual: actual.length === 0 ? "none" : actual.join(", "), held }];
}

/**
 * What everyone may know of how conditions were found. That a discount has limits is internal as long as they do not decide;
 * then what decides is told, and not how much it is.
 */
export function withoutLimits(predicates: readonly PredicateResult[]): PredicateResult[] {
  return predicates.flatMap((result): PredicateResult[] => {
    if (result.predicate === "BUDGET_CURRENCY") return result.held ? [] : [{ ...result, predicate: "CURRENCY", required: "another currency" }];
    const isLimit = EXHAUSTIONS.some((limit) => limit === result.predicate);
    return isLimit && result.held ? [] : [result];
  });
}

/** What of conditions is told to who reaches only some of what they name. Keys have no spaces, so that a list of them is read back as it was written. */
export function withinReach(predicates: readonly PredicateResult[], { markets, plans }: Pick<KeysInReach, "markets" | "plans">): PredicateResult[] {
  return predicates.map((result) => {
    if (result.predicate !== "MARKET" && result.predicate !== "PLAN") return result;
    const keys = result.predicate === "MARKET" ? markets : plans;
    const required = result.required.split(OR).filter((key) => isInReach(keys, key));
    return { ...result, required: required.join(OR) };
  });
}
