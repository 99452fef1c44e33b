import { Arg, Args, Ctx, Query, Resolver } from "type-graphql";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { Connection } from "../../../platform/graphql/connection.js";
import { KeyScalar } from "../../../platform/graphql/scalars/scalars.js";
import { readList, type ListArgs } from "../../releases/graphql/catalog-list.js";
import type { CatalogContext } from "../../releases/graphql/catalog-session.js";
import type { AtView } from "../../releases/graphql/catalog-view.js";
import { AT, CatalogPointInput } from "../../releases/graphql/release.type.js";
import type { Feature } from "../feature.js";
import type { FeatureFilter, FeatureOrderField, FeatureRepository } from "../feature.repository.js";
import type { FeatureLoader } from "./feature.loader.js";
import { FeatureConnection, FeatureListArgs, FeatureType } from "./feature.type.js";

const LIST = { name: "features", defaultOrder: "POSITION", noFilter: {} } as const;

@Resolver(() => FeatureType)
export class FeatureResolver {
  constructor(
    private readonly repository: FeatureRepository,
    private readonly loader: FeatureLoader,
  ) {}

  @Query(() => FeatureType, { nullable: true, description: "The feature with this key, or null." })
  feature(
    @Ctx() { catalog }: CatalogContext,
    @Arg("key", () => KeyScalar, { description: "The feature's key." }) key: string,
    @Arg("at", () => CatalogPointInput, AT) at?: CatalogPointInput | null,
  ): MaybePromise<AtView<Feature> | null> {
    return andThen(catalog.readAt(at), (view) => this.loader.byKey(view, key));
  }

  @Query(() => FeatureConnection, { description: "The features, by place in pricing tables unless ordered otherwise." })
  features(
    @Ctx() { catalog }: CatalogContext,
    @Args(() => FeatureListArgs) args: ListArgs<FeatureFilter, FeatureOrderField>,
  ): MaybePromise<Connection<AtView<Feature>>> {
    return readList(LIST, catalog, args, this.repository, this.loader);
  }
}
