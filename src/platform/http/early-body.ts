import type { FastifyInstance, RawServerDefault } from "fastify";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/** Bodies that were read before the server got its request. */
const bodies = new WeakMap<IncomingMessage, Buffer>();

/**
 * Reads a body of a known length before the server does.
 * @param whole is called once all of it has come; never if the client goes away before, or sends another length than it said.
 */
export function readEarly(request: IncomingMessage, whole: (body: Buffer) => void): void {
  let body: Buffer | undefined;
  request.on("data", (chunk: Buffer) => (body = body ? Buffer.concat([body, chunk]) : chunk));
  request.on("end", () => whole(body ?? Buffer.alloc(0)));
}

/** Has the server read this in place of the body that was read early. */
export function giveBack(request: IncomingMessage, body: Buffer): void {
  bodies.set(request, body);
}

/** Lets the server read what was read early. */
export function acceptEarlyBodies(server: FastifyInstance<RawServerDefault>): void {
  server.addHook("preParsing", (request, _reply, payload, done) => {
    const body = bodies.get(request.raw);
    done(null, body ? Readable.from([body]) : payload);
  });
}
