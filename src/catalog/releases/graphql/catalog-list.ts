import type { ClassType } from "type-graphql";
import { ArgsType, Field } from "type-graphql";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageItem, PageRequest } from "../../../kernel/page.js";
import { connectionOf, ConnectionArgs, PageEdge, pageRequest, type Connection } from "../../../platform/graphql/connection.js";
import { checkFilterSize } from "../../../platform/graphql/filter.js";
import { readOrder, type OrderInput } from "../../../platform/graphql/order.js";
import type { CatalogSession } from "./catalog-session.js";
import { required, type AtView, type CatalogView } from "./catalog-view.js";
import { AT, CatalogPointInput } from "./release.type.js";

/** What storage offers for a list: the keys of a page, and a count of all. */
export interface CatalogListing<Entity, Filter, Word extends string> {
  listKeys(filter: Filter, order: ListOrder<Word>, page: PageRequest, view: CatalogView): MaybePromise<Page<Entity>>;
  count(filter: Filter, view: CatalogView): MaybePromise<number>;
}

/** Where the things of a list come from, and where those go that came with its keys. */
export interface ListLoader<Entity> {
  byKey(view: CatalogView, key: string): MaybePromise<AtView<Entity> | null>;
  take(view: CatalogView, entities: readonly Entity[]): void;
}

export interface ListArgs<Filter, Word extends string> extends ConnectionArgs {
  readonly filter?: Filter | null;
  readonly orderBy?: OrderInput<Word> | null;
  readonly at?: CatalogPointInput | null;
}

/** The arguments that every list of the catalog takes. */
export function listArgs<Filter extends object, Word extends string>(
  filter: ClassType<Filter>,
  order: ClassType<OrderInput<Word>>,
): ClassType<ListArgs<Filter, Word>> {
  @ArgsType()
  class CatalogListArgs extends ConnectionArgs implements ListArgs<Filter, Word> {
    @Field(() => filter, { nullable: true, description: "Which ones." })
    declare filter?: Filter | null;

    @Field(() => order, { nullable: true, description: "In which order." })
    declare orderBy?: OrderInput<Word> | null;

    @Field(() => CatalogPointInput, AT)
    declare at?: CatalogPointInput | null;
  }
  return CatalogListArgs;
}

/**
 * Answers a list: which keys stand on the page is asked of storage, the things themselves come along or from their loader.
 * @param list names the list and its default order, which its cursors are made for.
 */
export function readList<Filter extends object, Word extends string, Entity>(
  list: { readonly name: string; readonly defaultOrder: Word; readonly noFilter: Filter },
  catalog: CatalogSession,
  args: ListArgs<Filter, Word>,
  listing: CatalogListing<Entity, Filter, Word>,
  loader: ListLoader<Entity>,
): MaybePromise<Connection<AtView<Entity>>> {
  const order = readOrder(args.orderBy, list.defaultOrder);
  const cursorName = `${list.name} ${order.name}`;
  const request = pageRequest(args, cursorName);
  checkFilterSize(args.filter);
  const filter = args.filter ?? list.noFilter;
  return andThen(catalog.readAt(args.at), (view) =>
    andThen(listing.listKeys(filter, order, request, view), (page) => {
      if (page.entities) loader.take(view, page.entities);
      return connectionOf(page, edgesOf(page, cursorName, view, loader), () => listing.count(filter, view));
    }),
  );
}

/** What is on a page in memory is on other pages too: those who share the view share its edges. */
function edgesOf<Entity>(page: Page<Entity>, order: string, view: CatalogView, loader: ListLoader<Entity>): readonly CatalogEdge<Entity>[] {
  return view.isShared && !page.entities
    ? page.items.map((item) => view.remember(order, item.key, () => new CatalogEdge(item, order, view, loader)))
    : page.items.map((item) => new CatalogEdge(item, order, view, loader));
}

/** Says the same each time as long as its view does. It holds nothing of the request that it was made for. */
export class CatalogEdge<Entity> extends PageEdge<AtView<Entity>> {
  constructor(
    item: PageItem,
    order: string,
    readonly view: CatalogView,
    private readonly loader: ListLoader<Entity>,
  ) {
    super(item, order);
  }

  node(): MaybePromise<AtView<Entity>> {
    return required(this.loader.byKey(this.view, this.item.key));
  }
}
