import type { FastifyReply, FastifyRequest } from "fastify";
import { errorBody } from "./error-body.js";
import type { HttpLimits } from "./http-limits.js";

/** Headers of which a second one would be dropped or joined, so that we and whoever stands before us could each see another request. */
const SINGLE = new Set([
  ...["authorization", "content-encoding", "content-length", "content-type", "host", "origin", "transfer-encoding"],
  ...["catalog-consistency", "catalog-min-release"],
]);

/** Refuses what is too much or can be read in two ways, before its body is read. */
export function requestChecks({ headerCount, urlCharacters }: HttpLimits) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { rawHeaders } = request.raw;
    if (request.raw.url !== undefined && request.raw.url.length > urlCharacters)
      return refuse(reply, 414, `The address is longer than ${urlCharacters} characters: send the query by POST.`);
    if (rawHeaders.length > 2 * headerCount) return refuse(reply, 431, `There are more than ${headerCount} headers.`);
    if (request.headers.host === undefined && request.raw.httpVersion !== "1.0") return refuse(reply, 400, "The header host is missing.");
    const twice = findTwice(rawHeaders);
    if (twice !== null) return refuse(reply, 400, `The header ${twice} is there twice.`);
    const encoding = request.headers["content-encoding"];
    if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
      // A few bytes can unfold to gigabytes; queries are small, so none needs it.
      void reply.header("accept-encoding", "identity");
      return refuse(reply, 415, "Send the body as it is, without a content-encoding.");
    }
    done();
  };
}

/** The connection ends with it: what else is sent on it would be read for nothing. */
function refuse(reply: FastifyReply, status: 400 | 414 | 415 | 431, message: string): void {
  const body = status === 415 ? errorBody("UNSUPPORTED_MEDIA_TYPE", message) : errorBody("BAD_REQUEST", message);
  void reply.code(status).header("connection", "close").send(body);
}

function findTwice(rawHeaders: readonly string[]): string | null {
  let seen: string[] | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen?.includes(name)) return name;
    (seen ??= []).push(name);
  }
  return null;
}
