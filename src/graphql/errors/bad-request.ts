import { GraphQLError } from "graphql";

/** The whole request is refused, for something that the caller can mend. */
export function badRequest(message: string, code: string, more: object = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...more, http: { status: 400 } } });
}
