import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  GraphQLError,
  isCompositeType,
  isListType,
  isObjectType,
  type FieldNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from "graphql";

/**
 * How many things the lists of one request may hold together. The estimate of `cost.ts` is made before anything is read and
 * may be wrong; this counts while the answer is made, so that a wrong estimate costs an error and not the process.
 */
const MAX_ITEMS = 20_000;

/** What an estimate takes a list to hold, and what each item of it adds to the cost. */
export interface ListCost {
  readonly size: number;
  readonly each: number;
}

/** What a request has spent of it. */
export interface ItemBudget {
  items: number;
  /** What the operation costs by estimate. */
  requested: number;
  /** What of the estimated cost turned out not to be needed, because lists were shorter; less than 0 if they were longer. */
  saved: number;
  /** The estimate, by the fields of the operation; null = there is none. */
  lists: ReadonlyMap<FieldNode, ListCost> | null;
}

export function newBudget(): ItemBudget {
  return { items: 0, requested: 0, saved: 0, lists: null };
}

/** Makes every field that answers a list of things count them. Fields of single values stay as they are. */
export function countItems(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      if (!isListType(getNullableType(field.type)) || !isCompositeType(getNamedType(field.type))) continue;
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (source, args, context: { budget: ItemBudget }, info) => {
        const list: unknown = resolve(source, args, context, info);
        return list instanceof Promise ? list.then((items: unknown) => spend(context.budget, items, info)) : spend(context.budget, list, info);
      };
    }
  }
  return schema;
}

function spend(budget: ItemBudget, list: unknown, { fieldNodes }: GraphQLResolveInfo): unknown {
  const length = Array.isArray(list) ? list.length : 0;
  if (budget.lists) {
    for (const node of fieldNodes) {
      const estimate = budget.lists.get(node);
      if (estimate) budget.saved += (estimate.size - length) * estimate.each;
    }
  }
  budget.items += length;
  if (budget.items <= MAX_ITEMS) return list;
  throw new GraphQLError(`The lists of this operation hold more than ${MAX_ITEMS} things. Ask for smaller pages, or split it.`, {
    extensions: { code: "TOO_COSTLY" },
  });
}
