import { createHash } from "node:crypto";
import type { HTTPGraphQLRequest } from "@apollo/server";
import { GraphQLError } from "graphql";
import { can, type Viewer } from "../../access/viewer.js";
import { isJsonObject } from "../../kernel/json-object.js";
import { badRequest } from "../errors/bad-request.js";

/** Documents by the SHA-256 of their text, in hexadecimal. */
export type TrustedDocuments = ReadonlyMap<string, string>;

export function hashDocument(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

interface Asked {
  /** As the parameter that clients agreed on, or as that of Apollo's clients. */
  readonly id: string | null;
  readonly byApollo: boolean;
  readonly query: string | null;
}

/**
 * Finds the document that is asked for by its hash. Where there are trusted documents, callers without `documents:any` may send
 * no other, neither by hash nor by text. What others send by Apollo's extension is left to Apollo, which keeps what it was sent.
 */
export function resolveDocument(request: HTTPGraphQLRequest, viewer: Viewer, trusted: TrustedDocuments | null): HTTPGraphQLRequest {
  const asked = readAsked(request);
  if (asked.id === null) {
    if (asked.query !== null && !maySend(asked.query, viewer, trusted)) throw notTrusted();
    return request;
  }
  if (!asked.byApollo && asked.query !== null) throw badRequest("Send either `documentId` or `query`.", "BAD_REQUEST");
  if (asked.query !== null && hashDocument(asked.query) !== asked.id) throw badRequest("The hash is not that of the query.", "BAD_REQUEST");
  const known = trusted?.get(asked.id);
  if (known !== undefined) return withQuery(request, known);
  if (!maySendAny(viewer, trusted)) throw notTrusted();
  if (!asked.byApollo) throw badRequest("There is no document with this id. Send it as `query`.", "UNKNOWN_DOCUMENT");
  return request;
}

/** Whether a caller may have a document run that it sends as text. */
export function maySend(query: string, viewer: Viewer, trusted: TrustedDocuments | null): boolean {
  return maySendAny(viewer, trusted) || trusted?.has(hashDocument(query)) === true;
}

function maySendAny(viewer: Viewer, trusted: TrustedDocuments | null): boolean {
  return trusted === null || can(viewer, "documents:any");
}

function notTrusted(): GraphQLError {
  return new GraphQLError("Only documents that this API was told of are taken from you. Send one of those, or a credential that may send any.", {
    extensions: { code: "DOCUMENT_NOT_TRUSTED", http: { status: 403 } },
  });
}

function readAsked({ method, body, search }: HTTPGraphQLRequest): Asked {
  const given = method === "GET" ? readSearch(search) : isJsonObject(body) ? body : {};
  const { documentId, query, extensions } = given;
  const persisted = isJsonObject(extensions) ? extensions["persistedQuery"] : undefined;
  const text = typeof query === "string" ? query : null;
  if (documentId !== undefined && documentId !== null) return { id: readHash(documentId), byApollo: false, query: text };
  if (!persisted) return { id: null, byApollo: false, query: text };
  if (!isJsonObject(persisted) || persisted["version"] !== 1) throw badRequest("`persistedQuery` has to have version 1.", "BAD_REQUEST");
  return { id: readHash(persisted["sha256Hash"]), byApollo: true, query: text };
}

function readSearch(search: string): Record<string, unknown> {
  const parameters = new URLSearchParams(search);
  // What is given twice is refused by Apollo, in its words; so it is for this.
  if (parameters.getAll("documentId").length > 1) throw badRequest("Send `documentId` once.", "BAD_REQUEST");
  const extensions = parameters.get("extensions");
  return { documentId: parameters.get("documentId"), query: parameters.get("query"), extensions: extensions === null ? undefined : readJson(extensions) };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Apollo says that it is no JSON.
  }
}

function readHash(value: unknown): string {
  const hash = typeof value === "string" ? /^(?:sha256:)?([0-9a-f]{64})$/.exec(value)?.[1] : undefined;
  if (hash === undefined) throw badRequest("A document is asked for by the SHA-256 of its text, in 64 hexadecimal digits.", "BAD_REQUEST");
  return hash;
}

function withQuery(request: HTTPGraphQLRequest, query: string): HTTPGraphQLRequest {
  if (request.method === "GET") {
    const parameters = new URLSearchParams(request.search);
    parameters.set("query", query);
    parameters.delete("extensions");
    return { ...request, search: `?${parameters.toString()}` };
  }
  const { extensions: _found, ...others } = isJsonObject(request.body) ? request.body : {};
  return { ...request, body: { ...others, query } };
}
