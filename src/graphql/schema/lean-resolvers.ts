import { isObjectType, type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLResolveInfo, type GraphQLSchema } from "graphql";
import { getMetadataStorage } from "type-graphql";
import type { RequestContext } from "../context.js";

type Method = (...params: unknown[]) => unknown;
type Resolver = GraphQLFieldResolver<unknown, RequestContext, Record<string, unknown>>;
type Metadata = ReturnType<typeof getMetadataStorage>;
type Handler = Metadata["fieldResolvers"][number] | Metadata["queries"][number];
type Param = NonNullable<Handler["params"]>[number];
type Pick = (source: unknown, args: Record<string, unknown>, context: RequestContext, info: GraphQLResolveInfo) => unknown;

/**
 * Calls our resolvers as they are. type-graphql makes a promise for every argument, and class instances of inputs that nobody needs:
 * graphql-js has read arguments by the schema before, and ours are plain data to those who take them.
 */
export function callDirectly(schema: GraphQLSchema, instances: ReadonlyMap<unknown, object>): GraphQLSchema {
  const handlers = handlersByField(schema, instances);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const handler = [type, ...type.getInterfaces()].map(({ name }) => handlers.get(`${name}.${field.name}`)).find((found) => found !== undefined);
      const instance = instances.get(handler?.target);
      if (handler && instance) field.resolve = resolverOf(handler, instance);
    }
  }
  return schema;
}

function handlersByField(schema: GraphQLSchema, instances: ReadonlyMap<unknown, object>): Map<string, Handler> {
  const { queries, mutations, fieldResolvers, objectTypes, interfaceTypes } = getMetadataStorage();
  const names = new Map<unknown, string>([...objectTypes, ...interfaceTypes].map(({ target, name }) => [target, name]));
  const roots = (type: GraphQLObjectType | null | undefined, handlers: readonly Handler[]): [string, Handler][] =>
    handlers.map((handler) => [`${type?.name}.${handler.schemaName}`, handler]);
  const fields = fieldResolvers
    .filter(({ kind }) => kind === "external")
    .map((handler): [string, Handler] => [`${names.get(handler.getObjectType?.())}.${handler.schemaName}`, handler]);
  const all = [...roots(schema.getQueryType(), queries), ...roots(schema.getMutationType(), mutations), ...fields];
  // Classes that this schema was not built of may have been loaded too.
  return new Map(all.filter(([, { target }]) => instances.has(target)));
}

function resolverOf({ methodName, params = [] }: Handler, instance: object): Resolver {
  const method = Reflect.get(instance, methodName) as Method; // The decorator stands on this method.
  const [first, second, ...more] = [...params].sort((a, b) => a.index - b.index).map(picker);
  if (!first) return () => method.call(instance);
  if (!second) return (...of) => method.call(instance, first(...of));
  if (more.length === 0) return (...of) => method.call(instance, first(...of), second(...of));
  return (...of) =>
    method.apply(
      instance,
      [first, second, ...more].map((pick) => pick(...of)),
    );
}

function picker(param: Param): Pick {
  switch (param.kind) {
    case "root":
      return (source) => source;
    case "context":
      return (_source, _args, context) => context;
    case "info":
      return (_source, _args, _context, info) => info;
    case "args":
      return (_source, args) => args;
    case "arg":
      return (_source, args) => args[param.name];
    case "pubSub":
    case "custom":
      throw new Error(`no resolver here takes a parameter of the kind ${param.kind}`);
  }
}
