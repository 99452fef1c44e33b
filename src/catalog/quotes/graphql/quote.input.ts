import { Field, InputType, Int } from "type-graphql";
import { Decimal } from "../../../kernel/decimal.js";
import { BillingIntervalScalar, CurrencyCodeScalar, DateTimeScalar, DecimalScalar, KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import { QUOTE_LIMITS, type QuoteRequest } from "../quote-request.js";

@InputType("QuoteItemInput", { description: "A plan or add-on to be priced." })
export class QuoteItemInput {
  @Field(() => KeyScalar, { description: "The plan." })
  declare plan: string;

  @Field(() => DecimalScalar, { defaultValue: new Decimal(1), description: "How many units, more than 0; the price model says what they cost." })
  declare quantity: Decimal;

  @Field(() => BillingIntervalScalar, { nullable: true, description: "How often it is charged, if not as the quote's `interval` says." })
  declare interval?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      "When the customer's subscription to this plan began: it is priced as an existing one, with the changes that have reached it. Without it, it begins now.",
  })
  declare since?: Date | null;
}

@InputType("QuoteCustomerInput", {
  description:
    "What is said of the customer. Anyone may ask what a student would pay; it counts as true only when the caller has the permission `customers:vouch`.",
})
export class QuoteCustomerInput {
  @Field(() => String, {
    nullable: true,
    description: `Your own id of the customer, 1 to ${QUOTE_LIMITS.customerIdLength} characters. With it, what the customer has used of discounts counts, for callers with the permission \`customers:vouch\` or \`customers:read\`.`,
  })
  declare id?: string | null;

  @Field(() => [KeyScalar], { nullable: true, description: `The groups that the customer belongs to, such as \`student\`; at most ${QUOTE_LIMITS.segments}.` })
  declare segments?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: "Whether the customer never had a subscription. Offers for new customers need it to be said." })
  declare isNew?: boolean | null;
}

@InputType("QuoteInput", { description: "What is to be priced, for whom." })
export class QuoteInput {
  @Field(() => [QuoteItemInput], { description: `The plans and add-ons, 1 to ${QUOTE_LIMITS.items}, each once.` })
  declare items: QuoteItemInput[];

  @Field(() => KeyScalar, { description: "The market in which the customer buys." })
  declare market: string;

  @Field(() => BillingIntervalScalar, { defaultValue: "P1M", description: "How often the items are charged that do not say it themselves." })
  declare interval: string;

  @Field(() => CurrencyCodeScalar, { nullable: true, description: "The currency of the whole quote; without it the market's own." })
  declare currency?: string | null;

  @Field(() => KeyScalar, { nullable: true, description: "The sales channel, such as `web`. A claim, like what is said of the customer." })
  declare channel?: string | null;

  @Field(() => QuoteCustomerInput, { nullable: true, description: "What is said of the customer." })
  declare customer?: QuoteCustomerInput | null;

  @Field(() => [String], { nullable: true, description: `Codes as they were typed, at most ${QUOTE_LIMITS.codes}.` })
  declare codes?: string[] | null;

  @Field(() => Int, { defaultValue: 3, description: `How many invoices to reckon, the first included: 1 to ${QUOTE_LIMITS.periods}.` })
  declare periods: number;
}

@InputType("ExplainPriceInput", { description: "Which price is to be explained." })
export class ExplainPriceInput {
  @Field(() => KeyScalar, { description: "The plan." })
  declare plan: string;

  @Field(() => KeyScalar, { description: "The market in which the customer buys." })
  declare market: string;

  @Field(() => BillingIntervalScalar, { defaultValue: "P1M", description: "How often it is charged." })
  declare interval: string;

  @Field(() => CurrencyCodeScalar, { nullable: true, description: "The currency; without it the market's own." })
  declare currency?: string | null;

  @Field(() => DecimalScalar, { defaultValue: new Decimal(1), description: "How many units, more than 0." })
  declare quantity: Decimal;

  @Field(() => KeyScalar, { nullable: true, description: "The sales channel." })
  declare channel?: string | null;

  @Field(() => [KeyScalar], { nullable: true, description: "The groups that the customer belongs to." })
  declare segments?: string[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: "When the subscription began; without it, it begins now." })
  declare since?: Date | null;
}

export function toRequest({ items, market, interval, currency, channel, customer, codes, periods }: QuoteInput): QuoteRequest {
  return {
    items: items.map((item) => ({ planKey: item.plan, quantity: item.quantity, interval: item.interval ?? interval, since: item.since ?? null })),
    ...{ marketKey: market, currency: currency ?? null, channel: channel ?? null, periods },
    ...{ segments: customer?.segments ?? [], isNewCustomer: customer?.isNew ?? null, customerId: customer?.id ?? null, codes: codes ?? [] },
  };
}

/** One price is a quote of one item, without discounts. */
export function toSingleRequest({ plan, market, interval, currency, quantity, channel, segments, since }: ExplainPriceInput): QuoteRequest {
  return {
    items: [{ planKey: plan, quantity, interval, since: since ?? null }],
    ...{ marketKey: market, currency: currency ?? null, channel: channel ?? null, periods: 1 },
    ...{ segments: segments ?? [], isNewCustomer: null, customerId: null, codes: [] },
  };
}
