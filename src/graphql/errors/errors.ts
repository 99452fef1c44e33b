import { unwrapResolverError } from "@apollo/server/errors";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { DOCUMENT_LIMITS, tooDeep } from "../limits/document-limits.js";
import { InvalidCursor } from "../../kernel/page.js";
import { isDatabaseAway } from "../../platform/database-away.js";
import { errorBody } from "../../platform/http/error-body.js";
import { Overloaded } from "../../platform/overloaded.js";

export const UNAVAILABLE = {
  code: "UNAVAILABLE",
  message: "This cannot be answered right now. Try again in a moment; what has an idempotency key, with the same one.",
} as const;
/** What is not answered in time is answered with this. */
export const NOT_IN_TIME = { status: 503, headers: { "retry-after": "1" }, body: errorBody(UNAVAILABLE.code, UNAVAILABLE.message) } as const;
export const INTERNAL = { code: "INTERNAL", message: "Something went wrong on our side." } as const;

/**
 * What callers are told of an error. What they can mend has a code and says how; everything else is a fault of ours and
 * says nothing but that: its detail is in the log, under the request's id.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  return shortened(explain(formatted, error));
}

const STACK_IS_FULL = "Maximum call stack size exceeded";
const TOO_DEEP: GraphQLFormattedError = { message: tooDeep().message, extensions: { code: "TOO_DEEP", limit: DOCUMENT_LIMITS.depth } };

/** What is said of a document repeats its names, which may be as long as the document. */
const MAX_MESSAGE_LENGTH = 500;
const MAX_LOCATIONS = 10;

function shortened(error: GraphQLFormattedError): GraphQLFormattedError {
  const { message, locations } = error;
  if (message.length <= MAX_MESSAGE_LENGTH && (locations?.length ?? 0) <= MAX_LOCATIONS) return error;
  const text = message.length <= MAX_MESSAGE_LENGTH ? message : `${message.slice(0, MAX_MESSAGE_LENGTH)}…`;
  return { ...error, message: text, ...(locations ? { locations: locations.slice(0, MAX_LOCATIONS) } : {}) };
}

function explain(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  // The parser goes down with the document, so that one which is nested without end ends the stack before it meets any limit.
  if (formatted.message === STACK_IS_FULL && formatted.extensions?.["code"] === "GRAPHQL_PARSE_FAILED") return TOO_DEEP;
  const cause = unwrapResolverError(error);
  if (cause instanceof InvalidCursor) return { ...formatted, message: cause.message, extensions: { code: "INVALID_CURSOR" } };
  if (isLastOfMany(cause)) return { ...formatted, extensions: { code: "BAD_USER_INPUT" } };
  if (isExpected(formatted, cause)) return formatted;
  const { locations, path } = formatted;
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
  if (isDatabaseAway(cause) || cause instanceof Overloaded) return { ...place, message: UNAVAILABLE.message, extensions: { code: UNAVAILABLE.code } };
  return { ...place, message: INTERNAL.message, extensions: { code: INTERNAL.code } };
}

/** Whether an error is the gateway's fault rather than the caller's. */
export function isFault(error: GraphQLError): boolean {
  const cause = unwrapResolverError(error);
  return !(cause instanceof InvalidCursor) && !isLastOfMany(cause) && !isExpected(error, cause);
}

/** After fifty mistakes in the variables graphql-js looks for no more, and says so in an error that Apollo has no code for. */
function isLastOfMany(cause: unknown): boolean {
  return cause instanceof GraphQLError && cause.originalError === undefined && cause.message.startsWith("Too many errors processing variables");
}

/** Expected errors are GraphQL errors that say so with a code of their own; a resolver's `throw new Error` is none. */
function isExpected({ extensions }: GraphQLFormattedError | GraphQLError, cause: unknown): boolean {
  const code = extensions?.["code"];
  // Errors of parsing, validation and coercion have no cause but themselves.
  return cause instanceof GraphQLError && typeof code === "string" && code !== "INTERNAL_SERVER_ERROR";
}
