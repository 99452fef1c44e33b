import { Field, ObjectType } from "type-graphql";
import { EntitlementType } from "../../entitlements/graphql/entitlement.type.js";
import { FeatureType } from "../../features/graphql/feature.type.js";
import { MarketType } from "../../markets/graphql/market.type.js";
import { PlanType } from "../../plans/graphql/plan.type.js";
import { PriceType } from "../../prices/graphql/price.type.js";
import { ProductType } from "../../products/graphql/product.type.js";

@ObjectType("ComparedPlan", { description: "A column of a pricing table: a plan and what it costs in the market.", simpleResolvers: true })
export class ComparedPlanType {
  @Field(() => PlanType, { description: "The plan." })
  declare plan: PlanType;

  @Field(() => [PriceType], {
    description:
      "Its prices in force in the market, in the currency asked for or, if it has none in the market's own, in every currency; none if it is not sold there.",
  })
  declare prices: PriceType[];
}

@ObjectType("ComparedFeature", { description: "A row of a pricing table: what each plan gives of a feature.", simpleResolvers: true })
export class ComparedFeatureType {
  @Field(() => FeatureType, { description: "The feature." })
  declare feature: FeatureType;

  @Field(() => [EntitlementType], {
    nullable: "items",
    description: "What each plan gives in the market, in the order of `plans`; null where a plan says nothing of the feature.",
  })
  declare entitlements: (EntitlementType | null)[];

  @Field(() => Boolean, { description: "Whether every plan gives the same: such rows need not be shown." })
  declare sameForAll: boolean;
}

@ObjectType("PlanComparison", {
  description: "The pricing table of a product in a market: its plans, what they cost and what they give.",
  simpleResolvers: true,
})
export class PlanComparisonType {
  @Field(() => MarketType, { description: "The market." })
  declare market: MarketType;

  @Field(() => ProductType, { description: "The product." })
  declare product: ProductType;

  @Field(() => [ComparedPlanType], { description: "The plans, by rank." })
  declare plans: ComparedPlanType[];

  @Field(() => [ComparedFeatureType], { description: "The features that any of the plans gives, in the order of pricing tables." })
  declare features: ComparedFeatureType[];
}
