import type { IncomingMessage } from "node:http";

const END_OF_HEAD = "\r\n\r\n";

/** How many bytes a request has whose first bytes these are; NaN = that cannot be told from them. */
export function lengthOfWhole(first: Buffer, { headers }: Pick<IncomingMessage, "headers">): number {
  const end = first.indexOf(END_OF_HEAD);
  if (end === -1 || headers["transfer-encoding"] !== undefined) return NaN;
  return end + END_OF_HEAD.length + Number(headers["content-length"] ?? 0);
}

/**
 * Whether these bytes are this one request and nothing else, written in the plainest form: then nobody can read anything else in them,
 * and the same bytes in the same place are the same request.
 */
export function readsLike(bytes: Buffer, request: Pick<IncomingMessage, "method" | "url" | "headers" | "rawHeaders">): boolean {
  const { method, url, headers, rawHeaders } = request;
  if (bytes.length !== lengthOfWhole(bytes, request) || headers.upgrade !== undefined || headers.expect !== undefined) return false;
  let head = `${method} ${url} HTTP/1.1\r\n`;
  for (let at = 0; at < rawHeaders.length; at += 2) head += `${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`;
  return bytes.toString("latin1", 0, head.length + 2) === `${head}\r\n`;
}
