/**
 * Why there is no answer. The first five are the client's own; the others come from the gateway, which may learn new ones:
 * treat a code that you do not know as a failure.
 */
export type CatalogErrorCode =
  /** The gateway was not reached, or the connection broke off: `cause` says more. */
  | "NETWORK"
  /** No whole answer within `timeoutMs`. */
  | "TIMEOUT"
  /** The caller's `signal` was aborted. */
  | "ABORTED"
  /** What came back is no answer of the gateway's: a wrong `url`, or something between that answers by itself. */
  | "INVALID_RESPONSE"
  /** Refused for the number of requests, usually by something between. */
  | "RATE_LIMITED"
  /** The key is not valid, or a key is needed. */
  | "UNAUTHENTICATED"
  /** The key lacks a permission. */
  | "FORBIDDEN"
  /** A variable or an argument has a value that it cannot have. */
  | "BAD_USER_INPUT"
  /** The cursor belongs to another list or order. */
  | "INVALID_CURSOR"
  /** The operation does not fit the schema. */
  | "GRAPHQL_VALIDATION_FAILED"
  /** The operation asks for more than one request may cost. */
  | "TOO_COSTLY"
  /** The gateway cannot answer right now; a moment later it may. */
  | "UNAVAILABLE"
  /** A fault of the gateway's: report it with `requestId`. */
  | "INTERNAL"
  | (string & Record<never, never>);

/** One entry of the `errors` of a GraphQL answer. */
export interface CatalogProblem {
  readonly code: CatalogErrorCode;
  readonly message: string;
  /** The field of the answer that it is about. */
  readonly path: readonly (string | number)[] | null;
}

interface CatalogErrorDetails {
  readonly code: CatalogErrorCode;
  readonly message: string;
  readonly path?: CatalogProblem["path"];
  readonly requestId?: string | null;
  readonly status?: number | null;
  readonly problems?: readonly CatalogProblem[];
  readonly cause?: unknown;
}

/** The only error that a client's calls reject with, whatever failed. It never holds the key. */
export class CatalogError extends Error {
  override readonly name = "CatalogError";
  /** Of the first problem. */
  readonly code: CatalogErrorCode;
  /** The field of the answer that failed; null if it was the request as a whole. */
  readonly path: CatalogProblem["path"];
  /** Under which the gateway's operators find the request; null if it did not get that far. */
  readonly requestId: string | null;
  /** The HTTP status; null without an answer. */
  readonly status: number | null;
  /** Everything that the gateway complained about; empty unless it answered in GraphQL. */
  readonly problems: readonly CatalogProblem[];

  constructor({ code, message, path = null, requestId = null, status = null, problems = [], cause }: CatalogErrorDetails) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.path = path;
    this.requestId = requestId;
    this.status = status;
    this.problems = problems;
  }
}
