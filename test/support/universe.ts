import { getNamedType, isEnumType, isInputObjectType, isObjectType, type GraphQLField, type GraphQLSchema } from "graphql";
import type { Caller, Json } from "./api.js";

/** All that there is to ask for of a catalog, as somebody knows it who may see everything. */
export interface Universe {
  /** By type. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  readonly ids: readonly string[];
  /** By list and order: "prices AMOUNT ASC". */
  readonly cursors: Readonly<Record<string, readonly string[]>>;
}

/** The lists of the catalog: the fields of Query that take an order. */
export function listsOf(schema: GraphQLSchema): GraphQLField<unknown, unknown>[] {
  return Object.values(schema.getQueryType()?.getFields() ?? {}).filter(({ args }) => args.some(({ name }) => name === "orderBy"));
}

/** The type that a list is of. */
export function itemsOf(schema: GraphQLSchema, list: GraphQLField<unknown, unknown>): string {
  return getNamedType(list.type).name.replace(/Connection$/, "");
}

export function ordersOf(list: GraphQLField<unknown, unknown>): string[] {
  const input = getNamedType(list.args.find(({ name }) => name === "orderBy")?.type);
  const words = isInputObjectType(input) ? getNamedType(input.getFields()["field"]?.type) : undefined;
  return isEnumType(words) ? words.getValues().flatMap(({ name }) => [`${name} ASC`, `${name} DESC`]) : [];
}

/** Walks every list in every order, whatever it shows at whatever time. */
export async function explore(all: Caller, schema: GraphQLSchema, point = ""): Promise<Universe> {
  const keys: Record<string, string[]> = {};
  const cursors: Record<string, string[]> = {};
  const ids = new Set<string>();
  for (const list of listsOf(schema)) {
    for (const order of ordersOf(list)) {
      const [field, direction] = order.split(" ");
      const always = isTimed(list) ? "filter: { periods: [PAST, CURRENT, UPCOMING] }," : "";
      const page = await all.query(
        `{ list: ${list.name}(first: 100, ${always} ${point} orderBy: { field: ${field}, direction: ${direction} }) { edges { cursor node { id key } } } }`,
      );
      if (page.errors.length > 0) throw new Error(page.text);
      const edges: Json[] = page.data.list.edges;
      keys[itemsOf(schema, list)] = edges.map(({ node }) => node.key);
      cursors[`${list.name} ${order}`] = edges.map(({ cursor }) => cursor);
      for (const { node } of edges) ids.add(node.id);
    }
  }
  return { keys, ids: [...ids], cursors };
}

export function isTimed(list: GraphQLField<unknown, unknown>): boolean {
  const filter = getNamedType(list.args.find(({ name }) => name === "filter")?.type);
  return isInputObjectType(filter) && "periods" in filter.getFields();
}

/** The type with this name, which must be one with fields. */
export function objectType(schema: GraphQLSchema, name: string) {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no type with fields`);
  return type;
}
