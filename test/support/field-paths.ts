import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from "graphql";

/** One field on the way to another. */
export interface Step {
  readonly type: string;
  readonly field: string;
  /** Of the value, where the field may answer several types. */
  readonly on: string;
  readonly isAbstract: boolean;
}

export type Path = readonly Step[];

/** The arguments of fields that need some, by coordinate: "Query.plan" -> 'key: "free"'. */
export type SampleArguments = Readonly<Record<string, string>>;

/**
 * Ways from the roots to the object types of a schema, the shortest first. Fields that change
 * something are roots too, if there are sample arguments for them.
 */
export function pathsToTypes(schema: GraphQLSchema, samples: SampleArguments, perType: number): ReadonlyMap<string, readonly Path[]> {
  const found = new Map<string, Path[]>();
  const queue: { type: GraphQLObjectType; path: Path }[] = [];
  const arrive = (type: GraphQLObjectType, path: Path): void => {
    const others = found.get(type.name) ?? [];
    // By one root and one last step there is one way: the others differ in between only.
    const isLike = (other: Path): boolean =>
      other[0]?.field === path[0]?.field && other.at(-1)?.type === path.at(-1)?.type && other.at(-1)?.field === path.at(-1)?.field;
    if (others.length >= perType || others.some(isLike)) return;
    found.set(type.name, [...others, path]);
    queue.push({ type, path });
  };
  for (const root of rootsOf(schema)) queue.push({ type: root, path: [] });
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const field of Object.values(next.type.getFields())) {
      const to = getNamedType(field.type);
      if (!isCompositeType(to) || (needsArguments(field) && !samples[`${next.type.name}.${field.name}`])) continue;
      const abstract = isAbstractType(to);
      for (const type of abstract ? schema.getPossibleTypes(to) : isObjectType(to) ? [to] : []) {
        // A way that goes in a circle shows nothing new.
        if (next.path.some((step) => step.on === type.name)) continue;
        arrive(type, [...next.path, { type: next.type.name, field: field.name, on: type.name, isAbstract: abstract }]);
      }
    }
  }
  return found;
}

export function rootsOf(schema: GraphQLSchema): GraphQLObjectType[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((root) => root ?? []);
}

/** How a document asks: each has to be answered like the first. */
export type Way = "plain" | "alias" | "fragment" | "inline fragment";
export const WAYS: readonly Way[] = ["plain", "alias", "fragment", "inline fragment"];

/** A document that follows the path and asks its end for all of these fields; every field is known by its name in the answer, but for aliases. */
export function writeDocument(schema: GraphQLSchema, path: Path, ends: readonly GraphQLField<unknown, unknown>[], samples: SampleArguments, way: Way): string {
  const [first] = path;
  const endType = path.at(-1)?.on ?? first?.type ?? "Query";
  const named = (field: string): string => (way === "alias" ? `innocent_${field}: ${field}` : field);
  const withArguments = (type: string, field: string): string => `${named(field)}${samples[`${type}.${field}`] ? `(${samples[`${type}.${field}`]})` : ""}`;
  const ended = ends.map((field) => `${withArguments(endType, field.name)}${isCompositeType(getNamedType(field.type)) ? " { __typename }" : ""}`).join(" ");
  const fragment = way === "fragment" ? ` fragment end on ${endType} { ${ended} }` : "";
  const selected = way === "fragment" ? "...end" : way === "inline fragment" ? `... on ${endType} { ${ended} }` : ended;
  const body = path.reduceRight(
    (inner, step) => `${withArguments(step.type, step.field)} { ${step.isAbstract ? `... on ${step.on} { ${inner} }` : inner} }`,
    selected,
  );
  const operation = (first?.type ?? endType) === schema.getMutationType()?.name ? "mutation" : "query";
  return `${operation} { ${body} }${fragment}`;
}

/** Every value that the path leads to in an answer: lists are followed into each of their items. */
export function valuesAt(data: unknown, names: readonly string[]): unknown[] {
  return names
    .reduce<unknown[]>((values, name) => values.flatMap((value) => flat(value).map((one) => (one as Record<string, unknown>)[name])), [data])
    .flatMap(flat);
}

function flat(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(flat);
  return value === null || value === undefined ? [] : [value];
}

function needsArguments(field: GraphQLField<unknown, unknown>): boolean {
  const required = field.args.some((argument) => getNullableType(argument.type) !== argument.type && argument.defaultValue === undefined);
  return required || field.args.some(({ name }) => name === "first" || name === "ids") || isListType(field.args[0]?.type);
}
