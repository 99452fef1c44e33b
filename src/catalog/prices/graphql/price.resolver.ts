import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { Money } from "../../../kernel/money.js";
import type { Connection } from "../../../platform/graphql/connection.js";
import { MoneyType } from "../../../platform/graphql/money.type.js";
import { BillingIntervalScalar, CurrencyCodeScalar, DateTimeScalar, KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import type { MarketLoader } from "../../markets/graphql/market.loader.js";
import { MarketType } from "../../markets/graphql/market.type.js";
import type { Market } from "../../markets/market.js";
import type { PlanLoader } from "../../plans/graphql/plan.loader.js";
import { PlanType } from "../../plans/graphql/plan.type.js";
import type { Plan } from "../../plans/plan.js";
import { readList, type ListArgs } from "../../releases/graphql/catalog-list.js";
import type { CatalogContext } from "../../releases/graphql/catalog-session.js";
import type { AtView } from "../../releases/graphql/catalog-view.js";
import { AT, CatalogPointInput } from "../../releases/graphql/release.type.js";
import type { Price, Tier } from "../price.js";
import type { PriceFilter, PriceOrderField, PriceRepository } from "../price.repository.js";
import type { PriceLoader } from "./price.loader.js";
import { PriceConnection, PriceListArgs, PriceTierType, PriceType } from "./price.type.js";

const LIST = { name: "prices", defaultOrder: "KEY", noFilter: {} } as const;

type TierNode = Tier & Pick<Price, "currency">;

@Resolver(() => PriceType)
export class PriceResolver {
  constructor(
    private readonly repository: PriceRepository,
    private readonly loader: PriceLoader,
    private readonly plans: PlanLoader,
    private readonly markets: MarketLoader,
  ) {}

  @Query(() => PriceType, { nullable: true, description: "The price with this key, or null." })
  price(
    @Ctx() { catalog }: CatalogContext,
    @Arg("key", () => KeyScalar, { description: "The price's key." }) key: string,
    @Arg("at", () => CatalogPointInput, AT) at?: CatalogPointInput | null,
  ): MaybePromise<AtView<Price> | null> {
    return andThen(catalog.readAt(at), (view) => this.loader.byKey(view, key));
  }

  @Query(() => PriceConnection, { description: "The prices as they are set, market by market; by key unless ordered otherwise." })
  prices(@Ctx() { catalog }: CatalogContext, @Args(() => PriceListArgs) args: ListArgs<PriceFilter, PriceOrderField>): MaybePromise<Connection<AtView<Price>>> {
    return readList(LIST, catalog, args, this.repository, this.loader);
  }

  @FieldResolver(() => PlanType, { description: "The plan that it is for." })
  plan(@Root() { planKey, view }: AtView<Price>): MaybePromise<AtView<Plan>> {
    return this.plans.presentByKey(view, planKey);
  }

  @FieldResolver(() => MarketType, { description: "The market that it is set for; markets below it without a price of their own show it too." })
  market(@Root() { marketKey, view }: AtView<Price>): MaybePromise<AtView<Market>> {
    return this.markets.presentByKey(view, marketKey);
  }

  @FieldResolver(() => MoneyType, { description: "FLAT: the price. Other models: a fixed part of each interval, often 0." })
  amount(@Root() { amountMinor, currency }: Price): Money {
    return { amountMinor, currency };
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: "An interval costs at least this." })
  minimum(@Root() { minimumMinor, currency }: Price): Money | null {
    return minimumMinor === null ? null : { amountMinor: minimumMinor, currency };
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: "An interval costs at most this." })
  maximum(@Root() { maximumMinor, currency }: Price): Money | null {
    return maximumMinor === null ? null : { amountMinor: maximumMinor, currency };
  }

  @FieldResolver(() => [PriceTierType], { nullable: true, description: "GRADUATED and VOLUME: the tiers, lowest first; null for other models." })
  tiers(@Root() { tiers, currency }: Price): TierNode[] | null {
    return tiers?.map((tier) => ({ ...tier, currency })) ?? null;
  }

  @FieldResolver(() => DateTimeScalar, { description: "Since when new subscriptions get it." })
  effectiveFrom(@Root() { effective }: Price): Date {
    return effective.from;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description:
      "From when new subscriptions no longer get it; null = open. An end still to come announces a change of price, so callers without the permission `catalog:read-upcoming` see null until it has come.",
  })
  effectiveUntil(@Root() { effective: { until }, view }: AtView<Price>): Date | null {
    return view.seesUpcoming || (until !== null && until <= view.point.time) ? until : null;
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true, description: "From when subscriptions that began before pay it; null = they keep what they have." })
  existingFrom(@Root() { existingFrom }: Price): Date | null {
    return existingFrom;
  }
}

@Resolver(() => PriceTierType)
export class PriceTierResolver {
  @FieldResolver(() => MoneyType, { description: "Due once if a quantity reaches the tier." })
  flatFee(@Root() { flatFeeMinor, currency }: TierNode): Money {
    return { amountMinor: flatFeeMinor, currency };
  }
}

@Resolver(() => PlanType)
export class PlanPricesResolver {
  constructor(
    private readonly loader: PriceLoader,
    private readonly markets: MarketLoader,
  ) {}

  @FieldResolver(() => [PriceType], {
    description: "The prices in force in a market. For each currency, interval, channel and segment the nearest of the market and those above it that has one.",
  })
  prices(
    @Root() { key, view }: AtView<Plan>,
    @Arg("market", () => KeyScalar, { description: "The market." }) market: string,
    @Arg("currency", () => CurrencyCodeScalar, { nullable: true, description: "Only in this currency." }) currency?: string | null,
    @Arg("interval", () => BillingIntervalScalar, { nullable: true, description: "Only charged this often." }) interval?: string | null,
    @Arg("channel", () => KeyScalar, { nullable: true, description: "Also those for this channel, beside those for every channel." }) channel?: string | null,
    @Arg("segment", () => KeyScalar, { nullable: true, description: "Also those for this segment, beside those for everyone." }) segment?: string | null,
  ): MaybePromise<readonly AtView<Price>[]> {
    const wish = { currency: currency ?? null, interval: interval ?? null, channel: channel ?? null, segment: segment ?? null };
    return andThen(this.markets.mustExist(view, market), () => this.loader.ofPlan(view, key, market, wish));
  }
}
