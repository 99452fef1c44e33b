import type { RequestHead } from "../../platform/http/exchange.js";

/**
 * Everything that an answer depends on beside release and time. Bodies are told apart byte by byte: two that mean the same are two.
 * @param body null for GET, where the query is in the address.
 * @param origin that of the page, if answers say something about it.
 */
export function answerKey(audience: number, { url, headers }: RequestHead, body: Buffer | null, origin: string): string {
  // No header holds a line feed, so what stands before the second one is never taken for anything else. A body may be any bytes, also those of an address.
  return `${audience} ${headers.accept ?? ""}\n${origin}\n${body ? `POST ${body.toString("latin1")}` : `GET ${url}`}`;
}
