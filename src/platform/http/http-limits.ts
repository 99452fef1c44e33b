/** What one request may be and how long it may take. Each time encloses those of the work inside it: see DATABASE_LIMITS. */
export interface HttpLimits {
  readonly bodyBytes: number;
  /** The request line and all headers together. */
  readonly headerBytes: number;
  readonly headerCount: number;
  /** Of the path and the query, so of a whole query by GET. */
  readonly urlCharacters: number;
  /** Until the last header has come; who sends them a byte at a time holds a socket no longer than this. */
  readonly headersMs: number;
  /** Until the last byte of the body has come. */
  readonly requestMs: number;
  /** From the last byte of a request to its answer. */
  readonly answerMs: number;
  /** Of silence on a socket with a request under way, so also of a client that does not read its answer. */
  readonly silenceMs: number;
  /** Of silence between two requests. Longer than the usual 60 s of load balancers: who closes first must be the client, or its next request is lost. */
  readonly keepAliveMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  bodyBytes: 100_000,
  headerBytes: 16_384,
  headerCount: 100,
  urlCharacters: 8_192,
  headersMs: 5_000,
  requestMs: 12_000,
  answerMs: 12_000,
  silenceMs: 20_000,
  keepAliveMs: 72_000,
};
