import { MapperKind, mapSchema } from "@graphql-tools/utils";
import {
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from "graphql";
import type { Permission } from "../../access/permission.js";
import type { PermissionMap } from "../../access/permission-map.js";

/**
 * The part of the schema that a caller with these permissions may use: fields that need another permission are not in it, nor
 * what only they lead to. What implements an interface is in it if a field leads to it, not by the interface alone.
 */
export function schemaForAudience(schema: GraphQLSchema, map: PermissionMap, permissions: ReadonlySet<Permission>): GraphQLSchema {
  const allowed = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (_field, name, typeName) => {
      const rule = map[typeName]?.[name];
      return rule === "open" || (rule !== undefined && permissions.has(rule)) ? undefined : null;
    },
  });
  const reached = reachedFromRoots(allowed);
  return mapSchema(allowed, {
    // Types of the specification stay, whoever names them.
    [MapperKind.TYPE]: (type) => (reached.has(type.name) || type.name.startsWith("__") || isSpecifiedScalarType(type) ? undefined : null),
  });
}

function reachedFromRoots(schema: GraphQLSchema): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (type: GraphQLNamedType | null | undefined): void => {
    if (!type || reached.has(type.name)) return;
    reached.add(type.name);
    for (const next of namedBy(type)) visit(next);
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    if (root && Object.keys(root.getFields()).length > 0) visit(root);
  }
  for (const directive of schema.getDirectives()) for (const argument of directive.args) visit(getNamedType(argument.type));
  return reached;
}

function namedBy(type: GraphQLNamedType): GraphQLNamedType[] {
  if (isUnionType(type)) return [...type.getTypes()];
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => getNamedType(field.type));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  const fields = Object.values(type.getFields());
  return [...type.getInterfaces(), ...fields.flatMap((field) => [getNamedType(field.type), ...field.args.map((argument) => getNamedType(argument.type))])];
}
