import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

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

/** A scalar that travels as a JSON string. Numbers are refused on the way in: they may have lost digits already. */
export function textScalar<T>({ name, description, specifiedByURL, read, write, expected }: TextScalar<T>): GraphQLScalarType<T, string> {
  const parse = (value: unknown): T => {
    const parsed = typeof value === "string" && value.length <= 400 ? read(value) : null;
    if (parsed === null) throw new GraphQLError(`${name}: ${shorten(value)} is not ${expected}.`, { extensions: { code: "BAD_USER_INPUT" } });
    return parsed;
  };
  return new GraphQLScalarType<T, string>({
    name,
    description,
    ...(specifiedByURL === undefined ? {} : { specifiedByURL }),
    serialize: (value) => write(value as T), // Resolvers return the internal type; graphql-js hands it on as unknown.
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : "value" in node ? Number(node.value) : node.kind),
  });
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
