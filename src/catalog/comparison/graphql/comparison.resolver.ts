import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { allOf, andThen, bothOf, type MaybePromise } from "../../../kernel/maybe-promise.js";
import { BillingIntervalScalar, CurrencyCodeScalar, KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import type { EntitlementLoader } from "../../entitlements/graphql/entitlement.loader.js";
import type { Entitlement } from "../../entitlements/entitlement.js";
import { byPosition, type Feature } from "../../features/feature.js";
import type { FeatureLoader } from "../../features/graphql/feature.loader.js";
import type { MarketLoader } from "../../markets/graphql/market.loader.js";
import type { Market } from "../../markets/market.js";
import type { PlanLoader } from "../../plans/graphql/plan.loader.js";
import type { Plan } from "../../plans/plan.js";
import type { PriceLoader, PriceWish } from "../../prices/graphql/price.loader.js";
import type { Price } from "../../prices/price.js";
import type { ProductLoader } from "../../products/graphql/product.loader.js";
import type { Product } from "../../products/product.js";
import type { CatalogContext } from "../../releases/graphql/catalog-session.js";
import { required, type AtView, type CatalogView } from "../../releases/graphql/catalog-view.js";
import { AT, CatalogPointInput } from "../../releases/graphql/release.type.js";
import { comparisonRows, shownPrices } from "../comparison.js";
import { ComparedFeatureType, ComparedPlanType, PlanComparisonType } from "./comparison.type.js";

/** A comparison before its parts are asked for. */
interface ComparisonNode {
  readonly view: CatalogView;
  readonly market: AtView<Market>;
  readonly product: AtView<Product>;
  readonly wish: PriceWish;
}

@Resolver(() => PlanComparisonType)
export class ComparisonResolver {
  constructor(
    private readonly productLoader: ProductLoader,
    private readonly planLoader: PlanLoader,
    private readonly featureLoader: FeatureLoader,
    private readonly entitlementLoader: EntitlementLoader,
    private readonly priceLoader: PriceLoader,
    private readonly marketLoader: MarketLoader,
  ) {}

  @Query(() => PlanComparisonType, {
    nullable: true,
    description: "The pricing table of a product in a market: plans, current prices and features; null if there is no such market or product.",
  })
  comparePlans(
    @Ctx() { catalog }: CatalogContext,
    @Arg("market", () => KeyScalar, { description: "The market." }) marketKey: string,
    @Arg("product", () => KeyScalar, { description: "The product." }) productKey: string,
    @Arg("currency", () => CurrencyCodeScalar, {
      nullable: true,
      description: "Only prices in this currency. Without it those in the market's own, or in every currency for a plan that has none in it.",
    })
    currency?: string | null,
    @Arg("interval", () => BillingIntervalScalar, { nullable: true, description: "Only prices charged this often." }) interval?: string | null,
    @Arg("channel", () => KeyScalar, { nullable: true, description: "Also prices for this channel, beside those for every channel." }) channel?: string | null,
    @Arg("segment", () => KeyScalar, { nullable: true, description: "Also prices for this segment, beside those for everyone." }) segment?: string | null,
    @Arg("at", () => CatalogPointInput, AT) at?: CatalogPointInput | null,
  ): MaybePromise<ComparisonNode | null> {
    const wish = { currency: currency ?? null, interval: interval ?? null, channel: channel ?? null, segment: segment ?? null };
    return andThen(catalog.readAt(at), (view) =>
      andThen(
        bothOf(
          () => this.marketLoader.byKey(view, marketKey),
          () => this.productLoader.byKey(view, productKey),
        ),
        ([market, product]) => (market && product ? { view, market, product, wish } : null),
      ),
    );
  }

  @FieldResolver(() => [ComparedPlanType])
  plans(@Root() { view, market, product, wish }: ComparisonNode): MaybePromise<{ plan: AtView<Plan>; prices: readonly AtView<Price>[] }[]> {
    return andThen(this.planLoader.ofProduct(view, product.key), (plans) =>
      allOf(plans, (plan) =>
        andThen(this.priceLoader.ofPlan(view, plan.key, market.key, wish), (prices) => ({
          plan,
          prices: shownPrices(prices, wish.currency ?? market.currency),
        })),
      ),
    );
  }

  @FieldResolver(() => [ComparedFeatureType])
  features(
    @Root() { view, market, product }: ComparisonNode,
  ): MaybePromise<{ feature: AtView<Feature>; entitlements: readonly (AtView<Entitlement> | null)[]; sameForAll: boolean }[]> {
    return andThen(this.planLoader.ofProduct(view, product.key), (plans) =>
      andThen(
        allOf(plans, ({ key }) => this.entitlementLoader.ofPlan(view, key, market.key)),
        (columns) =>
          andThen(
            allOf(comparisonRows(columns), ({ featureKey, ...row }) =>
              andThen(required(this.featureLoader.byKey(view, featureKey)), (feature) => ({ ...row, feature })),
            ),
            (rows) => rows.sort((a, b) => byPosition(a.feature, b.feature)),
          ),
      ),
    );
  }
}
