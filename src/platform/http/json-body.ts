import type { FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from "fastify";
import { errorBody } from "./error-body.js";

/** JSON is UTF-8. Any other parameter could be understood by somebody else as something else. */
const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*(?:utf-8|"utf-8")[ \t]*)?$/i;
/** Left to Apollo, which refuses it as what a page of any origin may send without asking first. */
const PLAIN_TEXT = /^text\/plain[ \t]*(?:;|$)/i;

/** Whether a body is said to be JSON, in no other way than this. */
export function isJson(contentType: string): boolean {
  return contentType === "application/json" || JSON_TYPE.test(contentType);
}

/** Refuses a body that is said to be anything but JSON in UTF-8, before it is read. */
export function requireJsonBody(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const type = request.headers["content-type"];
  if (type === undefined || request.method !== "POST" || isJson(type) || PLAIN_TEXT.test(type)) return done();
  void reply.code(415).header("connection", "close").send(errorBody("UNSUPPORTED_MEDIA_TYPE", "Send the body as content-type application/json, in UTF-8."));
}

/** Refuses bytes that are no UTF-8 instead of replacing them. */
export const utf8 = new TextDecoder("utf-8", { fatal: true });

/** What cannot be read as the JSON that it is said to be. */
class UnreadableBody extends Error {
  readonly statusCode = 400;
  readonly code = "UNREADABLE_BODY";
}

/** Reads JSON bodies strictly: bytes that are no UTF-8 are refused instead of replaced, and so are keys that would reach a prototype. */
export function readJsonStrictly(server: FastifyInstance<RawServerDefault>): void {
  const parse = server.getDefaultJsonParser("error", "error");
  server.removeContentTypeParser("application/json");
  server.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body: Buffer, done) => {
    let text: string;
    try {
      text = utf8.decode(body);
    } catch {
      return done(new UnreadableBody("The body is not UTF-8."), undefined);
    }
    return parse(request, text, done);
  });
}
