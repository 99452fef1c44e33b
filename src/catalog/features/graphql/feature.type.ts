import { Field, InputType, Int, ObjectType } from "type-graphql";
import { connectionType } from "../../../platform/graphql/connection.js";
import { enumType } from "../../../platform/graphql/enum.js";
import { DescribedType, NamedType } from "../../../platform/graphql/localized.type.js";
import { NodeType } from "../../../platform/graphql/node.type.js";
import { orderType } from "../../../platform/graphql/order.js";
import { KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import { listArgs } from "../../releases/graphql/catalog-list.js";
import type { CapWindow, FeatureKind } from "../feature.js";
import type { FeatureFilter, FeatureOrderField } from "../feature.repository.js";

export const FeatureKindEnum = enumType<FeatureKind>("FeatureKind", "What a plan says of a feature.", {
  SWITCH: "On or off.",
  SETTING: "One of its allowed values.",
  CAP: "An amount of a unit per window.",
});

export const CapWindowEnum = enumType<CapWindow>("CapWindow", "After what the use of a capped feature is counted anew.", {
  HOUR: "Every hour.",
  DAY: "Every day.",
  WEEK: "Every week.",
  MONTH: "Every month.",
  YEAR: "Every year.",
  BILLING_PERIOD: "With every billing period of the subscription.",
  LIFETIME: "Never.",
  CONCURRENT: "Not counted up: so many may be held at the same time.",
});

@ObjectType("Feature", { implements: [NodeType, NamedType, DescribedType], description: "Something a plan can give.", simpleResolvers: true })
export class FeatureType {
  @Field(() => KeyScalar, { description: "What the catalog calls it: `audiobook-hours`." })
  declare key: string;

  @Field(() => FeatureKindEnum, { description: "What a plan says of it." })
  declare kind: FeatureKind;

  @Field(() => KeyScalar, { description: "The group that it stands in: `listening`." })
  declare category: string;

  @Field(() => Int, { description: "Its place in pricing tables, lowest first." })
  declare position: number;

  @Field(() => String, { nullable: true, description: "CAP: what is counted, such as `hour`; null for other kinds." })
  declare unit: string | null;

  @Field(() => CapWindowEnum, { nullable: true, description: "CAP: after what the count starts anew; null for other kinds." })
  declare window: CapWindow | null;

  @Field(() => [String], { nullable: true, description: "SETTING: the values that a plan can give, in the catalog's order; null for other kinds." })
  declare allowedValues: readonly string[] | null;

  @Field(() => String, { nullable: true, description: "A note of the catalog's editors." })
  declare internalNote: string | null;
}

@InputType("FeatureFilter", { description: "Which features; all conditions must hold, and a list means one of its values." })
class FeatureFilterInput implements FeatureFilter {
  @Field(() => [KeyScalar], { nullable: true, description: "These keys." })
  declare keys?: string[] | null;

  @Field(() => [FeatureKindEnum], { nullable: true, description: "Of these kinds." })
  declare kinds?: FeatureKind[] | null;

  @Field(() => [KeyScalar], { nullable: true, description: "In these categories." })
  declare categories?: string[] | null;
}

const FeatureOrderInput = orderType<FeatureOrderField>("Feature", {
  POSITION: "By place in pricing tables.",
  KEY: "By key.",
  NAME: "By name in the catalog's default language.",
});

export const FeatureListArgs = listArgs<FeatureFilter, FeatureOrderField>(FeatureFilterInput, FeatureOrderInput);

export const { Connection: FeatureConnection } = connectionType("Feature", () => FeatureType);
