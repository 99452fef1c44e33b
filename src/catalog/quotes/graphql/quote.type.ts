import { createUnionType, Field, ID, Int, ObjectType } from "type-graphql";
import type { Decimal } from "../../../kernel/decimal.js";
import type { Money } from "../../../kernel/money.js";
import { enumType } from "../../../platform/graphql/enum.js";
import { MoneyType } from "../../../platform/graphql/money.type.js";
import { BillingIntervalScalar, CurrencyCodeScalar, DateTimeScalar, DecimalScalar, KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import { RefusedType } from "../../../platform/graphql/user-error.type.js";
import { DiscountType } from "../../discounts/graphql/discount.type.js";
import { MarketType } from "../../markets/graphql/market.type.js";
import { PlanType } from "../../plans/graphql/plan.type.js";
import { PriceType } from "../../prices/graphql/price.type.js";
import { CatalogPointType } from "../../releases/graphql/release.type.js";
import type { CodeOutcomeKind } from "../quote.js";
import { QuoteWorkingType } from "./quote-working.type.js";

export const CodeOutcomeEnum = enumType<CodeOutcomeKind>("CodeOutcome", "What became of a code.", {
  APPLIED: "Its discount comes off.",
  UNKNOWN: "There is no such code.",
  EXPIRED: "It could be used once, but not any more.",
  REVOKED: "It was withdrawn.",
  USED: "It can be used once, and was.",
  CLAIMS_THE_SAME: "Another code of the quote claims the same discount.",
  NOT_APPLICABLE: "A condition of its discount does not hold: see the working.",
  NOT_CHOSEN: "Its discount applies, but does not go together with those that come off: see the working.",
  NO_EFFECT: "Its discount applies, but would take nothing off.",
});

@ObjectType("DiscountShare", { description: "What one discount takes off a line.", simpleResolvers: true })
export class DiscountShareType {
  @Field(() => DiscountType, { description: "The discount." })
  declare discount: object;

  @Field(() => MoneyType, { description: "What it takes off, not negative." })
  declare amount: Money;
}

@ObjectType("QuoteTax", { description: "The tax of an amount. Without a rate nothing is guessed: what cannot be said is null.", simpleResolvers: true })
export class QuoteTaxType {
  @Field(() => Boolean, { description: "Whether the amount includes the tax, as its price says." })
  declare included: boolean;

  @Field(() => DecimalScalar, { nullable: true, description: "Percent of the net amount, as the catalog gives it for the market; null = it gives none." })
  declare rate: Decimal | null;

  @Field(() => MoneyType, { nullable: true, description: "Without tax." })
  declare net: Money | null;

  @Field(() => MoneyType, { nullable: true, description: "The tax, rounded once, half to even." })
  declare tax: Money | null;

  @Field(() => MoneyType, { nullable: true, description: "With tax: net and tax." })
  declare gross: Money | null;
}

@ObjectType("InvoiceLine", { description: "One line of an invoice to come.", simpleResolvers: true })
export class InvoiceLineType {
  @Field(() => Int, { description: "Which line of the quote, from 0." })
  declare line: number;

  @Field(() => Int, { description: "Which billing interval of the line since the quote, from 1." })
  declare period: number;

  @Field(() => KeyScalar, { description: "The key of its price." })
  declare priceKey: string;

  @Field(() => MoneyType, { description: "Before discounts." })
  declare list: Money;

  @Field(() => [DiscountShareType], { description: "What comes off, in the order in which it does." })
  declare discounts: readonly DiscountShareType[];

  @Field(() => MoneyType, { description: "After discounts; with or without tax as the price says." })
  declare amount: Money;

  @Field(() => QuoteTaxType, { description: "Its tax." })
  declare tax: QuoteTaxType;
}

@ObjectType("QuoteTotals", { description: "The sums of an invoice.", simpleResolvers: true })
export class QuoteTotalsType {
  @Field(() => MoneyType, { description: "Before discounts." })
  declare list: Money;

  @Field(() => MoneyType, { description: "All that comes off, not negative." })
  declare discount: Money;

  @Field(() => MoneyType, {
    description:
      "After discounts, as the prices are: with tax where they include it. Of lines with and without tax it is a sum of both kinds: then look at `gross`.",
  })
  declare amount: Money;

  @Field(() => MoneyType, { nullable: true, description: "Without tax; null if that of a line is not known." })
  declare net: Money | null;

  @Field(() => MoneyType, { nullable: true, description: "The tax; null if that of a line is not known." })
  declare tax: Money | null;

  @Field(() => MoneyType, { nullable: true, description: "What the customer pays, with tax; null if that of a line is not known." })
  declare gross: Money | null;
}

@ObjectType("Invoice", { description: "What is due at one instant.", simpleResolvers: true })
export class InvoiceType {
  @Field(() => DateTimeScalar, { description: "When." })
  declare at: Date;

  @Field(() => [InvoiceLineType], { description: "The lines whose billing interval begins then." })
  declare lines: readonly InvoiceLineType[];

  @Field(() => QuoteTotalsType, { description: "Their sums." })
  declare totals: QuoteTotalsType;
}

@ObjectType("QuoteLine", { description: "One plan or add-on of a quote, with what its first billing interval costs.", simpleResolvers: true })
export class QuoteLineType {
  @Field(() => PlanType, { description: "The plan." })
  declare plan: object;

  @Field(() => DecimalScalar, { description: "How many units." })
  declare quantity: Decimal;

  @Field(() => BillingIntervalScalar, { description: "How often it is charged." })
  declare interval: string;

  @Field(() => DateTimeScalar, { nullable: true, description: "When the subscription began; null = with this quote." })
  declare since: Date | null;

  @Field(() => PriceType, { description: "The price of the first interval. Of an older subscription it may be one that the catalog no longer offers." })
  declare price: object;

  @Field(() => MoneyType, { description: "Before discounts." })
  declare list: Money;

  @Field(() => [DiscountShareType], { description: "What comes off, in the order in which it does." })
  declare discounts: readonly DiscountShareType[];

  @Field(() => MoneyType, { description: "After discounts; with or without tax as the price says." })
  declare amount: Money;

  @Field(() => QuoteTaxType, { description: "Its tax." })
  declare tax: QuoteTaxType;
}

@ObjectType("QuoteCode", { description: "What became of a code of the quote.", simpleResolvers: true })
export class QuoteCodeType {
  @Field(() => String, { description: "As it was given." })
  declare code: string;

  @Field(() => CodeOutcomeEnum, { description: "For programs." })
  declare outcome: CodeOutcomeKind;

  @Field(() => DiscountType, { nullable: true, description: "What it claims; null if nothing is known of it." })
  declare discount: object | null;

  @Field(() => String, { description: "For people: why." })
  declare sentence: string;
}

@ObjectType("QuoteClaims", { description: "What the quote takes for granted of the customer.", simpleResolvers: true })
export class QuoteClaimsType {
  @Field(() => Boolean, {
    description:
      "Whether the caller may vouch for it (`customers:vouch`) and named a customer. What is kept of a quote that is not binding cannot be redeemed.",
  })
  declare binding: boolean;

  @Field(() => ID, { nullable: true, description: "The caller's own id of the customer; null = nobody in particular." })
  declare customerId: string | null;

  @Field(() => KeyScalar, { nullable: true, description: "The sales channel; null = none was said." })
  declare channel: string | null;

  @Field(() => [KeyScalar], { description: "The groups that the customer belongs to." })
  declare segments: readonly string[];

  @Field(() => Boolean, { nullable: true, description: "Whether the customer never had a subscription; null = not said." })
  declare isNew: boolean | null;

  @Field(() => String, { description: "For people: what that means." })
  declare sentence: string;
}

@ObjectType("Quote", { description: "What something costs now and on the next invoices, and why.", simpleResolvers: true })
export class QuoteType {
  @Field(() => CatalogPointType, { description: "The release and the instant that it was reckoned at." })
  declare point: object;

  @Field(() => MarketType, { description: "The market." })
  declare market: object;

  @Field(() => CurrencyCodeScalar, { description: "The currency of all of its amounts." })
  declare currency: string;

  @Field(() => QuoteClaimsType, { description: "What it takes for granted of the customer." })
  declare claims: QuoteClaimsType;

  @Field(() => [QuoteLineType], { description: "What is bought, in the order of the input." })
  declare lines: readonly QuoteLineType[];

  @Field(() => QuoteTotalsType, { description: "What is due at once: the sums of the first invoice." })
  declare totals: QuoteTotalsType;

  @Field(() => [InvoiceType], {
    description: "The invoices as they will come, the first included: when offers end, and when a change of price arrives that the caller may know of.",
  })
  declare timeline: readonly InvoiceType[];

  @Field(() => [QuoteCodeType], { description: "What became of each code, in the order of the input." })
  declare codes: readonly QuoteCodeType[];

  @Field(() => QuoteWorkingType, { description: "How it was reckoned: every price and discount that was looked at, and every rounding." })
  declare working: QuoteWorkingType;
}

export const QuoteResultUnion = createUnionType({
  name: "QuoteResult",
  description: "A quote, or why there is none.",
  types: () => [QuoteType, RefusedType] as const,
});
