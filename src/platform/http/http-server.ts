import { randomUUID } from "node:crypto";
import fastify, { LogController, type FastifyBaseLogger, type FastifyError, type FastifyInstance, type RawServerDefault } from "fastify";
import type { Logger } from "pino";

const MAX_BODY_BYTES = 100_000;

/** A server whose every answer that is not asked to be something else is JSON in the form of GraphQL errors. */
export function createHttpServer(logger: Logger, trustProxy: string | number | null = null): FastifyInstance<RawServerDefault> {
  const server = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    // Anybody can write the headers that proxies write.
    trustProxy: typeof trustProxy === "number" ? (_address: string, hop: number) => hop < trustProxy : (trustProxy ?? false),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 12_000,
    connectionTimeout: 20_000,
    keepAliveTimeout: 72_000,
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: "idle",
    // What is no HTTP at all has no request yet, and so none of what follows.
    clientErrorHandler: (error, socket) => {
      const [status, reason] = error.code === "HPE_HEADER_OVERFLOW" ? [431, "Request Header Fields Too Large"] : [400, "Bad Request"];
      const body = JSON.stringify(errorBody("BAD_REQUEST", status === 431 ? "The headers are too large." : "This is not HTTP."));
      if (socket.writable)
        socket.write(
          `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
        );
      socket.destroy();
    },
    // What fastify cannot route (a malformed escape in the path) would otherwise be answered in its own format.
    frameworkErrors: (_error, _request, reply) => {
      reply.statusCode = 400;
      reply.header("content-type", "application/json; charset=utf-8").serializer(String);
      reply.send(JSON.stringify(errorBody("BAD_REQUEST", "The address of the request is malformed.")) as never); // The route, and so the reply's type, is not known here.
    },
  });
  server.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id).header("x-content-type-options", "nosniff");
  });
  server.addHook("onResponse", async (request, reply) => {
    request.log.info(
      { requestId: request.id, method: request.method, path: request.url.split("?", 1)[0], status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      "answered",
    );
  });
  server.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody("NOT_FOUND", "There is nothing here. The API is at /graphql.")));
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send(errorBody("BAD_REQUEST", CLIENT_ERRORS[error.code] ?? "The request is malformed."));
    request.log.error({ err: error, requestId: request.id }, "a request failed");
    return reply.code(500).send(errorBody("INTERNAL", "Something went wrong on our side.", request.id));
  });
  return server;
}

/** Answers requests for a place that is there, in a way that it does not know. */
export function refuseOtherMethods(server: FastifyInstance<RawServerDefault>, url: string, allowed: string): void {
  server.route({
    url,
    method: ["PUT", "PATCH", "DELETE", "OPTIONS"],
    handler: async (_request, reply) =>
      reply
        .code(405)
        .header("allow", allowed)
        .send(errorBody("METHOD_NOT_ALLOWED", `Send ${allowed.replace(", ", " or ")}.`)),
  });
}

/** In our words: those of the framework name its parts. */
const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: `The body is larger than ${MAX_BODY_BYTES} bytes.`,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "Send the body as content-type application/json.",
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty: send {"query": …}.',
  FST_ERR_CTP_INVALID_JSON_BODY: "The body is not JSON.",
};

function errorBody(code: string, message: string, requestId?: string): object {
  return { errors: [{ message, extensions: { code, ...(requestId === undefined ? {} : { requestId }) } }] };
}
