import { defaultFieldResolver, getNamedType, getNullableType, GraphQLError, isCompositeType, isListType, isObjectType, type GraphQLSchema } from "graphql";

/**
 * How many things the lists of one request may hold together. The estimate of `cost.ts` is made before anything is read and
 * may be wrong; this counts while the answer is made, so that a wrong estimate costs an error and not the process.
 */
const MAX_ITEMS = 20_000;

/** What a request has spent of it. */
export interface ItemBudget {
  items: number;
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
        return list instanceof Promise ? list.then((items: unknown) => spend(context.budget, items)) : spend(context.budget, list);
      };
    }
  }
  return schema;
}

function spend(budget: ItemBudget, list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  budget.items += list.length;
  if (budget.items <= MAX_ITEMS) return list;
  throw new GraphQLError(`The lists of this operation hold more than ${MAX_ITEMS} things. Ask for smaller pages, or split it.`, {
    extensions: { code: "TOO_COSTLY" },
  });
}
