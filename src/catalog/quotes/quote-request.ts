import type { BillingInterval } from "../../kernel/billing-interval.js";
import type { CurrencyCode } from "../../kernel/currency.js";
import { CUSTOMER_ID_LENGTH, isCustomerId } from "../../kernel/customer-id.js";
import { Decimal } from "../../kernel/decimal.js";
import type { CatalogKey } from "../../kernel/key.js";
import type { Refusal } from "../../kernel/refusal.js";
import { canonicalCode } from "../discounts/discount.js";

export interface QuoteItem {
  readonly planKey: CatalogKey;
  readonly quantity: Decimal;
  readonly interval: BillingInterval;
  /** When the subscription to this plan began; null = it begins now. */
  readonly since: Date | null;
}

/** What is asked to be priced, and what is said of the customer. */
export interface QuoteRequest {
  readonly items: readonly QuoteItem[];
  readonly marketKey: CatalogKey;
  /** Null = the market's own. */
  readonly currency: CurrencyCode | null;
  readonly channel: CatalogKey | null;
  readonly segments: readonly CatalogKey[];
  /** Whether the customer never had a subscription; null = not said. */
  readonly isNewCustomer: boolean | null;
  /** The caller's own id; null = nobody in particular. */
  readonly customerId: string | null;
  /** As they were typed. */
  readonly codes: readonly string[];
  /** How many invoices the timeline has. */
  readonly periods: number;
}

export const QUOTE_LIMITS = { items: 50, codes: 20, segments: 20, periods: 36, codeLength: 100, customerIdLength: CUSTOMER_ID_LENGTH } as const;

/** Quantities are kept with six digits after the point, and fourteen before it. */
const MAX_QUANTITY = new Decimal(10).pow(14);
const QUANTITY_DIGITS = 6;

/** All that is wrong with a request in itself, whatever the catalog says. */
export function checkQuoteRequest(request: QuoteRequest, at: Date): Refusal[] {
  const { items, codes, segments, periods, customerId } = request;
  const refusals: Refusal[] = [];
  checkCount("items", items.length, 1, QUOTE_LIMITS.items, refusals);
  checkCount("codes", codes.length, 0, QUOTE_LIMITS.codes, refusals);
  checkCount("segments", segments.length, 0, QUOTE_LIMITS.segments, refusals);
  checkCount("periods", periods, 1, QUOTE_LIMITS.periods, refusals);
  if (customerId !== null) refusals.push(...checkCustomerId(customerId));
  // Thousands of items would make as many refusals; what is said first is enough.
  if (refusals.length > 0) return refusals;
  for (const [index, item] of items.entries()) checkItem(item, index, items, at, refusals);
  for (const [index, code] of codes.entries()) refusals.push(...checkCode(code, index, codes));
  return refusals;
}

const COUNTED = {
  items: { code: "ITEMS_OUT_OF_RANGE", path: ["items"], what: "plans go into one quote" },
  codes: { code: "TOO_MANY_CODES", path: ["codes"], what: "codes go into one quote" },
  segments: { code: "TOO_MANY_SEGMENTS", path: ["customer", "segments"], what: "segments are looked at" },
  periods: { code: "PERIODS_OUT_OF_RANGE", path: ["periods"], what: "invoices are reckoned" },
} as const;

function checkCount(what: keyof typeof COUNTED, count: number, least: number, most: number, refusals: Refusal[]): void {
  if (count >= least && count <= most) return;
  const { code, path, what: words } = COUNTED[what];
  refusals.push({ code, message: `${least} to ${most} ${words}, not ${count}.`, path: ["input", ...path] });
}

export function checkCustomerId(id: string, path: readonly string[] = ["input", "customer", "id"]): Refusal[] {
  if (isCustomerId(id)) return [];
  const message = `A customer's id has 1 to ${QUOTE_LIMITS.customerIdLength} characters in the normal form NFC, none of them a space or invisible. Capitals distinguish ids.`;
  return [{ code: "CUSTOMER_ID_MALFORMED", message, path }];
}

function checkItem({ planKey, quantity, interval, since }: QuoteItem, index: number, items: readonly QuoteItem[], at: Date, refusals: Refusal[]): void {
  const path = ["input", "items", String(index)];
  if (quantity.isNegative() || quantity.isZero()) {
    refusals.push({ code: "QUANTITY_NOT_POSITIVE", message: `A quantity is more than 0, not ${quantity.toFixed()}.`, path: [...path, "quantity"] });
  } else if (!quantity.isFinite() || quantity.gte(MAX_QUANTITY) || quantity.decimalPlaces() > QUANTITY_DIGITS) {
    const message = `A quantity is below ${MAX_QUANTITY.toFixed()} and has at most ${QUANTITY_DIGITS} digits after the point, not ${quantity.toFixed()}.`;
    refusals.push({ code: "QUANTITY_OUT_OF_RANGE", message, path: [...path, "quantity"] });
  }
  if (items.findIndex((other) => other.planKey === planKey && other.interval === interval) < index) {
    const message = `${planKey} per ${interval} is here twice. Give it once, with the whole quantity: the price of units may depend on how many they are.`;
    refusals.push({ code: "ITEM_TWICE", message, path });
  }
  if (since !== null && interval === "ONCE") {
    const message = `${planKey} is paid once, when it is bought, and not again: leave out \`since\` to price another one.`;
    refusals.push({ code: "ONCE_IS_NO_SUBSCRIPTION", message, path: [...path, "since"] });
  } else if (since !== null && since > at) {
    refusals.push({
      code: "SUBSCRIPTION_BEGINS_LATER",
      message: "A subscription that is still to begin has no `since`: leave it out.",
      path: [...path, "since"],
    });
  }
}

function checkCode(code: string, index: number, codes: readonly string[]): Refusal[] {
  const path = ["input", "codes", String(index)];
  if (code.length > QUOTE_LIMITS.codeLength) return [{ code: "CODE_MALFORMED", message: `A code has at most ${QUOTE_LIMITS.codeLength} characters.`, path }];
  const canonical = canonicalCode(code);
  if (canonical !== "" && codes.findIndex((other) => canonicalCode(other) === canonical) < index)
    return [{ code: "CODE_TWICE", message: "This code was given before. Capitals, hyphens and spaces do not distinguish codes.", path }];
  return [];
}
