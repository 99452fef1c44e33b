import { HeaderMap, type ApolloServer, type BaseContext, type HTTPGraphQLRequest } from "@apollo/server";
import type { FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from "fastify";
import { Readable } from "node:stream";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import { allowOrigins } from "../../platform/http/cors.js";
import { HTTP_LIMITS } from "../../platform/http/http-limits.js";
import { LATE, within } from "../../platform/http/in-time.js";
import { refuseOtherMethods } from "../../platform/http/http-server.js";
import { requireJsonBody } from "../../platform/http/json-body.js";
import { NOT_IN_TIME } from "../errors/errors.js";

/** One request, before anything is known of who sends it. */
export interface OpenedRequest<Context extends BaseContext> {
  /** May replace the body and the query of the request that Apollo then reads. */
  readonly context: () => Promise<Context>;
  /** What goes with every answer, also with one that says no. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** Sees an answer before it is sent, and may put another one in its place. Absent = nobody wants to. */
  readonly finish?: ((answer: AnswerMade & { readonly body: string }) => MaybePromise<AnswerMade | null>) | undefined;
}

/** A whole answer. */
export interface AnswerMade {
  readonly status: number;
  readonly headers: Readonly<Record<string, number | string | string[] | undefined>>;
  /** Null = it has none. */
  readonly body: string | null;
}

export interface EndpointOptions<Context extends BaseContext> {
  readonly path: string;
  readonly open: (request: FastifyRequest, graphql: HTTPGraphQLRequest) => OpenedRequest<Context>;
  /** Origins of pages that may ask and read the answers. */
  readonly corsOrigins: readonly string[];
  /** After which a caller is told to try again. What is under way is bounded by limits of its own. */
  readonly answerMs?: number;
}

const METHODS = "GET, POST";

/** GraphQL over HTTP at one path of the server. Apollo must have been started. */
export async function addGraphqlEndpoint<Context extends BaseContext>(
  server: FastifyInstance<RawServerDefault>,
  apollo: ApolloServer<Context>,
  { path, open, corsOrigins, answerMs = HTTP_LIMITS.answerMs }: EndpointOptions<Context>,
): Promise<void> {
  await server.register(async (scope: FastifyInstance<RawServerDefault>) => {
    await allowOrigins(scope, corsOrigins);
    scope.addHook("onRequest", requireJsonBody);
    scope.route({
      url: path,
      method: ["GET", "POST"],
      // HEAD would run the query for nothing.
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const graphql = toApollo(request);
        const opened = open(request, graphql);
        // Fastify's own limit ends with the body of the request, before the work begins.
        const answer = await within(answerMs, apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest: graphql, context: opened.context }));
        void reply.headers(opened.headers());
        if (answer === LATE) {
          request.log.error({ requestId: request.id }, "a request was not answered in time");
          return reply.code(NOT_IN_TIME.status).headers(NOT_IN_TIME.headers).send(NOT_IN_TIME.body);
        }
        // How long a good answer may be kept is Apollo's to say, and that of its plugins.
        if ((answer.status ?? 200) < 400) reply.removeHeader("cache-control");
        for (const [name, value] of answer.headers) void reply.header(name, value);
        const status = answer.status ?? 200;
        if (!opened.finish || answer.body.kind !== "complete") return send(reply.code(status), answer.body);
        const made = { status, headers: reply.getHeaders(), body: answer.body.string };
        const sent = (await opened.finish(made)) ?? made;
        for (const [name, value] of Object.entries(sent.headers)) void (value === undefined ? reply.removeHeader(name) : reply.header(name, value));
        // An answer without a body says nothing of its length, either.
        return reply.code(sent.status).send(sent.body ?? undefined);
      },
    });
    refuseOtherMethods(scope, path, METHODS);
  });
}

function send(reply: FastifyReply, body: Awaited<ReturnType<ApolloServer["executeHTTPGraphQLRequest"]>>["body"]): FastifyReply {
  return reply.send(body.kind === "complete" ? body.string : Readable.from(body.asyncIterator));
}

/** The query of the address is taken as it was sent: what the host is said to be has no part in it, and may be anything. */
function toApollo({ method, url, headers, body }: FastifyRequest): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const query = url.indexOf("?");
  return { method, headers: map, search: query === -1 ? "" : url.slice(query), body };
}
