import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import type { PermissionMap } from "../../access/permission-map.js";
import { needs, open } from "../../access/permission-map.js";
import type { Viewer } from "../../access/viewer.js";
import { readWish, type CatalogContext } from "../../catalog/releases/graphql/catalog-session.js";
import type { CatalogView } from "../../catalog/releases/graphql/catalog-view.js";
import { CatalogPointInput } from "../../catalog/releases/graphql/release.type.js";
import { allOf, andThen, type MaybePromise } from "../../kernel/maybe-promise.js";
import { MAX_PAGE_SIZE } from "../../kernel/page.js";
import { fromGlobalId } from "../../platform/graphql/global-id.js";
import { InputError } from "../../platform/graphql/input-error.js";
import { NodeType } from "../../platform/graphql/node.type.js";

/** For each type with ids, how the thing with a key is found. */
export type NodeFinders = ReadonlyMap<string, NodeFinder>;
export type NodeFinder = (view: CatalogView, key: string, viewer: Viewer) => MaybePromise<object | null>;

interface NodeContext extends CatalogContext {
  readonly viewer: Viewer;
}

@Resolver()
export class NodeResolver {
  constructor(private readonly finders: NodeFinders) {}

  @Query(() => NodeType, { nullable: true, description: "The thing with this id, or null." })
  node(
    @Ctx() context: NodeContext,
    @Arg("id", () => ID, { description: "An id that this API returned. It is looked up at the catalog point that it was read at." }) id: string,
  ): MaybePromise<object | null> {
    return this.find(context, id, null, "id");
  }

  @Query(() => [NodeType], { nullable: "items", description: "The things with these ids, in their order; null for those that are not there." })
  nodes(
    @Ctx() context: NodeContext,
    @Arg("ids", () => [ID], { description: `Ids that this API returned, at most ${MAX_PAGE_SIZE}.` }) ids: string[],
    @Arg("at", () => CatalogPointInput, {
      nullable: true,
      description: "Where to look up ids that were read at the default catalog point; others say theirs themselves.",
    })
    at?: CatalogPointInput | null,
  ): MaybePromise<(object | null)[]> {
    if (ids.length > MAX_PAGE_SIZE)
      throw new InputError("TOO_MANY_VALUES", `${ids.length} ids are too many: at most ${MAX_PAGE_SIZE} go in one request.`, "ids");
    return allOf(ids, (id, index) => this.find(context, id, at ?? null, `ids.${index}`));
  }

  private find({ catalog, viewer }: NodeContext, id: string, at: CatalogPointInput | null, argument: string): MaybePromise<object | null> {
    const parts = fromGlobalId(id);
    const finder = parts && this.finders.get(parts.typename);
    const point = parts?.point == null ? at : readWish(parts.point);
    if (!parts || !finder || (parts.point !== null && point === null))
      throw new InputError("INVALID_ID", "This is not an id that this API returned. To look something up by its key, use the query of its type.", argument);
    return andThen(catalog.viewAt(point), (view) => finder(view, parts.key, viewer));
  }
}

export const rootPermissions = {
  Query: needs("catalog:read", "node", "nodes"),
} as const satisfies PermissionMap;

/** What other fields are made of. */
export const valuePermissions = {
  Money: open("currency", "amountMinor", "amount", "formatted"),
  PageInfo: open("hasNextPage", "hasPreviousPage", "startCursor", "endCursor"),
} as const satisfies PermissionMap;
