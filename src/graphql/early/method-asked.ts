import type { RequestHead } from "../../platform/http/exchange.js";
import { isJson } from "../../platform/http/json-body.js";

/** Longer ones are left to the long way: a query of that size was written by a machine that writes another one next time. */
const MAX_BODY_BYTES = 16_000;
const MAX_ACCEPT_CHARACTERS = 200;

/** How a request asks, if it may be answered early: null = it is no query to this place, or not one that comes again. */
export function methodAsked({ method, url, headers }: RequestHead, path: string): "GET" | "POST" | null {
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
function isNoForm(headers: RequestHead["headers"]): boolean {
  return Boolean(headers["apollo-require-preflight"]) || Boolean(headers["x-apollo-operation-name"]);
}
