import { ArgsType, Field, Int, ObjectType, type ClassType } from "type-graphql";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import { InvalidCursor, MAX_PAGE_SIZE, type Page, type PageItem, type PageRequest } from "../../kernel/page.js";
import { InputError } from "./input-error.js";
import { SafeIntScalar } from "./scalars/scalars.js";

@ObjectType("PageInfo", { description: "Where a page lies in its list.", simpleResolvers: true })
export class PageInfoType {
  @Field(() => Boolean, { description: "Whether more items follow this page." })
  declare hasNextPage: boolean;

  @Field(() => Boolean, { description: "Whether items precede this page." })
  declare hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: "Cursor of the first item; null on an empty page." })
  declare startCursor: string | null;

  @Field(() => String, { nullable: true, description: "Cursor of the last item: send it as `after` for the next page; null on an empty page." })
  declare endCursor: string | null;
}

@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, { nullable: true, description: `How many items from the start, 1 to ${MAX_PAGE_SIZE}. Give either \`first\` or \`last\`.` })
  declare first?: number | null;

  @Field(() => String, { nullable: true, description: "Only items after this cursor; goes with `first`." })
  declare after?: string | null;

  @Field(() => Int, { nullable: true, description: `How many items from the end, 1 to ${MAX_PAGE_SIZE}. Give either \`first\` or \`last\`.` })
  declare last?: number | null;

  @Field(() => String, { nullable: true, description: "Only items before this cursor; goes with `last`." })
  declare before?: string | null;
}

/** What of it is a function is called only when the caller selects it. */
export interface Edge<Node> {
  cursor(): string;
  node(): MaybePromise<Node>;
}

/** The same. */
export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: () => string | null;
    readonly endCursor: () => string | null;
  };
  readonly totalCount: () => MaybePromise<number>;
}

/** The connection and edge types of a list of `name`. */
export function connectionType(name: string, node: () => ClassType): { Connection: ClassType; Edge: ClassType } {
  @ObjectType(`${name}Edge`, { description: `One ${name} in a list.`, simpleResolvers: true })
  class EdgeType {
    @Field(node, { description: `The ${name}.` })
    declare node: object;

    @Field(() => String, { description: "Where this item stands in the list: send it as `after` or `before`. It is good for this list in this order." })
    declare cursor: string;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.`, simpleResolvers: true })
  class ConnectionType {
    @Field(() => [EdgeType], { description: "The items of this page." })
    declare edges: EdgeType[];

    @Field(() => PageInfoType, { description: "Where this page lies in the list." })
    declare pageInfo: PageInfoType;

    @Field(() => SafeIntScalar, { description: "How many items the whole list has for this caller. Costs a count: ask for it once, not on each page." })
    declare totalCount: number;
  }

  return { Connection: ConnectionType, Edge: EdgeType };
}

/** Reads `first`/`after` or `last`/`before`. `order` names the order of the list: a cursor is good for the order it was made in. */
export function pageRequest({ first, after, last, before }: ConnectionArgs, order: string): PageRequest {
  if ((first == null) === (last == null)) {
    throw new InputError("INVALID_PAGE_SIZE", `Give either first or last, a number from 1 to ${MAX_PAGE_SIZE}.`, first == null ? "first" : "last");
  }
  const forward = first != null;
  const size = first ?? last ?? 0;
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw new InputError("INVALID_PAGE_SIZE", `${size} is not a page size: give a number from 1 to ${MAX_PAGE_SIZE}.`, forward ? "first" : "last");
  }
  if (forward ? before != null : after != null) {
    throw new InputError("INVALID_CURSOR", "Send `after` with `first`, or `before` with `last`.", forward ? "before" : "after");
  }
  const cursor = (forward ? after : before) ?? null;
  return { size, from: forward ? "START" : "END", beyond: cursor === null ? null : readCursor(cursor, order) };
}

/** Lays a page of keys out as a connection; `load` gets each node, best at once. */
export function toConnection<Node>(
  page: Page,
  order: string,
  load: (key: string) => MaybePromise<Node>,
  totalCount: () => MaybePromise<number>,
): Connection<Node> {
  const edges = page.items.map((item) => new LoadingEdge(item, order, load));
  return connectionOf(page, edges, totalCount);
}

/** @param edges of the page's items, in their order. */
export function connectionOf<Node>(page: Page, edges: readonly Edge<Node>[], totalCount: () => MaybePromise<number>): Connection<Node> {
  return {
    edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: () => edges[0]?.cursor() ?? null,
      endCursor: () => edges.at(-1)?.cursor() ?? null,
    },
    totalCount,
  };
}

export abstract class PageEdge<Node> implements Edge<Node> {
  constructor(
    protected readonly item: PageItem,
    private readonly order: string,
  ) {}

  abstract node(): MaybePromise<Node>;

  cursor(): string {
    return writeCursor(this.order, this.item.sortValues);
  }
}

class LoadingEdge<Node> extends PageEdge<Node> {
  constructor(
    item: PageItem,
    order: string,
    private readonly load: (key: string) => MaybePromise<Node>,
  ) {
    super(item, order);
  }

  node(): MaybePromise<Node> {
    return this.load(this.item.key);
  }
}

function writeCursor(order: string, sortValues: readonly string[]): string {
  return Buffer.from(JSON.stringify([order, ...sortValues]), "utf8").toString("base64url");
}

function readCursor(cursor: string, order: string): string[] {
  const [cursorOrder, ...sortValues] = parseCursor(cursor);
  if (cursorOrder !== order) throw new InvalidCursor("it was made by a list in another order");
  return sortValues;
}

function parseCursor(cursor: string): string[] {
  if (cursor.length > 2_000 || !/^[A-Za-z0-9_-]+$/.test(cursor)) throw new InvalidCursor();
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    throw new InvalidCursor(); // What does not parse was not made by us; how it fails to is of no use to the caller.
  }
  if (!Array.isArray(value) || value.length < 2 || !value.every((part): part is string => typeof part === "string")) throw new InvalidCursor();
  return value;
}
