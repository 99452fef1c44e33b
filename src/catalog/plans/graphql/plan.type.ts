import { Field, InputType, Int, ObjectType } from "type-graphql";
import { connectionType } from "../../../platform/graphql/connection.js";
import { enumType } from "../../../platform/graphql/enum.js";
import { DescribedType, NamedType } from "../../../platform/graphql/localized.type.js";
import { NodeType } from "../../../platform/graphql/node.type.js";
import { orderType } from "../../../platform/graphql/order.js";
import { KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import { listArgs } from "../../releases/graphql/catalog-list.js";
import type { PlanKind } from "../plan.js";
import type { PlanFilter, PlanOrderField } from "../plan.repository.js";

export const PlanKindEnum = enumType<PlanKind>("PlanKind", "What a plan is.", {
  BASE: "Held on its own.",
  ADD_ON: "Bought on top of another plan.",
});

@ObjectType("Plan", { implements: [NodeType, NamedType, DescribedType], description: "A sellable tier of a product, or an add-on.", simpleResolvers: true })
export class PlanType {
  @Field(() => KeyScalar, { description: "What the catalog calls it: `premium-family`." })
  declare key: string;

  @Field(() => PlanKindEnum, { description: "Held on its own, or bought on top of another." })
  declare kind: PlanKind;

  @Field(() => Int, { description: "Its place among the plans of its product: higher is more. A move to a higher rank is an upgrade." })
  declare rank: number;

  @Field(() => String, { nullable: true, description: "A note of the catalog's editors." })
  declare internalNote: string | null;
}

@InputType("PlanFilter", { description: "Which plans; all conditions must hold, and a list means one of its values." })
class PlanFilterInput implements PlanFilter {
  @Field(() => [KeyScalar], { nullable: true, description: "These keys." })
  declare keys?: string[] | null;

  @Field(() => [KeyScalar], { nullable: true, description: "Of these products." })
  declare products?: string[] | null;

  @Field(() => [PlanKindEnum], { nullable: true, description: "Plans held on their own, add-ons or both." })
  declare kinds?: PlanKind[] | null;
}

const PlanOrderInput = orderType<PlanOrderField>("Plan", {
  RANK: "By product, then rank: the order of a pricing table.",
  KEY: "By key.",
  NAME: "By name in the catalog's default language.",
});

export const PlanListArgs = listArgs<PlanFilter, PlanOrderField>(PlanFilterInput, PlanOrderInput);

export const { Connection: PlanConnection } = connectionType("Plan", () => PlanType);
