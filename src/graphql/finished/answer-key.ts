import type { IncomingMessage } from "node:http";
import { isJson } from "../../platform/http/json-body.js";

/** Longer ones are not kept: a query of that size was written by a machine that writes another one next time. */
const MAX_BODY_BYTES = 16_000;
const MAX_ACCEPT_CHARACTERS = 200;

/** How a request asks, if an answer to it may be the answer to another one: null = it is no query to this place, or not one that comes again. */
export function methodAsked({ method, url, headers }: IncomingMessage, path: string): "GET" | "POST" | null {
  if (url === undefined || (headers.accept?.length ?? 0) > MAX_ACCEPT_CHARACTERS) return null;
  if (method === "GET") {
    const isQuery = url.length > path.length && url.startsWith(path) && url[path.length] === "?";
    return isQuery && headers["content-length"] === undefined && headers["transfer-encoding"] === undefined && isNoForm(headers) ? "GET" : null;
  }
  if (method !== "POST" || url !== path || headers["content-type"] === undefined || !isJson(headers["content-type"])) return null;
  const bodyBytes = Number(headers["content-length"] ?? 0);
  return bodyBytes > 0 && bodyBytes <= MAX_BODY_BYTES ? "POST" : null;
}

/** Browsers send these only after they asked whether they may, so no page of another origin brought it about. The others are Apollo's to refuse. */
function isNoForm(headers: IncomingMessage["headers"]): boolean {
  return Boolean(headers["apollo-require-preflight"]) || Boolean(headers["x-apollo-operation-name"]);
}

/**
 * Everything that an answer depends on beside release and time. Bodies are told apart byte by byte: two that mean the same are two.
 * @param body null for GET, where the query is in the address.
 * @param origin that of the page, if answers say something about it.
 */
export function answerKey(audience: number, { url, headers }: IncomingMessage, body: Buffer | null, origin: string): string {
  // No header holds a line feed, so what stands before the second one is never taken for anything else. A body may be any bytes, also those of an address.
  return `${audience} ${headers.accept ?? ""}\n${origin}\n${body ? `POST ${body.toString("latin1")}` : `GET ${url}`}`;
}
