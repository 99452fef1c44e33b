import { createUnionType, Field, InputType, ObjectType } from "type-graphql";
import type { Decimal } from "../../../kernel/decimal.js";
import { connectionType } from "../../../platform/graphql/connection.js";
import { enumType } from "../../../platform/graphql/enum.js";
import { NodeType } from "../../../platform/graphql/node.type.js";
import { orderType } from "../../../platform/graphql/order.js";
import { DecimalScalar, KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import { listArgs } from "../../releases/graphql/catalog-list.js";
import type { EntitlementFilter, EntitlementOrderField } from "../entitlement.repository.js";

@ObjectType("SwitchValue", { description: "On or off.", simpleResolvers: true })
export class SwitchValueType {
  @Field(() => Boolean, { description: "Whether the plan gives the feature." })
  declare enabled: boolean;
}

@ObjectType("SettingValue", { description: "One of the feature's allowed values.", simpleResolvers: true })
export class SettingValueType {
  @Field(() => String, { description: "The value." })
  declare setting: string;
}

@ObjectType("CapValue", { description: "An amount of the feature's unit per window.", simpleResolvers: true })
export class CapValueType {
  @Field(() => DecimalScalar, { nullable: true, description: "How much; null = unlimited." })
  declare amount: Decimal | null;

  @Field(() => Boolean, { description: "Whether there is no cap." })
  declare unlimited: boolean;
}

export const EntitlementValueUnion = createUnionType({
  name: "EntitlementValue",
  description: "What a plan gives of a feature: by the feature's kind a switch, a setting or a cap.",
  types: () => [SwitchValueType, SettingValueType, CapValueType] as const,
});

export const EntitlementRolloutEnum = enumType("EntitlementRollout", "Whom a change of an entitlement reaches.", {
  FOLLOW: "Subscriptions that began before get it too.",
  KEEP: "Subscriptions that began before keep what they had.",
});

@ObjectType("Entitlement", { implements: NodeType, description: "What one plan gives of one feature, everywhere or in one market.", simpleResolvers: true })
export class EntitlementType {
  @Field(() => KeyScalar, { description: "Plan, feature and market: `premium-individual/audiobook-hours/se`, with `*` for everywhere." })
  declare key: string;
}

@InputType("EntitlementFilter", { description: "Which entitlements; all conditions must hold, and a list means one of its values." })
class EntitlementFilterInput implements EntitlementFilter {
  @Field(() => [KeyScalar], { nullable: true, description: "Of these plans." })
  declare plans?: string[] | null;

  @Field(() => [KeyScalar], { nullable: true, description: "Of these features." })
  declare features?: string[] | null;

  @Field(() => [KeyScalar], { nullable: true, description: "Said for exactly these markets. What holds in a market all told is `Plan.entitlements`." })
  declare markets?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: "True: only what holds everywhere. False: only what is said for a market." })
  declare everywhere?: boolean | null;
}

const EntitlementOrderInput = orderType<EntitlementOrderField>("Entitlement", { KEY: "By key, that is by plan, feature and market.", FEATURE: "By feature." });

export const EntitlementListArgs = listArgs<EntitlementFilter, EntitlementOrderField>(EntitlementFilterInput, EntitlementOrderInput);

export const { Connection: EntitlementConnection } = connectionType("Entitlement", () => EntitlementType);
