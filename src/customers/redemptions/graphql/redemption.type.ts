import { createUnionType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type { Money } from "../../../kernel/money.js";
import { DiscountType } from "../../../catalog/discounts/graphql/discount.type.js";
import { connectionType } from "../../../platform/graphql/connection.js";
import { enumType } from "../../../platform/graphql/enum.js";
import { MoneyType } from "../../../platform/graphql/money.type.js";
import { NodeType } from "../../../platform/graphql/node.type.js";
import { DateTimeScalar, SafeIntScalar } from "../../../platform/graphql/scalars/scalars.js";
import { RefusedType } from "../../../platform/graphql/user-error.type.js";
import { KEY_LENGTH, RESERVATION_SECONDS } from "../quote-redemption.service.js";
import type { RedemptionState } from "../redemption.js";

export const RedemptionStateEnum = enumType<RedemptionState>("RedemptionState", "Where a redemption stands.", {
  RESERVED: "Held until `reservedUntil`.",
  COMMITTED: "Counted for good.",
  RELEASED: "Given back by who reserved it.",
  EXPIRED: "Given back, because nobody committed it in time.",
});

@ObjectType("Redemption", { implements: NodeType, description: "One counted use of a discount by a customer.", simpleResolvers: true })
export class RedemptionType {
  @Field(() => ID, { description: "The caller's own id of the customer." })
  declare customerId: string;

  @Field(() => ID, { description: "The stored quote that was redeemed." })
  declare quoteId: string;

  @Field(() => DiscountType, { nullable: true, description: "The discount; null if the current release no longer has it." })
  declare discount: object | null;

  @Field(() => String, { description: "The discount's key, whatever became of it." })
  declare discountKey: string;

  @Field(() => String, {
    nullable: true,
    description: "The code that claimed it, in one spelling; of a unique code only how it begins. Null for an automatic discount.",
  })
  declare code: string | null;

  @Field(() => RedemptionStateEnum, { description: "Where it stands." })
  declare state: RedemptionState;

  @Field(() => MoneyType, { description: "What it takes off over all the intervals that it was granted for: what the discount's budget is charged with." })
  declare amount: Money;

  @Field(() => DateTimeScalar, { nullable: true, description: "From when it can no longer be committed; null if it was committed at once." })
  declare reservedUntil: Date | null;

  @Field(() => DateTimeScalar, { description: "When it was claimed." })
  declare createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: "When it was committed, released or given back." })
  declare settledAt: Date | null;
}

export const { Connection: RedemptionConnection } = connectionType("Redemption", () => RedemptionType);

@ObjectType("QuoteRedemption", { description: "What redeeming a quote claimed.", simpleResolvers: true })
export class QuoteRedemptionType {
  @Field(() => [RedemptionType], { description: "One for each discount of the quote." })
  declare redemptions: readonly object[];
}

export const QuoteRedemptionResultUnion = createUnionType({
  name: "QuoteRedemptionResult",
  description: "What was claimed or settled, or why nothing was.",
  types: () => [QuoteRedemptionType, RefusedType] as const,
});

@InputType("RedeemQuoteInput", { description: "Which quote is to be redeemed." })
export class RedeemQuoteInput {
  @Field(() => ID, { description: "A stored quote that is binding and has not expired." })
  declare quoteId: string;

  @Field(() => String, {
    description: `Yours to choose, ${KEY_LENGTH.least} to ${KEY_LENGTH.most} characters: the same key and input again are answered as the first time, and have no second effect. A refusal has no effect and is not kept.`,
  })
  declare idempotencyKey: string;

  @Field(() => Int, {
    nullable: true,
    description: `To reserve first: for how many seconds, ${RESERVATION_SECONDS.least} to ${RESERVATION_SECONDS.most}. Then commit or release it. Without it the redemption is committed at once.`,
  })
  declare reserveForSeconds?: number | null;
}

@InputType("SettleRedemptionInput", { description: "Which reservation is to be settled." })
export class SettleRedemptionInput {
  @Field(() => ID, { description: "The stored quote that was redeemed." })
  declare quoteId: string;
}

@ObjectType("DiscountUses", { description: "How much of a discount is used, and what is left. Reservations count as used.", simpleResolvers: true })
export class DiscountUsesType {
  @Field(() => SafeIntScalar, { description: "How often it was granted." })
  declare used: number;

  @Field(() => SafeIntScalar, { description: "How many of these are only reserved." })
  declare reserved: number;

  @Field(() => SafeIntScalar, { nullable: true, description: "How often it may still be granted; null = without limit." })
  declare remaining: number | null;

  @Field(() => MoneyType, { nullable: true, description: "What was spent of its budget; null without one." })
  declare spent: Money | null;

  @Field(() => MoneyType, { nullable: true, description: "What is left of its budget; null without one." })
  declare budgetLeft: Money | null;
}

@ObjectType("Customer", { description: "What is kept of a customer.", simpleResolvers: true })
export class CustomerType {
  @Field(() => ID, { description: "The caller's own id of the customer." })
  declare key: string;

  @Field(() => RedemptionConnection, { description: "The discounts that the customer had, newest first." })
  declare redemptions: object;
}

export const CodeStateEnum = enumType<"KNOWN" | "UNKNOWN" | "EXPIRED" | "REVOKED">("CodeState", "What a code is.", {
  KNOWN: "It claims a discount.",
  UNKNOWN: "It claims nothing.",
  EXPIRED: "It could be used once, but not any more.",
  REVOKED: "It was withdrawn.",
});

@ObjectType("CodeReport", { description: "What is known of a code, for support: what it claims and what became of it.", simpleResolvers: true })
export class CodeReportType {
  @Field(() => CodeStateEnum, { description: "What it is." })
  declare state: "KNOWN" | "UNKNOWN" | "EXPIRED" | "REVOKED";

  @Field(() => Boolean, { description: "Whether it can be used once only, by one customer." })
  declare unique: boolean;

  @Field(() => DiscountType, { nullable: true, description: "The discount that it claims; null if none is known." })
  declare discount: object | null;

  @Field(() => [RedemptionType], { description: "Of a code that can be used once: its uses, also those that were given back, newest first." })
  declare redemptions: readonly object[];
}
