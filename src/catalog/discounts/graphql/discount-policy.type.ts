import { Field, ObjectType } from "type-graphql";
import { enumType } from "../../../platform/graphql/enum.js";
import type { DiscountApplication, DiscountChoice, DiscountPolicy } from "../discount-policy.js";

const DiscountChoiceEnum = enumType<DiscountChoice>("DiscountChoice", "Which of several discounts a customer is granted.", {
  BEST_FOR_CUSTOMER: "The combination that stacking allows which leaves the customer paying least.",
  IN_PRIORITY_ORDER:
    "In every stacking group the discount with the highest priority; an exclusive one alone if its priority is higher than that of all others.",
});

const DiscountApplicationEnum = enumType<DiscountApplication>("DiscountApplication", "In which order discounts come off a price.", {
  PERCENT_FIRST: "Percents before amounts.",
  AMOUNT_FIRST: "Amounts before percents.",
});

@ObjectType("DiscountPolicy", { description: "How the catalog goes about several discounts at once.", simpleResolvers: true })
export class DiscountPolicyType implements DiscountPolicy {
  @Field(() => DiscountChoiceEnum, { description: "Which of the discounts that apply are granted." })
  declare choice: DiscountChoice;

  @Field(() => DiscountApplicationEnum, { description: "In which order those that are granted come off the price." })
  declare application: DiscountApplication;
}
