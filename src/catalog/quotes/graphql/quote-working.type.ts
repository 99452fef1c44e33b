import { createUnionType, Field, Int, ObjectType } from "type-graphql";
import type { Decimal } from "../../../kernel/decimal.js";
import type { Money } from "../../../kernel/money.js";
import { enumType } from "../../../platform/graphql/enum.js";
import { MoneyType } from "../../../platform/graphql/money.type.js";
import { DecimalScalar, KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import { RefusedType } from "../../../platform/graphql/user-error.type.js";
import type { ChoiceOutcome } from "../../discounts/discount-choice.js";
import type { Predicate } from "../../discounts/discount-eligibility.js";
import { DiscountType } from "../../discounts/graphql/discount.type.js";
import { PlanType } from "../../plans/graphql/plan.type.js";
import { PriceType } from "../../prices/graphql/price.type.js";
import type { AmountStep } from "../../prices/price-amount.js";
import type { PriceOutcome } from "../../prices/price-resolution.js";

export const PriceOutcomeEnum = enumType<PriceOutcome>("PriceOutcome", "Why a price was taken or not, in the order in which it is asked.", {
  WON: "It applies.",
  OTHER_CURRENCY: "It is in another currency.",
  OTHER_INTERVAL: "It is charged at another interval.",
  OTHER_MARKET: "It is for a market that this one is not in.",
  OTHER_CHANNEL: "It is for another sales channel.",
  OTHER_SEGMENT: "It is for customers of another segment.",
  NOT_YET_IN_FORCE: "It is not in force yet.",
  NO_LONGER_IN_FORCE: "It is no longer offered to new subscriptions.",
  NOT_FOR_EXISTING: "It has not reached a subscription that began then.",
  MARKET_LESS_SPECIFIC: "That of a more specific market goes before it.",
  SEGMENT_LESS_SPECIFIC: "One for the customer's segment goes before it.",
  CHANNEL_LESS_SPECIFIC: "One for the sales channel goes before it.",
  OLDER: "A newer one goes before it.",
  DEARER: "Of two that nothing else tells apart the cheaper one applies.",
});

export const AmountStepEnum = enumType<AmountStep["step"]>("AmountStepKind", "What a part of an amount is for.", {
  FIXED: "The fixed part of an interval.",
  FREE_UNITS: "Units that cost nothing.",
  UNITS: "Units at a rate.",
  PACKAGES: "Packages at a rate, begun ones in full.",
  TIER_UNITS: "Units at the rate of a tier.",
  TIER_FLAT_FEE: "The flat fee of a tier.",
  MINIMUM: "What is missing to the least that an interval costs.",
  MAXIMUM: "What is above the most that an interval costs; negative.",
});

export const PredicateEnum = enumType<Predicate>("DiscountPredicate", "A condition of a discount.", {
  IN_FORCE: "It is offered at the instant.",
  MARKET: "The market is one of its markets or below one.",
  CHANNEL: "The sales channel is one of its channels.",
  SEGMENT: "The customer is of one of its segments.",
  NEW_CUSTOMER: "The customer is new.",
  CURRENCY: "It is offered in the currency.",
  BUDGET_CURRENCY: "Its budget counts the currency.",
  TOTAL_LIMIT: "It may be granted once more.",
  CUSTOMER_LIMIT: "The customer may have it once more.",
  BUDGET: "Something of its budget is left.",
  PLAN: "The plan of the line is one of its plans.",
  INTERVAL: "The billing interval of the line is one of its intervals.",
  QUANTITY: "The line has units enough.",
});

export const ChoiceOutcomeEnum = enumType<ChoiceOutcome | "NOT_APPLICABLE">("DiscountOutcome", "What became of a discount that was looked at.", {
  CHOSEN: "It comes off.",
  NOT_APPLICABLE: "A condition does not hold.",
  NO_EFFECT: "It would take nothing off.",
  GROUP_TAKEN: "Another of its stacking group has a higher priority.",
  EXCLUDED: "Another comes off that goes with none beside it.",
  NOT_ALONE: "It goes with no other, and another has a higher priority.",
  SAVES_LESS: "What comes off instead saves the customer as much or more.",
});

@ObjectType("PriceCandidate", { description: "A price that was looked at.", simpleResolvers: true })
export class PriceCandidateType {
  @Field(() => KeyScalar, { description: "Its key." })
  declare key: string;

  @Field(() => PriceOutcomeEnum, { description: "For programs: why it was taken or not." })
  declare outcome: PriceOutcome;

  @Field(() => String, { description: "For people: the same." })
  declare sentence: string;
}

@ObjectType("AmountStep", { description: "A part of an amount; the parts sum to the whole.", simpleResolvers: true })
export class AmountStepType {
  @Field(() => AmountStepEnum, { description: "For programs: what it is for." })
  declare step: AmountStep["step"];

  @Field(() => DecimalScalar, { description: "Exact, in the currency's major unit." })
  declare amount: Decimal;

  @Field(() => String, { description: "For people: how it comes about." })
  declare sentence: string;
}

@ObjectType("Rounding", { description: "An exact value and the money that it became, rounded once, half to even.", simpleResolvers: true })
export class RoundingType {
  @Field(() => String, { description: "What was rounded: `premium-family`, `summer-2026`, `tax of premium-family`." })
  declare of: string;

  @Field(() => DecimalScalar, { description: "Exact as far as forty digits go, in the currency's major unit." })
  declare exact: Decimal;

  @Field(() => MoneyType, { description: "What it became." })
  declare rounded: Money;

  @Field(() => String, { description: "For people: the same." })
  declare sentence: string;
}

@ObjectType("PriceWorking", { description: "How one line came by its price and amount.", simpleResolvers: true })
export class PriceWorkingType {
  @Field(() => PlanType, { description: "The plan of the line." })
  declare plan: object;

  @Field(() => [PriceCandidateType], { description: "Every price that was looked at, the one taken first." })
  declare candidates: readonly PriceCandidateType[];

  @Field(() => [AmountStepType], { description: "The parts of the amount." })
  declare steps: readonly AmountStepType[];
}

@ObjectType("DiscountPredicateResult", { description: "A condition of a discount as it was found.", simpleResolvers: true })
export class PredicateResultType {
  @Field(() => PredicateEnum, { description: "Which condition." })
  declare predicate: Predicate;

  @Field(() => Int, { nullable: true, description: "The line that it was asked of, from 0; null = it is about the whole." })
  declare line: number | null;

  @Field(() => String, { description: "What it asks." })
  declare required: string;

  @Field(() => String, { description: "What was found." })
  declare actual: string;

  @Field(() => Boolean, { description: "Whether it holds." })
  declare held: boolean;

  @Field(() => String, { description: "For people: the same." })
  declare sentence: string;
}

@ObjectType("DiscountWorking", { description: "A discount that was looked at.", simpleResolvers: true })
export class DiscountWorkingType {
  @Field(() => DiscountType, { description: "The discount." })
  declare discount: object;

  @Field(() => String, { nullable: true, description: "The code that claimed it; null for an automatic one." })
  declare code: string | null;

  @Field(() => ChoiceOutcomeEnum, { description: "For programs: what became of it." })
  declare outcome: ChoiceOutcome | "NOT_APPLICABLE";

  @Field(() => [PredicateResultType], {
    description: "Its conditions. Those about its limits are told where they do not hold, or to callers with the permission `catalog:read-internal`.",
  })
  declare predicates: readonly PredicateResultType[];

  @Field(() => String, { description: "For people: what became of it." })
  declare sentence: string;
}

@ObjectType("DiscountStep", { description: "A discount coming off the first invoice.", simpleResolvers: true })
export class DiscountStepType {
  @Field(() => DiscountType, { description: "The discount." })
  declare discount: object;

  @Field(() => MoneyType, { description: "What its lines came to before." })
  declare base: Money;

  @Field(() => MoneyType, { description: "What it takes off them." })
  declare off: Money;

  @Field(() => [MoneyType], { description: "What of it comes off each line of the quote, in their order." })
  declare shares: readonly Money[];

  @Field(() => String, { description: "For people: the same." })
  declare sentence: string;
}

@ObjectType("QuoteWorking", { description: "How a quote was reckoned.", simpleResolvers: true })
export class QuoteWorkingType {
  @Field(() => [String], { description: "The policies that were followed, in words." })
  declare policies: readonly string[];

  @Field(() => [PriceWorkingType], { description: "For each line, how it came by its price and amount." })
  declare prices: readonly PriceWorkingType[];

  @Field(() => [DiscountWorkingType], { description: "Every automatic discount in force for one of the plans and every one that a code claims, by priority." })
  declare discounts: readonly DiscountWorkingType[];

  @Field(() => [DiscountStepType], { description: "How discounts came off the first invoice, in that order." })
  declare steps: readonly DiscountStepType[];

  @Field(() => [RoundingType], { description: "Every rounding on the first invoice: of lines, of percents, of taxes." })
  declare roundings: readonly RoundingType[];
}

@ObjectType("PriceExplanation", { description: "Which price applies, what it comes to, and why.", simpleResolvers: true })
export class PriceExplanationType {
  @Field(() => PlanType, { description: "The plan." })
  declare plan: object;

  @Field(() => PriceType, { nullable: true, description: "The price that applies; null = none does." })
  declare price: object | null;

  @Field(() => MoneyType, { nullable: true, description: "What one interval costs before discounts; null without a price." })
  declare amount: Money | null;

  @Field(() => [PriceCandidateType], { description: "Every price that was looked at, the one taken first." })
  declare candidates: readonly PriceCandidateType[];

  @Field(() => [AmountStepType], { description: "The parts of the amount." })
  declare steps: readonly AmountStepType[];

  @Field(() => RoundingType, { nullable: true, description: "How the exact amount became money; null without a price." })
  declare rounding: RoundingType | null;
}

export const PriceExplanationResultUnion = createUnionType({
  name: "PriceExplanationResult",
  description: "The explanation of a price, or why there is none.",
  types: () => [PriceExplanationType, RefusedType] as const,
});
