import type { FastifyInstance, RawServerDefault } from "fastify";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/** Bodies that were read before the server got its request. */
const bodies = new WeakMap<IncomingMessage, Buffer>();

/**
 * Reads a body of a known length before the server does, who is then given it again.
 * @param whole is called once all of it has come; never if the client goes away before, or sends another length than it said.
 */
export function readEarly(request: IncomingMessage, whole: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    const [first] = chunks;
    const body = chunks.length === 1 && first ? first : Buffer.concat(chunks);
    bodies.set(request, body);
    whole(body);
  });
}

/** Lets the server read what was read early. */
export function acceptEarlyBodies(server: FastifyInstance<RawServerDefault>): void {
  server.addHook("preParsing", (request, _reply, payload, done) => {
    const body = bodies.get(request.raw);
    done(null, body ? Readable.from([body]) : payload);
  });
}
