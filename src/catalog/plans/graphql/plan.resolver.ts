import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { Connection } from "../../../platform/graphql/connection.js";
import { KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import type { ProductLoader } from "../../products/graphql/product.loader.js";
import { ProductType } from "../../products/graphql/product.type.js";
import type { Product } from "../../products/product.js";
import { readList, type ListArgs } from "../../releases/graphql/catalog-list.js";
import type { CatalogContext } from "../../releases/graphql/catalog-session.js";
import { required, type AtView } from "../../releases/graphql/catalog-view.js";
import { AT, CatalogPointInput } from "../../releases/graphql/release.type.js";
import type { Plan } from "../plan.js";
import type { PlanFilter, PlanOrderField, PlanRepository } from "../plan.repository.js";
import type { PlanLoader } from "./plan.loader.js";
import { PlanConnection, PlanListArgs, PlanType } from "./plan.type.js";

const LIST = { name: "plans", defaultOrder: "RANK", noFilter: {} } as const;

@Resolver(() => PlanType)
export class PlanResolver {
  constructor(
    private readonly repository: PlanRepository,
    private readonly loader: PlanLoader,
    private readonly products: ProductLoader,
  ) {}

  @Query(() => PlanType, { nullable: true, description: "The plan with this key, or null." })
  plan(
    @Ctx() { catalog }: CatalogContext,
    @Arg("key", () => KeyScalar, { description: "The plan's key." }) key: string,
    @Arg("at", () => CatalogPointInput, AT) at?: CatalogPointInput | null,
  ): MaybePromise<AtView<Plan> | null> {
    return andThen(catalog.readAt(at), (view) => this.loader.byKey(view, key));
  }

  @Query(() => PlanConnection, { description: "The plans, by product and rank unless ordered otherwise." })
  plans(@Ctx() { catalog }: CatalogContext, @Args(() => PlanListArgs) args: ListArgs<PlanFilter, PlanOrderField>): MaybePromise<Connection<AtView<Plan>>> {
    return readList(LIST, catalog, args, this.repository, this.loader);
  }

  @FieldResolver(() => ProductType, { description: "The product that it is a tier of." })
  product(@Root() { productKey, view }: AtView<Plan>): MaybePromise<AtView<Product>> {
    return required(this.products.byKey(view, productKey));
  }

  @FieldResolver(() => [PlanType], { description: "The add-ons that can be bought on top of it, by key." })
  addOns(@Root() { key, view }: AtView<Plan>): MaybePromise<readonly AtView<Plan>[]> {
    return this.loader.addOnsOf(view, key);
  }

  @FieldResolver(() => [PlanType], { description: "For an add-on: the plans on top of which it can be bought, by key." })
  addOnFor(@Root() { key, view }: AtView<Plan>): MaybePromise<readonly AtView<Plan>[]> {
    return this.loader.addOnFor(view, key);
  }
}

@Resolver(() => ProductType)
export class ProductPlansResolver {
  constructor(private readonly loader: PlanLoader) {}

  @FieldResolver(() => [PlanType], { description: "Its plans, by rank." })
  plans(@Root() { key, view }: AtView<Product>): MaybePromise<readonly AtView<Plan>[]> {
    return this.loader.ofProduct(view, key);
  }
}
