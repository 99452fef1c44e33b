import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped, type ValueNode } from "graphql";

interface TextScalar<T> {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  /** The value, or null if the text is none. */
  readonly read: (text: string) => T | null;
  readonly write: (value: T) => string;
  /** Completes "… is not", for the error: "an instant such as 2026-04-01T00:00:00Z". */
  readonly expected: string;
}

/** Of scalars whose texts are answered as they are: an extension that is true. */
export const VERBATIM = "verbatim";

const MAX_LENGTH = 400;

/** A scalar that travels as a JSON string. Numbers are refused on the way in: they may have lost digits already. */
export function textScalar<T>({ name, description, specifiedByURL, read, write, expected }: TextScalar<T>): GraphQLScalarType<T, string> {
  const parse = (value: unknown, node?: ValueNode): T => {
    const parsed = typeof value === "string" && value.length <= MAX_LENGTH ? read(value) : null;
    if (parsed === null) throw new GraphQLError(`${name}: ${shorten(value)} is not ${expected}.`, node ? { nodes: node } : {});
    return parsed;
  };
  return new GraphQLScalarType<T, string>({
    name,
    description,
    ...(specifiedByURL === undefined ? {} : { specifiedByURL }),
    extensions: { [VERBATIM]: write === String },
    serialize: (value) => write(value as T), // Resolvers return the internal type; graphql-js hands it on as unknown.
    parseValue: (value) => parse(value),
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : valueFromASTUntyped(node), node),
  });
}

function shorten(value: unknown): string {
  // Objects may be nested deeper than any stack.
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
