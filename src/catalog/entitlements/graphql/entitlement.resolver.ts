import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import type { Decimal } from "../../../kernel/decimal.js";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { Connection } from "../../../platform/graphql/connection.js";
import { KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import type { Feature } from "../../features/feature.js";
import type { FeatureLoader } from "../../features/graphql/feature.loader.js";
import { FeatureType } from "../../features/graphql/feature.type.js";
import type { MarketLoader } from "../../markets/graphql/market.loader.js";
import { MarketType } from "../../markets/graphql/market.type.js";
import type { Market } from "../../markets/market.js";
import type { PlanLoader } from "../../plans/graphql/plan.loader.js";
import { PlanType } from "../../plans/graphql/plan.type.js";
import type { Plan } from "../../plans/plan.js";
import { readList, type ListArgs } from "../../releases/graphql/catalog-list.js";
import type { CatalogContext } from "../../releases/graphql/catalog-session.js";
import { required, type AtView } from "../../releases/graphql/catalog-view.js";
import type { Entitlement } from "../entitlement.js";
import type { EntitlementFilter, EntitlementOrderField, EntitlementRepository } from "../entitlement.repository.js";
import type { EntitlementLoader } from "./entitlement.loader.js";
import { EntitlementConnection, EntitlementListArgs, EntitlementRolloutEnum, EntitlementType, EntitlementValueUnion } from "./entitlement.type.js";

const LIST = { name: "entitlements", defaultOrder: "KEY", noFilter: {} } as const;

type ValueNode =
  | { readonly __typename: "SwitchValue"; readonly enabled: boolean }
  | { readonly __typename: "SettingValue"; readonly setting: string }
  | { readonly __typename: "CapValue"; readonly amount: Decimal | null; readonly unlimited: boolean };

@Resolver(() => EntitlementType)
export class EntitlementResolver {
  constructor(
    private readonly repository: EntitlementRepository,
    private readonly loader: EntitlementLoader,
    private readonly plans: PlanLoader,
    private readonly features: FeatureLoader,
    private readonly markets: MarketLoader,
  ) {}

  @Query(() => EntitlementConnection, {
    description: "What is said of entitlements, row by row: for everywhere and for single markets. What a plan gives in a market is `Plan.entitlements`.",
  })
  entitlements(
    @Ctx() { catalog }: CatalogContext,
    @Args(() => EntitlementListArgs) args: ListArgs<EntitlementFilter, EntitlementOrderField>,
  ): MaybePromise<Connection<AtView<Entitlement>>> {
    return readList(LIST, catalog, args, this.repository, this.loader);
  }

  @FieldResolver(() => EntitlementValueUnion, { description: "What the plan gives." })
  value(@Root() { value }: Entitlement): ValueNode {
    switch (value.kind) {
      case "SWITCH":
        return { __typename: "SwitchValue", enabled: value.enabled };
      case "SETTING":
        return { __typename: "SettingValue", setting: value.setting };
      case "CAP":
        return { __typename: "CapValue", amount: value.amount, unlimited: value.amount === null };
    }
  }

  @FieldResolver(() => EntitlementRolloutEnum, { nullable: true, description: "Whom this version of the entitlement reaches." })
  rollout(@Root() { existingFollow }: Entitlement): "FOLLOW" | "KEEP" {
    return existingFollow ? "FOLLOW" : "KEEP";
  }

  @FieldResolver(() => PlanType, { description: "The plan that gives it." })
  plan(@Root() { planKey, view }: AtView<Entitlement>): MaybePromise<AtView<Plan>> {
    return this.plans.presentByKey(view, planKey);
  }

  @FieldResolver(() => FeatureType, { description: "The feature that is given." })
  feature(@Root() { featureKey, view }: AtView<Entitlement>): MaybePromise<AtView<Feature>> {
    return required(this.features.byKey(view, featureKey));
  }

  @FieldResolver(() => MarketType, { nullable: true, description: "The market that it is said for; null = everywhere." })
  market(@Root() { marketKey, view }: AtView<Entitlement>): MaybePromise<AtView<Market>> | null {
    return marketKey === null ? null : this.markets.presentByKey(view, marketKey);
  }
}

@Resolver(() => PlanType)
export class PlanEntitlementsResolver {
  constructor(
    private readonly loader: EntitlementLoader,
    private readonly markets: MarketLoader,
  ) {}

  @FieldResolver(() => [EntitlementType], { description: "What the plan gives, one entitlement a feature, in the order of pricing tables." })
  entitlements(
    @Root() { key, view }: AtView<Plan>,
    @Arg("market", () => KeyScalar, {
      nullable: true,
      description:
        "A market: what is said for it or, nearest first, for a market above it holds before what holds everywhere. Without it only what holds everywhere.",
    })
    market?: string | null,
  ): MaybePromise<readonly AtView<Entitlement>[]> {
    return market == null ? this.loader.ofPlan(view, key, null) : andThen(this.markets.mustExist(view, market), () => this.loader.ofPlan(view, key, market));
  }
}
