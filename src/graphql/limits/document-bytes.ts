import type { DocumentNode } from "graphql";

/** A token and the nodes made of it take half a kilobyte, as measured for documents of long and of short names. */
const TOKEN_BYTES = 500;

/** How much memory a parsed document takes, about. */
export function bytesOfDocument({ loc }: DocumentNode): number {
  let tokens = 1;
  for (let token = loc?.startToken.next; token; token = token.next) tokens++;
  return TOKEN_BYTES * tokens + 2 * (loc?.source.body.length ?? 0);
}
