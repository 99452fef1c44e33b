import { Arg, Args, Ctx, Query, Resolver } from "type-graphql";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { Connection } from "../../../platform/graphql/connection.js";
import { KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import { readList, type ListArgs } from "../../releases/graphql/catalog-list.js";
import type { CatalogContext } from "../../releases/graphql/catalog-session.js";
import type { AtView } from "../../releases/graphql/catalog-view.js";
import { AT, CatalogPointInput } from "../../releases/graphql/release.type.js";
import type { Product } from "../product.js";
import type { ProductFilter, ProductOrderField, ProductRepository } from "../product.repository.js";
import type { ProductLoader } from "./product.loader.js";
import { ProductConnection, ProductListArgs, ProductType } from "./product.type.js";

const LIST = { name: "products", defaultOrder: "KEY", noFilter: {} } as const;

@Resolver(() => ProductType)
export class ProductResolver {
  constructor(
    private readonly repository: ProductRepository,
    private readonly loader: ProductLoader,
  ) {}

  @Query(() => ProductType, { nullable: true, description: "The product with this key, or null." })
  product(
    @Ctx() { catalog }: CatalogContext,
    @Arg("key", () => KeyScalar, { description: "The product's key." }) key: string,
    @Arg("at", () => CatalogPointInput, AT) at?: CatalogPointInput | null,
  ): MaybePromise<AtView<Product> | null> {
    return andThen(catalog.readAt(at), (view) => this.loader.byKey(view, key));
  }

  @Query(() => ProductConnection, { description: "The products, by key unless ordered otherwise." })
  products(
    @Ctx() { catalog }: CatalogContext,
    @Args(() => ProductListArgs) args: ListArgs<ProductFilter, ProductOrderField>,
  ): MaybePromise<Connection<AtView<Product>>> {
    return readList(LIST, catalog, args, this.repository, this.loader);
  }
}
