import type { Permission } from "./permission.js";

/** Who may ask for a field: every caller who got as far as its parent, or those with a permission. */
export type FieldRule = "open" | Permission;

/** Type name -> field name -> rule. Every field of the schema stands in the map of exactly one concept. */
export type PermissionMap = Readonly<Record<string, Readonly<Record<string, FieldRule>>>>;

/** Fields that every caller may read who may read their parent. */
export function open<Name extends string>(...fields: Name[]): Record<Name, "open"> {
  return rule("open", fields);
}

/** Fields that need a permission. */
export function needs<Name extends string>(permission: Permission, ...fields: Name[]): Record<Name, Permission> {
  return rule(permission, fields);
}

/** The fields that every connection and its edges have. */
export function openConnection<Name extends string>(name: Name): PermissionMap {
  return { [`${name}Connection`]: open("edges", "pageInfo", "totalCount"), [`${name}Edge`]: open("node", "cursor") };
}

function rule<Name extends string, Rule extends FieldRule>(value: Rule, fields: Name[]): Record<Name, Rule> {
  return Object.fromEntries(fields.map((field) => [field, value])) as Record<Name, Rule>; // fromEntries forgets the names.
}
