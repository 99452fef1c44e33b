import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import { ApolloServerPluginDrainHttpServer } from "@apollo/server/plugin/drainHttpServer";
import { fastifyApolloDrainPlugin } from "@as-integrations/fastify";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { PermissionMap } from "../access/permission-map.js";
import type { RequestContext } from "./context.js";
import { costLimit } from "./cost.js";
import { inOrderOfAnswer } from "./error-order.js";
import { formatError, isFault } from "./errors.js";

/** The server of the schema. Off: what costs every field (cache-control bookkeeping) or loads from elsewhere (landing page). */
export function createApolloServer(
  schema: GraphQLSchema,
  permissions: PermissionMap,
  fastify: FastifyInstance<RawServerDefault>,
): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    schema,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: 5_000 },
    // Fragments that spread fragments unfold exponentially: counted without unfolding, before anything else walks them.
    maxRecursiveSelections: 10_000,
    formatError,
    // Apollo's own lines at "info" are of no use beside the request log.
    logger: { debug: () => {}, info: () => {}, warn: (message) => fastify.log.warn(message), error: (message) => fastify.log.error(message) },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      fastifyApolloDrainPlugin(fastify),
      ApolloServerPluginDrainHttpServer({ httpServer: fastify.server }),
      costLimit(schema, permissions),
      faults(fastify.log),
    ],
  });
}

/** An answer with thousands of errors helps nobody and costs a lot: the first ones say it all. */
const MAX_ERRORS = 100;

/** Logs faults with their detail, and gives callers the id under which to ask for it. */
function faults(log: FastifyBaseLogger): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue, operationName }) {
          for (const error of errors.filter(isFault).slice(0, MAX_ERRORS)) {
            log.error({ err: error.originalError ?? error, requestId: contextValue.requestId, operationName, path: error.path?.join(".") }, "a request failed");
          }
        },
        async willSendResponse({ response, contextValue }) {
          if (response.body.kind !== "single" || !response.body.singleResult.errors) return;
          response.body.singleResult.errors = inOrderOfAnswer(response.body.singleResult.errors)
            .slice(0, MAX_ERRORS)
            .map((error) =>
              error.extensions?.["code"] === "INTERNAL" ? { ...error, extensions: { ...error.extensions, requestId: contextValue.requestId } } : error,
            );
        },
      };
    },
    async unexpectedErrorProcessingRequest({ error }) {
      log.error({ err: error }, "a request could not be processed");
    },
  };
}
