import { createUnionType, Field, InputType, Int, ObjectType } from "type-graphql";
import type { Decimal } from "../../../kernel/decimal.js";
import type { Money } from "../../../kernel/money.js";
import type { PeriodStatus } from "../../../kernel/period.js";
import { connectionType } from "../../../platform/graphql/connection.js";
import { enumType } from "../../../platform/graphql/enum.js";
import { DescribedType, NamedType } from "../../../platform/graphql/localized.type.js";
import { MoneyType } from "../../../platform/graphql/money.type.js";
import { NodeType } from "../../../platform/graphql/node.type.js";
import { orderType } from "../../../platform/graphql/order.js";
import { BillingIntervalScalar, DecimalScalar, KeyScalar, SafeIntScalar } from "../../../platform/graphql/scalars/scalars.js";
import { listArgs } from "../../releases/graphql/catalog-list.js";
import { PeriodStatusEnum } from "../../releases/graphql/period-status.js";
import type { DiscountActivation, DiscountBenefitKind, DiscountDuration } from "../discount.js";
import type { DiscountFilter, DiscountOrderField } from "../discount.repository.js";

export const DiscountBenefitKindEnum = enumType<DiscountBenefitKind>("DiscountBenefitKind", "What a discount does to a price.", {
  PERCENT: "Takes a share off.",
  AMOUNT: "Takes an amount off.",
  FIXED_PRICE: "Replaces the price.",
  FREE_PERIODS: "Gives billing intervals for nothing.",
});

export const DiscountDurationEnum = enumType<DiscountDuration>("DiscountDuration", "For how long a discount holds once it is granted.", {
  ONCE: "For one billing interval.",
  REPEATING: "For a number of billing intervals.",
  FOREVER: "As long as the subscription lasts.",
});

export const DiscountActivationEnum = enumType<DiscountActivation>("DiscountActivation", "How a customer comes by a discount.", {
  AUTOMATIC: "Without doing anything.",
  CODE: "By giving a code.",
});

@ObjectType("PercentBenefit", { description: "A share off the price.", simpleResolvers: true })
export class PercentBenefitType {
  @Field(() => DecimalScalar, { description: "Percent of the price, more than 0 and at most 100." })
  declare percent: Decimal;
}

@ObjectType("AmountBenefit", { description: "An amount off the price.", simpleResolvers: true })
export class AmountBenefitType {
  @Field(() => [MoneyType], { description: "How much, in each currency that it is offered in." })
  declare amounts: readonly Money[];
}

@ObjectType("FixedPriceBenefit", { description: "Another price instead.", simpleResolvers: true })
export class FixedPriceBenefitType {
  @Field(() => [MoneyType], { description: "The price, in each currency that it is offered in." })
  declare prices: readonly Money[];
}

@ObjectType("FreePeriodsBenefit", { description: "Billing intervals for nothing.", simpleResolvers: true })
export class FreePeriodsBenefitType {
  @Field(() => Int, { description: "How many." })
  declare periods: number;
}

export const DiscountBenefitUnion = createUnionType({
  name: "DiscountBenefit",
  description: "What a discount does to a price.",
  types: () => [PercentBenefitType, AmountBenefitType, FixedPriceBenefitType, FreePeriodsBenefitType] as const,
});

@ObjectType("DiscountConditions", { description: "What must hold for a discount to apply. An empty list asks nothing.", simpleResolvers: true })
export class DiscountConditionsType {
  @Field(() => [BillingIntervalScalar], { description: "One of these billing intervals." })
  declare intervals: readonly string[];

  @Field(() => [KeyScalar], { description: "One of these groups of customers." })
  declare segments: readonly string[];

  @Field(() => [KeyScalar], { description: "One of these sales channels." })
  declare channels: readonly string[];

  @Field(() => Int, { nullable: true, description: "At least so many units." })
  declare minimumQuantity: number | null;

  @Field(() => Boolean, { description: "Only customers who never had a subscription." })
  declare newCustomersOnly: boolean;
}

@ObjectType("DiscountStacking", { description: "How a discount goes together with others.", simpleResolvers: true })
export class DiscountStackingType {
  @Field(() => KeyScalar, { nullable: true, description: "Of the discounts of one group a customer gets one; null = it is in no group." })
  declare group: string | null;

  @Field(() => Int, { description: "Higher goes first." })
  declare priority: number;

  @Field(() => Boolean, { description: "Whether it goes with no other discount at all." })
  declare exclusive: boolean;
}

@ObjectType("DiscountLimits", { description: "How often a discount is granted at the most; null = without limit.", simpleResolvers: true })
export class DiscountLimitsType {
  @Field(() => SafeIntScalar, { nullable: true, description: "To all customers together." })
  declare total: number | null;

  @Field(() => Int, { nullable: true, description: "To each customer." })
  declare perCustomer: number | null;

  @Field(() => MoneyType, { nullable: true, description: "How much may be given away in all." })
  declare budget: Money | null;
}

@ObjectType("Discount", {
  implements: [NodeType, NamedType, DescribedType],
  description: "A benefit, the conditions and limits it is given under, and the time it is offered.",
  simpleResolvers: true,
})
export class DiscountType {
  @Field(() => KeyScalar, { description: "What the catalog calls it: `student-half`." })
  declare key: string;

  @Field(() => DiscountDurationEnum, { description: "For how long it holds once granted." })
  declare duration: DiscountDuration;

  @Field(() => Int, { nullable: true, description: "REPEATING: for how many billing intervals; null otherwise." })
  declare periods: number | null;

  @Field(() => DiscountActivationEnum, { description: "How a customer comes by it." })
  declare activation: DiscountActivation;

  @Field(() => Boolean, { nullable: true, description: "Whether its codes are to be kept secret." })
  declare secretCodes: boolean;

  @Field(() => DiscountStackingType, { description: "How it goes together with others." })
  declare stacking: DiscountStackingType;

  @Field(() => DiscountLimitsType, { nullable: true, description: "How often it is granted at the most." })
  declare limits: DiscountLimitsType;

  @Field(() => String, { nullable: true, description: "A note of the catalog's editors." })
  declare internalNote: string | null;
}

@InputType("DiscountFilter", {
  description: "Which discounts; all conditions must hold, and a list means one of its values. Without `periods` only those in force.",
})
export class DiscountFilterInput implements DiscountFilter {
  @Field(() => [KeyScalar], { nullable: true, description: "These keys." })
  declare keys?: string[] | null;

  @Field(() => [KeyScalar], { nullable: true, description: "Open to one of these plans: naming it, or no plan at all." })
  declare plans?: string[] | null;

  @Field(() => [KeyScalar], { nullable: true, description: "Open to one of these markets: naming it or a market above it, or no market at all." })
  declare markets?: string[] | null;

  @Field(() => [DiscountBenefitKindEnum], { nullable: true, description: "With these benefits." })
  declare benefits?: DiscountBenefitKind[] | null;

  @Field(() => [DiscountActivationEnum], { nullable: true, description: "Come by in these ways." })
  declare activations?: DiscountActivation[] | null;

  @Field(() => [PeriodStatusEnum], {
    nullable: true,
    description:
      "Over, in force or still to come at the catalog point's time; in force without it. Discounts still to come need the permission `catalog:read-upcoming`: without it there are none.",
  })
  declare periods?: PeriodStatus[] | null;
}

const DiscountOrderInput = orderType<DiscountOrderField>("Discount", {
  KEY: "By key.",
  NAME: "By name in the catalog's default language.",
  PRIORITY: "By stacking priority.",
  EFFECTIVE_FROM: "By when it comes into force.",
});

export const DiscountListArgs = listArgs<DiscountFilter, DiscountOrderField>(DiscountFilterInput, DiscountOrderInput);

export const { Connection: DiscountConnection } = connectionType("Discount", () => DiscountType);
