import { randomUUID } from "node:crypto";
import fastify, { LogController, type FastifyBaseLogger, type FastifyError, type FastifyInstance, type RawServerDefault } from "fastify";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import { ANSWER_HEADERS } from "./answer-headers.js";
import { trustOf, type TrustedProxies } from "./client-address.js";
import { answerClientError } from "./client-errors.js";
import { acceptEarlyBodies } from "./early-body.js";
import { errorBody } from "./error-body.js";
import { ParsedExchange, type Front, type RepeatedRequest } from "./exchange.js";
import { HTTP_LIMITS, type HttpLimits } from "./http-limits.js";
import { readJsonStrictly } from "./json-body.js";
import { RepeatedRequests } from "./repeats/repeated-requests.js";
import { requestChecks } from "./request-checks.js";

export interface HttpServerOptions {
  readonly limits?: HttpLimits;
  readonly trustProxy?: TrustedProxies;
  /** Sees every request first. What it does not answer it hands on. */
  readonly front?: Front;
  /** How much is remembered of requests, so that the front gets them again without the parser; null = nothing. */
  readonly repeatedBytes?: number | null;
}

/** A server whose every answer that is not asked to be something else is JSON in the form of GraphQL errors. */
export function createHttpServer(
  logger: Logger,
  { limits = HTTP_LIMITS, trustProxy = null, front, repeatedBytes = null }: HttpServerOptions = {},
): FastifyInstance<RawServerDefault> {
  const repeats = front && repeatedBytes !== null ? new RepeatedRequests(front, repeatedBytes, Math.floor(limits.keepAliveMs / 1_000), limits.silenceMs) : null;
  const server = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    trustProxy: trustOf(trustProxy),
    bodyLimit: limits.bodyBytes,
    serverFactory: (handle) => (front ? listenerBehind(front, repeats, limits, handle) : listenerOf(limits, handle)),
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: "idle",
    // A proxy may send the whole address, as it would to another proxy; whose it is was its business.
    rewriteUrl: ({ url = "/" }) => (url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?#]*(?=[/?#]|$)\/?/i, "/")),
    clientErrorHandler: answerClientError,
    // What fastify cannot route (a malformed escape in the path) would otherwise be answered in its own format.
    frameworkErrors: (_error, _request, reply) => {
      reply.statusCode = 400;
      reply.headers(ANSWER_HEADERS).header("content-type", "application/json; charset=utf-8").serializer(String);
      reply.send(JSON.stringify(errorBody("BAD_REQUEST", "The address of the request is malformed.")) as never); // The route, and so the reply's type, is not known here.
    },
  });
  // A body that is announced with an expectation that nobody knows is not waited for.
  server.server.on("checkExpectation", (_request, response) => {
    const body = JSON.stringify(errorBody("BAD_REQUEST", "The header Expect asks for what is not done here."));
    response
      .writeHead(417, { ...ANSWER_HEADERS, "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(body), connection: "close" })
      .end(body);
  });
  if (front) acceptEarlyBodies(server);
  // Node would take their connections for idle ones.
  if (repeats) server.addHook("preClose", () => repeats.whenSettled());
  readJsonStrictly(server);
  server.addHook("onRequest", (request, reply, done) => {
    void reply.headers(ANSWER_HEADERS).header("x-request-id", request.id);
    done();
  });
  server.addHook("onRequest", requestChecks(limits));
  server.addHook("onResponse", async (request, reply) => {
    // The route, never the address as it was sent: some write secrets into it.
    const path = request.routeOptions.url ?? "(none)";
    request.log.info({ requestId: request.id, method: request.method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, "answered");
  });
  server.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody("NOT_FOUND", "There is nothing here. The API is at /graphql.")));
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send(clientError(error, limits));
    request.log.error({ err: error, requestId: request.id }, "a request failed");
    return reply.code(500).send(errorBody("INTERNAL", "Something went wrong on our side.", request.id));
  });
  return server;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

function listenerBehind(front: Front, repeats: RepeatedRequests | null, limits: HttpLimits, handle: Handle): Server {
  const onGood = (exchange: ParsedExchange): RepeatedRequest | null => repeats?.remember(exchange) ?? null;
  const server = listenerOf(limits, (request, response) => {
    repeats?.follow(request, response);
    front.receive(new ParsedExchange(request, response, () => handle(request, response), onGood));
  });
  repeats?.watch(server);
  return server;
}

function listenerOf(limits: HttpLimits, handle: Handle): Server {
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
      // A parser that overlooks what is malformed is one that can be made to see other requests than the proxy before it.
      insecureHTTPParser: false,
      // Checked with the others, for an answer like theirs.
      requireHostHeader: false,
    },
    handle,
  );
  server.setTimeout(limits.silenceMs);
  // Beyond its own limit Node drops headers without a word; ours refuses the request.
  server.maxHeadersCount = 0;
  return server;
}

/** Answers requests for a place that is there, in a way that it does not know. */
export function refuseOtherMethods(server: FastifyInstance<RawServerDefault>, url: string, allowed: string): void {
  server.route({
    url,
    method: ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"],
    handler: async (_request, reply) =>
      reply
        .code(405)
        .header("allow", allowed)
        .send(errorBody("METHOD_NOT_ALLOWED", `Send ${allowed.replace(", ", " or ")}.`)),
  });
}

/** In our words: those of the framework name its parts. */
function clientError({ code }: FastifyError, { bodyBytes }: HttpLimits): object {
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return errorBody("BAD_REQUEST", `The body is larger than ${bodyBytes} bytes.`);
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return errorBody("UNSUPPORTED_MEDIA_TYPE", "Send the body as content-type application/json, in UTF-8.");
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return errorBody("BAD_REQUEST", 'The body is empty: send {"query": …}.');
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return errorBody("BAD_REQUEST", "Invalid JSON, or a key in it that no body may have.");
    case "UNREADABLE_BODY":
      return errorBody("BAD_REQUEST", "The body is not UTF-8.");
    default:
      return errorBody("BAD_REQUEST", "The request is malformed.");
  }
}
