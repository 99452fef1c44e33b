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
export interface PredicateFinding {
  readonly predicate: Predicate;
  /** The line that it was asked of, from 0; null = it is about the whole. */
  readonly line: number | null;
  readonly held: boolean;
}

/** The same in words, which take longer than to find it out: they are made where they are asked for. */
export interface PredicateResult extends PredicateFinding {
  readonly required: string;
  readonly actual: string;
}

export interface Eligibility {
  readonly predicates: readonly PredicateFinding[];
  /** The lines that the discount may come off, in order; empty if it does not apply. */
  readonly lines: readonly number[];
}

/** Holds a discount's conditions against a cart. All about the whole must hold, and of those about lines all for at least one line. */
export function checkEligibility(discount: Discount, cart: Cart, exhausted: ReadonlySet<Exhaustion>): Eligibility {
  const predicates: PredicateFinding[] = [];
  askOfWhole(discount, cart, predicates);
  askOfLimits(discount, cart.currency, exhausted, predicates);
  const applies = allHeld(predicates, 0);
  const lines: number[] = [];
  for (const [index, line] of cart.lines.entries()) {
    const before = predicates.length;
    askOfLine(discount, line, index, predicates);
    if (applies && allHeld(predicates, before)) lines.push(index);
  }
  return { predicates, lines };
}

function allHeld(found: readonly PredicateFinding[], from: number): boolean {
  for (let index = from; index < found.length; index++) if (found[index]?.held === false) return false;
  return true;
}

function askOfWhole({ conditions, effective: { from, until }, benefit }: Discount, cart: Cart, found: PredicateFinding[]): void {
  const { marketKeys, channels, segments, newCustomersOnly } = conditions;
  const at = cart.at.getTime();
  found.push({ predicate: "IN_FORCE", line: null, held: from.getTime() <= at && (until === null || at < until.getTime()) });
  if (marketKeys.length > 0) found.push({ predicate: "MARKET", line: null, held: marketKeys.some((key) => cart.marketPath.includes(key)) });
  if (channels.length > 0) found.push({ predicate: "CHANNEL", line: null, held: cart.channel !== null && channels.includes(cart.channel) });
  if (segments.length > 0) found.push({ predicate: "SEGMENT", line: null, held: segments.some((segment) => cart.segments.includes(segment)) });
  if (newCustomersOnly) found.push({ predicate: "NEW_CUSTOMER", line: null, held: cart.isNewCustomer === true });
  const currencies = currenciesOf(benefit);
  if (currencies.length > 0) found.push({ predicate: "CURRENCY", line: null, held: currencies.includes(cart.currency) });
}

/** Empty for what is no amount, and so good in all currencies. */
function currenciesOf(benefit: Discount["benefit"]): readonly CurrencyCode[] {
  return benefit.kind === "AMOUNT" || benefit.kind === "FIXED_PRICE" ? benefit.amounts.map(({ currency }) => currency) : [];
}

/** A budget counts one currency. There is no rate in the catalog to turn another into it, and a guessed one would overspend. */
function askOfLimits({ limits }: Discount, currency: CurrencyCode, exhausted: ReadonlySet<Exhaustion>, found: PredicateFinding[]): void {
  if (limits.budget !== null) found.push({ predicate: "BUDGET_CURRENCY", line: null, held: limits.budget.currency === currency });
  if (limits.total !== null) found.push({ predicate: "TOTAL_LIMIT", line: null, held: !exhausted.has("TOTAL_LIMIT") });
  if (limits.perCustomer !== null) found.push({ predicate: "CUSTOMER_LIMIT", line: null, held: !exhausted.has("CUSTOMER_LIMIT") });
  if (limits.budget !== null) found.push({ predicate: "BUDGET", line: null, held: !exhausted.has("BUDGET") });
}

function askOfLine({ conditions: { planKeys, intervals, minimumQuantity } }: Discount, line: CartLine, index: number, found: PredicateFinding[]): void {
  if (planKeys.length > 0) found.push({ predicate: "PLAN", line: index, held: planKeys.includes(line.planKey) });
  if (intervals.length > 0) found.push({ predicate: "INTERVAL", line: index, held: intervals.includes(line.interval) });
  if (minimumQuantity !== null) found.push({ predicate: "QUANTITY", line: index, held: line.quantity.gte(minimumQuantity) });
}

/** Says what was found of a discount's condition, with the same cart. */
export function inWords({ predicate, line, held }: PredicateFinding, discount: Discount, cart: Cart): PredicateResult {
  return {
    predicate,
    line,
    required: requiredOf(predicate, discount),
    actual: actualOf(predicate, held, cart, line === null ? undefined : cart.lines[line]),
    held,
  };
}

const OR = " or ";

function requiredOf(predicate: Predicate, { conditions, effective: { from, until }, benefit, limits }: Discount): string {
  switch (predicate) {
    case "IN_FORCE":
      return `from ${from.toISOString()}${until === null ? "" : ` until ${until.toISOString()}`}`;
    case "MARKET":
      return conditions.marketKeys.join(OR);
    case "CHANNEL":
      return conditions.channels.join(OR);
    case "SEGMENT":
      return conditions.segments.join(OR);
    case "NEW_CUSTOMER":
      return "a new customer";
    case "CURRENCY":
      return currenciesOf(benefit).join(OR);
    case "BUDGET_CURRENCY":
      return limits.budget?.currency ?? "";
    case "TOTAL_LIMIT":
    case "CUSTOMER_LIMIT":
    case "BUDGET":
      return "something left";
    case "PLAN":
      return conditions.planKeys.join(OR);
    case "INTERVAL":
      return conditions.intervals.join(OR);
    case "QUANTITY":
      return `at least ${conditions.minimumQuantity}`;
  }
}

function actualOf(predicate: Predicate, held: boolean, cart: Cart, line: CartLine | undefined): string {
  switch (predicate) {
    case "IN_FORCE":
      return cart.at.toISOString();
    case "MARKET":
      return cart.marketPath.join(", ") || NONE;
    case "CHANNEL":
      return cart.channel ?? NONE;
    case "SEGMENT":
      return cart.segments.join(", ") || NONE;
    case "NEW_CUSTOMER":
      return cart.isNewCustomer === null ? "nobody said" : cart.isNewCustomer ? "new" : "not new";
    case "CURRENCY":
    case "BUDGET_CURRENCY":
      return cart.currency;
    case "TOTAL_LIMIT":
    case "CUSTOMER_LIMIT":
    case "BUDGET":
      return held ? "something left" : "nothing left";
    case "PLAN":
      return line?.planKey ?? NONE;
    case "INTERVAL":
      return line?.interval ?? NONE;
    case "QUANTITY":
      return line?.quantity.toFixed() ?? NONE;
  }
}

const NONE = "none";

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
