import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from "type-graphql";
import { ConnectionArgs, pageRequest, toConnection, type Connection } from "../../../platform/graphql/connection.js";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { CatalogPoint } from "../release.js";
import type { ReleaseRepository } from "../release.repository.js";
import type { CatalogContext } from "./catalog-session.js";
import { required, type AtView, type CatalogView } from "./catalog-view.js";
import type { ReleaseLoader, ReleaseNode } from "./release.loader.js";
import { AT, CatalogPointInput, CatalogPointType, ReleaseConnection, ReleaseType } from "./release.type.js";

const ORDER = "releases";

@Resolver()
export class ReleaseResolver {
  constructor(
    private readonly repository: ReleaseRepository,
    private readonly loader: ReleaseLoader,
  ) {}

  @Query(() => ReleaseType, { nullable: true, description: "The release with this number, or the current one; null if there is none." })
  release(
    @Ctx() { catalog }: CatalogContext,
    @Arg("number", () => Int, { nullable: true, description: "Without it the current release." }) number?: number | null,
  ): MaybePromise<AtView<ReleaseNode> | null> {
    return andThen(catalog.viewAt(), (view) => this.loader.byNumber(view, number ?? view.point.release));
  }

  @Query(() => ReleaseConnection, { description: "The releases, newest first." })
  releases(@Ctx() { catalog }: CatalogContext, @Args(() => ConnectionArgs) args: ConnectionArgs): MaybePromise<Connection<AtView<ReleaseNode>>> {
    const request = pageRequest(args, ORDER);
    return andThen(catalog.viewAt(), (view) =>
      andThen(this.repository.listNumbers(request, view.point.release), (page) =>
        toConnection(
          page,
          ORDER,
          (key) => required(this.loader.byNumber(view, Number(key))),
          // Releases count from 1 without gaps, so the current number is the count.
          () => view.point.release,
        ),
      ),
    );
  }

  @Query(() => CatalogPointType, { description: "The catalog point that `at` means: which release and instant a read with it looks at." })
  catalogPoint(
    @Ctx() { catalog }: CatalogContext,
    @Arg("at", () => CatalogPointInput, AT) at?: CatalogPointInput | null,
  ): MaybePromise<CatalogPoint & { view: CatalogView }> {
    return andThen(catalog.viewAt(at), (view) => ({ ...view.point, view }));
  }
}

@Resolver(() => CatalogPointType)
export class CatalogPointResolver {
  constructor(private readonly loader: ReleaseLoader) {}

  @FieldResolver(() => ReleaseType, { nullable: true, description: "The release; null while nothing is published." })
  release(@Root() { view }: { view: CatalogView }): MaybePromise<AtView<ReleaseNode> | null> {
    return this.loader.byNumber(view, view.point.release);
  }
}
