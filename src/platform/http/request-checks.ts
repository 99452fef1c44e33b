import type { FastifyReply, FastifyRequest } from "fastify";
import type { IncomingMessage } from "node:http";
import { errorBody } from "./error-body.js";
import type { HttpLimits } from "./http-limits.js";

/** Headers of which a second one would be dropped or joined, so that we and whoever stands before us could each see another request. */
const SINGLE = new Set([
  ...["authorization", "content-encoding", "content-length", "content-type", "host", "origin", "transfer-encoding"],
  ...["catalog-consistency", "catalog-min-release"],
]);

interface Problem {
  readonly status: 400 | 414 | 415 | 431;
  readonly message: string;
}

/** What of a request is too much or can be read in two ways, as far as its headers tell; null = nothing. */
export function findProblem({ rawHeaders, url, headers, httpVersion }: IncomingMessage, { headerCount, urlCharacters }: HttpLimits): Problem | null {
  if (url !== undefined && url.length > urlCharacters)
    return { status: 414, message: `The address is longer than ${urlCharacters} characters: send the query by POST.` };
  if (rawHeaders.length > 2 * headerCount) return { status: 431, message: `There are more than ${headerCount} headers.` };
  if (headers.host === undefined && httpVersion !== "1.0") return { status: 400, message: "The header host is missing." };
  // Where each name was taken up, none is there twice.
  const twice = rawHeaders.length === 2 * Object.keys(headers).length ? null : findTwice(rawHeaders);
  if (twice !== null) return { status: 400, message: `The header ${twice} is there twice.` };
  const encoding = headers["content-encoding"];
  // A few bytes can unfold to gigabytes; queries are small, so none needs it.
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") return { status: 415, message: "Send the body as it is, without a content-encoding." };
  return null;
}

/** Refuses such requests before their body is read. */
export function requestChecks(limits: HttpLimits) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const problem = findProblem(request.raw, limits);
    if (problem === null) return done();
    if (problem.status === 415) void reply.header("accept-encoding", "identity");
    refuse(reply, problem);
  };
}

/** The connection ends with it: what else is sent on it would be read for nothing. */
function refuse(reply: FastifyReply, { status, message }: Problem): void {
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
