import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { allOf, andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { Connection } from "../../../platform/graphql/connection.js";
import { KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import { readList, type ListArgs } from "../../releases/graphql/catalog-list.js";
import type { CatalogContext } from "../../releases/graphql/catalog-session.js";
import { required, type AtView } from "../../releases/graphql/catalog-view.js";
import { AT, CatalogPointInput } from "../../releases/graphql/release.type.js";
import type { Market } from "../market.js";
import type { MarketFilter, MarketOrderField, MarketRepository } from "../market.repository.js";
import type { MarketLoader } from "./market.loader.js";
import { MarketConnection, MarketListArgs, MarketType } from "./market.type.js";

const LIST = { name: "markets", defaultOrder: "KEY", noFilter: {} } as const;

@Resolver(() => MarketType)
export class MarketResolver {
  constructor(
    private readonly repository: MarketRepository,
    private readonly loader: MarketLoader,
  ) {}

  @Query(() => MarketType, { nullable: true, description: "The market with this key, or null." })
  market(
    @Ctx() { catalog }: CatalogContext,
    @Arg("key", () => KeyScalar, { description: "The market's key. To find the market of a country, filter `markets` by `countryCodes`." }) key: string,
    @Arg("at", () => CatalogPointInput, AT) at?: CatalogPointInput | null,
  ): MaybePromise<AtView<Market> | null> {
    return andThen(catalog.readAt(at), (view) => this.loader.byKey(view, key));
  }

  @Query(() => MarketConnection, { description: "The markets, by key unless ordered otherwise." })
  markets(
    @Ctx() { catalog }: CatalogContext,
    @Args(() => MarketListArgs) args: ListArgs<MarketFilter, MarketOrderField>,
  ): MaybePromise<Connection<AtView<Market>>> {
    return readList(LIST, catalog, args, this.repository, this.loader);
  }

  @FieldResolver(() => MarketType, { nullable: true, description: "The market above it: what is not said for this market is looked up there." })
  parent(@Root() { parentKey, view }: AtView<Market>): MaybePromise<AtView<Market>> | null {
    return parentKey === null ? null : required(this.loader.byKey(view, parentKey));
  }

  @FieldResolver(() => [MarketType], { description: "The markets directly below it, by key." })
  children(@Root() { key, view }: AtView<Market>): MaybePromise<readonly AtView<Market>[]> {
    return this.loader.ofParent(view, key);
  }

  @FieldResolver(() => [MarketType], {
    description: "The market itself and those above it, the most specific first: the order in which prices and entitlements are looked up.",
  })
  path(@Root() { key, view }: AtView<Market>): MaybePromise<readonly AtView<Market>[]> {
    return andThen(this.loader.path(view, key), (keys) => allOf(keys, (step) => required(this.loader.byKey(view, step))));
  }
}
