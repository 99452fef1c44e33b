import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { ClientError, GraphQLClient } from "graphql-request";
import { CatalogError } from "./catalog-error.js";
import { startDeadline } from "./deadline.js";
import { failedAnswer } from "./failed-answer.js";

/** More than the gateway itself allows a request, so that its own answer comes first. */
const DEFAULT_TIMEOUT_MS = 15_000;
/** The longest that a timer can wait; longer ones fire at once. */
const MAX_TIMEOUT_MS = 2_147_483_647;

export interface CatalogClientOptions {
  /** Where the gateway answers GraphQL: "https://catalog.example.com/graphql". */
  readonly url: string;
  /** Sent as a bearer token. Without one the client reads what is open to everyone. */
  readonly apiKey?: string | undefined;
  /** Instead of the global `fetch`: for tracing, retries, a proxy or a test. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** How long a request may take until its answer is read to the end; 15 seconds unless set. */
  readonly timeoutMs?: number | undefined;
}

export interface QueryOptions {
  /** Gives the request up, which then rejects with the code `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

/** Variables may be left out only where an operation needs none. */
export type QueryArguments<Variables> =
  Record<string, never> extends Variables ? [variables?: Variables, options?: QueryOptions] : [variables: Variables, options?: QueryOptions];

/** What `pages` needs of a page: select both fields of `pageInfo`. */
export interface Connection {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface CatalogClient {
  /**
   * Sends one operation. The documents that this package exports, or any other `TypedDocumentNode` of the schema, say what
   * its variables and its result are. Rejects with a `CatalogError` if any field failed: there are no partial results.
   */
  query<Result, Variables extends object>(document: TypedDocumentNode<Result, Variables>, ...rest: QueryArguments<NoInfer<Variables>>): Promise<Result>;

  /**
   * Reads a list to its end, one request for each page and none before it is asked for; `connection` picks the list out of
   * a result. The operation hands its variable `$after` to that list. Starts after `variables.after`, if given.
   *
   * A release that is published meanwhile shows in the pages still to come; an operation with an `$at` for the number of a
   * release reads all of them from that one.
   */
  pages<Result, Variables extends { readonly after?: string | null }, Page extends Connection>(
    document: TypedDocumentNode<Result, Variables>,
    variables: NoInfer<Variables>,
    connection: (result: Result) => Page | null,
    options?: QueryOptions,
  ): AsyncGenerator<Page, void, undefined>;
}

/**
 * A client of the gateway at `url`. It holds no connection and no state: make one and share it.
 * Throws a TypeError for an address, a key or a timeout that cannot work.
 */
export function createCatalogClient({ url, apiKey, fetch = globalThis.fetch, timeoutMs = DEFAULT_TIMEOUT_MS }: CatalogClientOptions): CatalogClient {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new TypeError(`url: ${JSON.stringify(url)} is not an absolute http or https address.`);
  // The platform's own complaint about such a header would show the key.
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) throw new TypeError("apiKey: it is empty, or has characters that no key has.");
  if (!(timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)) throw new TypeError(`timeoutMs: ${timeoutMs} is not from 1 to ${MAX_TIMEOUT_MS}.`);
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };

  async function send<Result>(document: TypedDocumentNode<Result, never>, variables: object = {}, { signal }: QueryOptions = {}): Promise<Result> {
    const deadline = startDeadline(timeoutMs, signal);
    let response: Response | null = null;
    const sender = new GraphQLClient(url, {
      headers,
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        // Read to the end here, to tell a connection that broke off from an answer that makes no sense.
        response = new Response((await answer.text()) || null, answer);
        return response;
      },
    });
    try {
      const data = await sender.request<Result | null | undefined>({ document, variables, signal: deadline.signal });
      if (data === null || data === undefined) throw new TypeError("The answer has no data.");
      return data;
    } catch (error) {
      throw toCatalogError(error, response, deadline.signal);
    } finally {
      deadline.clear();
    }
  }

  return {
    query: (document, ...[variables, options]) => send(document, variables, options),

    async *pages(document, variables, connection, options) {
      let { after = null } = variables;
      for (;;) {
        const page = connection(await send(document, { ...variables, after }, options));
        if (page === null) return;
        yield page;
        const { hasNextPage, endCursor } = page.pageInfo;
        if (!hasNextPage) return;
        // Without a new cursor the same page would come again, for ever.
        const next = endCursor === after ? null : endCursor;
        if (next === null) throw new CatalogError({ code: "INVALID_RESPONSE", message: "The list goes on, but does not say where." });
        after = next;
      }
    },
  };
}

function toCatalogError(error: unknown, response: Response | null, ended: AbortSignal): CatalogError {
  if (ended.reason instanceof CatalogError) return ended.reason;
  if (response !== null) return failedAnswer(response, error instanceof ClientError ? error.response.errors : undefined);
  return new CatalogError({ code: "NETWORK", message: "The catalog could not be reached.", cause: error });
}
