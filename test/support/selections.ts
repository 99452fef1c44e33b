import { getNamedType, isAbstractType, isLeafType, isObjectType, isRequiredArgument, type GraphQLNamedType, type GraphQLSchema } from "graphql";
import type { Permission } from "../../src/access/permission.js";
import { permissionMap } from "../../src/graphql/schema/schema.js";

/** What is selected of answers: every field that the callers may read, so that a new one is looked at without anybody thinking of it. */
export interface Selecting {
  readonly schema: GraphQLSchema;
  /** The market for fields that take one. */
  readonly market: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** The selection of a type, down `depth` relations; empty for a leaf. */
export function select(type: GraphQLNamedType, depth: number, selecting: Selecting): string {
  if (isLeafType(type)) return "";
  if (isAbstractType(type)) {
    const possibles = selecting.schema.getPossibleTypes(type);
    const names = possibles.flatMap((possible) => Object.keys(possible.getFields()));
    const shared = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    const fragments = possibles.map((possible) => `... on ${possible.name} { ${fieldsOf(possible, depth, selecting, shared)} }`);
    return `{ __typename ${fragments.join(" ")} }`;
  }
  return `{ ${fieldsOf(type, depth, selecting, new Set())} }`;
}

/** @param shared names of fields that other types of the same union have too, maybe of other kinds: aliases tell them apart. */
function fieldsOf(type: GraphQLNamedType, depth: number, selecting: Selecting, shared: ReadonlySet<string>): string {
  if (!isObjectType(type)) throw new Error(`${type.name} has no fields`);
  const chosen = Object.values(type.getFields()).flatMap((field) => {
    const rule = permissionMap[type.name]?.[field.name];
    const of = getNamedType(field.type);
    if ((rule !== undefined && rule !== "open" && !selecting.permissions.has(rule)) || (!isLeafType(of) && depth === 0)) return [];
    const variants = argumentsOf(`${type.name}.${field.name}`, selecting.market);
    if (variants[0] === "" && field.args.some(isRequiredArgument))
      throw new Error(`say in test/support/selections.ts how ${type.name}.${field.name} is asked for`);
    return variants.map((args, index) => {
      const alias = shared.has(field.name) || index > 0 ? `${type.name}_${field.name}_${index}: ` : "";
      return `${alias}${field.name}${args} ${select(of, depth - 1, selecting)}`;
    });
  });
  return `__typename ${chosen.join(" ")}`;
}

/** With what a field is asked for; several times where that makes a difference. */
function argumentsOf(field: string, market: string): [string, ...string[]] {
  switch (field) {
    case "Plan.prices":
      return [`(market: "${market}")`, `(market: "${market}", segment: "student", channel: "web")`];
    case "Plan.entitlements":
      return ["", `(market: "${market}")`];
    case "Customer.redemptions":
      return ["(first: 2)"];
    default:
      return [""];
  }
}
