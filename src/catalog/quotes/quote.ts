import type { BillingInterval } from "../../kernel/billing-interval.js";
import type { CurrencyCode } from "../../kernel/currency.js";
import type { Decimal } from "../../kernel/decimal.js";
import type { CatalogKey } from "../../kernel/key.js";
import type { TaxedAmount } from "../../kernel/tax.js";
import type { ExactDiscountStep } from "../discounts/discount-application.js";
import type { Verdict } from "../discounts/discount-choice.js";
import type { PredicateResult } from "../discounts/discount-eligibility.js";
import type { DiscountPolicy } from "../discounts/discount-policy.js";
import type { AmountStep } from "../prices/price-amount.js";
import type { PriceOutcome, PriceVersion } from "../prices/price-resolution.js";
import type { CatalogPoint } from "../releases/release.js";
import type { QuoteGrant } from "./stored-quote.js";

/** What something costs, and why. Amounts are minor units of `currency`. */
export interface Quote {
  readonly point: CatalogPoint;
  readonly marketKey: CatalogKey;
  readonly currency: CurrencyCode;
  readonly claims: QuoteClaims;
  /** In the order of the request. */
  readonly lines: readonly QuoteLine[];
  /** What is to be paid when: the first is what is due at once. */
  readonly invoices: readonly Invoice[];
  readonly codes: readonly CodeOutcome[];
  /** What redeeming the quote counts. */
  readonly grants: readonly QuoteGrant[];
  readonly working: QuoteWorking;
}

/** What the quote takes for granted of the customer. */
export interface QuoteClaims {
  readonly customerId: string | null;
  readonly channel: CatalogKey | null;
  readonly segments: readonly CatalogKey[];
  readonly isNewCustomer: boolean | null;
}

export interface QuoteLine {
  readonly planKey: CatalogKey;
  readonly quantity: Decimal;
  readonly interval: BillingInterval;
  readonly since: Date | null;
  /** The price of the first interval. */
  readonly price: PriceVersion;
}

export interface DiscountShare {
  readonly discountKey: CatalogKey;
  /** Not negative. */
  readonly amountMinor: bigint;
}

/** One line of the quote on one invoice. */
export interface InvoiceLine {
  /** Which line of the quote, from 0. */
  readonly line: number;
  /** Which billing interval of the line, from 1. */
  readonly period: number;
  readonly priceKey: string;
  readonly listMinor: bigint;
  readonly discounts: readonly DiscountShare[];
  /** List less discounts; with or without tax as the price says. */
  readonly amountMinor: bigint;
  readonly taxIncluded: boolean;
  readonly tax: TaxedAmount;
}

export interface InvoiceTotals {
  readonly listMinor: bigint;
  readonly discountMinor: bigint;
  readonly amountMinor: bigint;
  /** Null if that of any line is. */
  readonly netMinor: bigint | null;
  readonly taxMinor: bigint | null;
  readonly grossMinor: bigint | null;
}

export interface Invoice {
  readonly at: Date;
  readonly lines: readonly InvoiceLine[];
  readonly totals: InvoiceTotals;
}

/** What became of a code. */
export const CODE_OUTCOMES = ["APPLIED", "UNKNOWN", "EXPIRED", "REVOKED", "USED", "CLAIMS_THE_SAME", "NOT_APPLICABLE", "NOT_CHOSEN", "NO_EFFECT"] as const;
export type CodeOutcomeKind = (typeof CODE_OUTCOMES)[number];

export interface CodeOutcome {
  /** As it was given. */
  readonly code: string;
  readonly outcome: CodeOutcomeKind;
  /** Null for a code that claims nothing that is known. */
  readonly discountKey: CatalogKey | null;
}

/** How the quote was reckoned. */
export interface QuoteWorking {
  readonly policy: DiscountPolicy;
  /** See `DiscountChoiceResult.triedAll`. */
  readonly triedAll: boolean;
  readonly taxRate: Decimal | null;
  /** One for each line, for its first interval. */
  readonly prices: readonly PriceWorking[];
  /** By priority, then key. */
  readonly discounts: readonly DiscountWorking[];
  /** How discounts came off the first invoice, in that order. */
  readonly steps: readonly ExactDiscountStep[];
}

export interface PriceWorking {
  readonly candidates: readonly PriceCandidateWorking[];
  readonly steps: readonly AmountStep[];
  /** Exact, in the major unit; `listMinor` is what it was rounded to, half to even. */
  readonly exact: Decimal;
  readonly listMinor: bigint;
}

/** Of a price that was looked at what tells it from others. */
export interface PriceCandidateWorking {
  readonly key: string;
  readonly outcome: PriceOutcome;
}

export interface DiscountWorking {
  readonly discountKey: CatalogKey;
  /** The code that claimed it, as it was given. */
  readonly code: string | null;
  readonly predicates: readonly PredicateResult[];
  /** The lines that it may come off. */
  readonly lines: readonly number[];
  /** Null if it does not apply. */
  readonly verdict: Verdict | null;
}
