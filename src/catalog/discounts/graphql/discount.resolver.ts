import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import type { Decimal } from "../../../kernel/decimal.js";
import { allOf, andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { Money } from "../../../kernel/money.js";
import type { Connection } from "../../../platform/graphql/connection.js";
import { DateTimeScalar, KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import type { MarketLoader } from "../../markets/graphql/market.loader.js";
import { MarketType } from "../../markets/graphql/market.type.js";
import type { Market } from "../../markets/market.js";
import type { PlanLoader } from "../../plans/graphql/plan.loader.js";
import { PlanType } from "../../plans/graphql/plan.type.js";
import type { Plan } from "../../plans/plan.js";
import { readList, type CatalogListing, type ListArgs } from "../../releases/graphql/catalog-list.js";
import type { CatalogContext } from "../../releases/graphql/catalog-session.js";
import { required, type AtView, type CatalogView } from "../../releases/graphql/catalog-view.js";
import { AT, CatalogPointInput } from "../../releases/graphql/release.type.js";
import type { DiscountPolicy } from "../discount-policy.js";
import type { Discount, DiscountConditions } from "../discount.js";
import type { DiscountFilter, DiscountOrderField, DiscountRepository } from "../discount.repository.js";
import { DiscountPolicyType } from "./discount-policy.type.js";
import type { DiscountLoader } from "./discount.loader.js";
import { DiscountBenefitUnion, DiscountConditionsType, DiscountConnection, DiscountListArgs, DiscountType } from "./discount.type.js";

const LIST = { name: "discounts", defaultOrder: "KEY", noFilter: {} } as const;

type BenefitNode =
  | { readonly __typename: "PercentBenefit"; readonly percent: Decimal }
  | { readonly __typename: "AmountBenefit"; readonly amounts: readonly Money[] }
  | { readonly __typename: "FixedPriceBenefit"; readonly prices: readonly Money[] }
  | { readonly __typename: "FreePeriodsBenefit"; readonly periods: number };

type ConditionsNode = DiscountConditions & { readonly view: CatalogView };

@Resolver(() => DiscountType)
export class DiscountResolver {
  constructor(
    private readonly repository: DiscountRepository,
    private readonly loader: DiscountLoader,
    private readonly markets: MarketLoader,
  ) {}

  @Query(() => DiscountType, { nullable: true, description: "The discount with this key, or null." })
  discount(
    @Ctx() { catalog }: CatalogContext,
    @Arg("key", () => KeyScalar, { description: "The discount's key." }) key: string,
    @Arg("at", () => CatalogPointInput, AT) at?: CatalogPointInput | null,
  ): MaybePromise<AtView<Discount> | null> {
    return andThen(catalog.readAt(at), (view) => this.loader.byKey(view, key));
  }

  @Query(() => DiscountConnection, { description: "The discounts, by key unless ordered otherwise." })
  discounts(
    @Ctx() { catalog }: CatalogContext,
    @Args(() => DiscountListArgs) args: ListArgs<DiscountFilter, DiscountOrderField>,
  ): MaybePromise<Connection<AtView<Discount>>> {
    const listing: CatalogListing<Discount, DiscountFilter, DiscountOrderField> = {
      listKeys: (filter, order, page, view) => andThen(this.withMarketsAbove(filter, view), (wider) => this.repository.listKeys(wider, order, page, view)),
      count: (filter, view) => andThen(this.withMarketsAbove(filter, view), (wider) => this.repository.count(wider, view)),
    };
    return readList(LIST, catalog, args, listing, this.loader);
  }

  @Query(() => DiscountPolicyType, { description: "How the catalog goes about several discounts at once; the default where it says nothing." })
  discountPolicy(@Ctx() { catalog }: CatalogContext, @Arg("at", () => CatalogPointInput, AT) at?: CatalogPointInput | null): MaybePromise<DiscountPolicy> {
    return andThen(catalog.readAt(at), (view) => this.loader.policy(view));
  }

  @FieldResolver(() => DiscountBenefitUnion, { description: "What it does to a price." })
  benefit(@Root() { benefit, periods }: Discount): BenefitNode {
    switch (benefit.kind) {
      case "PERCENT":
        return { __typename: "PercentBenefit", percent: benefit.percent };
      case "AMOUNT":
        return { __typename: "AmountBenefit", amounts: benefit.amounts };
      case "FIXED_PRICE":
        return { __typename: "FixedPriceBenefit", prices: benefit.amounts };
      case "FREE_PERIODS":
        return { __typename: "FreePeriodsBenefit", periods: periods ?? 0 }; // Never null: discount_free_periods_are_counted.
    }
  }

  @FieldResolver(() => DiscountConditionsType, { description: "What must hold for it to apply." })
  conditions(@Root() { conditions, view }: AtView<Discount>): ConditionsNode {
    return { ...conditions, view };
  }

  @FieldResolver(() => [String], { nullable: true, description: "The words that claim it, by word; empty if it needs none." })
  codes(@Root() { key, view }: AtView<Discount>): MaybePromise<readonly string[]> {
    return this.loader.codesOf(view, key);
  }

  @FieldResolver(() => DateTimeScalar, { description: "Since when it is offered." })
  effectiveFrom(@Root() { effective }: Discount): Date {
    return effective.from;
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true, description: "From when it is no longer offered; null = open." })
  effectiveUntil(@Root() { effective }: Discount): Date | null {
    return effective.until;
  }

  private withMarketsAbove(filter: DiscountFilter, view: CatalogView): MaybePromise<DiscountFilter> {
    if (filter.markets == null) return filter;
    return andThen(
      allOf(filter.markets, (market) => this.markets.path(view, market)),
      (paths) => ({ ...filter, markets: [...new Set(paths.flat())] }),
    );
  }
}

@Resolver(() => DiscountConditionsType)
export class DiscountConditionsResolver {
  constructor(
    private readonly planLoader: PlanLoader,
    private readonly marketLoader: MarketLoader,
  ) {}

  @FieldResolver(() => [PlanType], { description: "One of these plans, by key." })
  plans(@Root() { planKeys, view }: ConditionsNode): MaybePromise<AtView<Plan>[]> {
    return allOf(planKeys, (key) => required(this.planLoader.byKey(view, key)));
  }

  @FieldResolver(() => [MarketType], { description: "One of these markets or a market below them, by key." })
  markets(@Root() { marketKeys, view }: ConditionsNode): MaybePromise<AtView<Market>[]> {
    return allOf(marketKeys, (key) => required(this.marketLoader.byKey(view, key)));
  }
}
