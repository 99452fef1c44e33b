import {
  defaultFieldResolver,
  GraphQLError,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from "graphql";
import { applyMiddleware } from "graphql-middleware";
import { allow, deny, rule, shield } from "graphql-shield";
import { PERMISSIONS, type Permission } from "../../access/permission.js";
import type { FieldRule, PermissionMap } from "../../access/permission-map.js";
import { can, type Viewer } from "../../access/viewer.js";

/** Joins the concepts' maps. A field stands in one of them only, so that there is one place to look. */
export function mergePermissionMaps(maps: readonly PermissionMap[]): PermissionMap {
  const merged: Record<string, Record<string, FieldRule>> = {};
  for (const map of maps) {
    for (const [typeName, fields] of Object.entries(map)) {
      const type = (merged[typeName] ??= {});
      for (const [field, fieldRule] of Object.entries(fields)) {
        if (type[field]) throw new Error(`${typeName}.${field} has a permission twice`);
        type[field] = fieldRule;
      }
    }
  }
  return merged;
}

/** What is wrong between the schema and the map: fields without a rule, rules without a field. Empty = sound. */
export function checkPermissionMap(schema: GraphQLSchema, map: PermissionMap): string[] {
  const problems: string[] = [];
  for (const type of ownObjectTypes(schema)) {
    for (const field of Object.keys(type.getFields())) {
      if (!map[type.name]?.[field]) problems.push(`${type.name}.${field} has no permission: add it to the *.permissions.ts of its concept`);
    }
  }
  for (const [typeName, fields] of Object.entries(map)) {
    const type = schema.getType(typeName);
    if (isInterfaceType(type)) problems.push(`${typeName} is an interface: its rule would be ignored, give one to each type that implements it`);
    else if (!isObjectType(type)) problems.push(`${typeName} has permissions, but there is no such type`);
    else problems.push(...checkFields(type, fields, type === schema.getQueryType()));
  }
  return problems;
}

function checkFields(type: GraphQLObjectType, rules: Readonly<Record<string, FieldRule>>, isRoot: boolean): string[] {
  return Object.entries(rules).flatMap(([name, needed]) => {
    const field = type.getFields()[name];
    if (!field) return [`${type.name}.${name} has a permission, but there is no such field`];
    // A denied field answers null; where null is not allowed, that would take the whole answer along: also what other mutations did.
    return needed !== "open" && !isRoot && isNonNullType(field.type) ? [`${type.name}.${name} needs a permission, so it must be nullable`] : [];
  });
}

/** Adds the permission that a field needs to its description, from the same map that enforces it. */
export function describePermissions(schema: GraphQLSchema, map: PermissionMap): void {
  for (const type of ownObjectTypes(schema)) {
    for (const field of Object.values(type.getFields())) {
      const needed = map[type.name]?.[field.name];
      if (needed && needed !== "open") field.description = `${field.description ?? ""}\n\nNeeds the permission \`${needed}\`.`.trim();
    }
  }
}

/**
 * Puts graphql-shield before the fields that need a permission, and before every root field, denied unless the map says
 * otherwise. Fields open to every caller are known here and stay unwrapped: shield on each costs half of a large read.
 */
export function protect(schema: GraphQLSchema, map: PermissionMap): GraphQLSchema {
  const roots = new Set([schema.getQueryType()?.name, schema.getMutationType()?.name, schema.getSubscriptionType()?.name]);
  const guarded = Object.entries(map).map(([typeName, fields]): [string, Record<string, typeof deny>] => {
    const isRoot = roots.has(typeName);
    const rules = Object.entries(fields).flatMap(([field, needed]) =>
      needed !== "open" ? [[field, RULES[needed]] as const] : isRoot ? [[field, allow] as const] : [],
    );
    return [typeName, { ...(isRoot ? { "*": deny } : {}), ...Object.fromEntries(rules) }];
  });
  const generator = shield(Object.fromEntries(guarded.filter(([, rules]) => Object.keys(rules).length > 0)), {
    allowExternalErrors: true,
    fallbackError: new GraphQLError("This is not open to you.", { extensions: { code: "FORBIDDEN" } }),
  });
  const resolvers = resolversOf(schema);
  const shielded = applyMiddleware(schema, keepGuarded(generator.generate(schema), map, roots));
  return letThrough(shielded, map, resolvers);
}

type Resolve = GraphQLFieldResolver<unknown, { viewer: Viewer }>;

/** The fields as they are before shield stands before them. */
function resolversOf(schema: GraphQLSchema): ReadonlyMap<string, Resolve | undefined> {
  return new Map(
    ownObjectTypes(schema).flatMap((type) => Object.values(type.getFields()).map(({ name, resolve }) => [`${type.name}.${name}`, resolve] as const)),
  );
}

/**
 * Whoever has the permission goes on at once, by the predicate of the rule itself: shield takes microseconds and a promise to come to
 * the same. Everyone else is left to it, and so is every field that the map does not know.
 */
function letThrough(schema: GraphQLSchema, map: PermissionMap, resolvers: ReadonlyMap<string, Resolve | undefined>): GraphQLSchema {
  for (const type of ownObjectTypes(schema)) {
    for (const field of Object.values(type.getFields())) {
      const needed = map[type.name]?.[field.name];
      const own = resolvers.get(`${type.name}.${field.name}`);
      const shielded: Resolve | undefined = field.resolve;
      if (needed === "open" && own) field.resolve = own;
      if (!needed || needed === "open" || !shielded) continue;
      const resolve = own ?? defaultFieldResolver;
      field.resolve = (source, args, context: { viewer: Viewer }, info) => (can(context.viewer, needed) ? resolve : shielded)(source, args, context, info);
    }
  }
  return schema;
}

function keepGuarded(middleware: object, map: PermissionMap, roots: ReadonlySet<string | undefined>): Record<string, Record<string, never>> {
  const kept = Object.entries(middleware as Record<string, Record<string, never>>).map(([typeName, fields]) => {
    const guardedFields = Object.entries(fields).filter(([field]) => roots.has(typeName) || (map[typeName]?.[field] ?? "open") !== "open");
    return [typeName, Object.fromEntries(guardedFields)] as const;
  });
  return Object.fromEntries(kept.filter(([, fields]) => Object.keys(fields).length > 0));
}

function ownObjectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith("__"));
}

/** One rule a permission. Shield identifies rules by name; none is cached, because its caches outlive a caller. */
const RULES = Object.fromEntries(
  (Object.keys(PERMISSIONS) as Permission[]).map((permission) => [
    permission,
    rule(`needs ${permission}`, { cache: "no_cache" })(
      (_parent, _args, { viewer }: { viewer: Viewer }) => can(viewer, permission) || notAllowed(viewer, permission),
    ),
  ]),
) as unknown as Record<Permission, typeof deny>; // Every permission is a key; shield's rule classes share no exported type.

function notAllowed(viewer: Viewer, permission: Permission): GraphQLError {
  return viewer.kind === "ANONYMOUS"
    ? new GraphQLError(`This needs the permission ${permission}: send a credential that has it, as "Authorization: Bearer <key or token>".`, {
        extensions: { code: "UNAUTHENTICATED", permission },
      })
    : new GraphQLError(`This needs the permission ${permission}, which your credential does not have.`, { extensions: { code: "FORBIDDEN", permission } });
}
