import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import { ApolloServerPluginDrainHttpServer } from "@apollo/server/plugin/drainHttpServer";
import { fastifyApolloDrainPlugin } from "@as-integrations/fastify";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { DocumentNode, GraphQLSchema } from "graphql";
import type { PermissionMap } from "../access/permission-map.js";
import { boundedCache } from "../platform/graphql/bounded-cache.js";
import type { RequestContext } from "./context.js";
import type { CostLimit } from "./limits/cost-limit.js";
import { FinishedData } from "./compiled/finished-data.js";
import type { CompiledExecution } from "./compiled/compiled-execution.js";
import { compiledPlugin } from "./compiled/compiled-plugin.js";
import { bytesOfDocument } from "./limits/document-bytes.js";
import { documentGate } from "./limits/document-gate.js";
import { DOCUMENT_LIMITS } from "./limits/document-limits.js";
import { inOrderOfAnswer } from "./errors/error-order.js";
import { formatError, isFault } from "./errors/errors.js";
import type { ReleasedOperations } from "./finished/released-operations.js";
import { freshMutations } from "./fresh-mutations.js";
import { introspection } from "./introspection.js";
import { legacyStatus } from "./errors/legacy-status.js";

/** What queries are looked at and answered by, whichever way they come. */
export interface Execution {
  readonly costs: CostLimit;
  readonly released: ReleasedOperations;
  /** Null = graphql-js answers all of them. */
  readonly compiled: CompiledExecution | null;
}

/** The server of the schema. Off: what costs every field (cache-control bookkeeping) or loads from elsewhere (landing page). */
export function createApolloServer(
  schema: GraphQLSchema,
  permissions: PermissionMap,
  { costs, released, compiled }: Execution,
  fastify: FastifyInstance<RawServerDefault>,
): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    schema,
    introspection: true,
    // Suggestions would name what the caller may not see.
    hideSchemaDetailsFromClientErrors: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    // By hash, so that no caller can put a document of its own in another's place.
    persistedQueries: { cache: boundedCache<string>({ maxCount: 1_000, maxWeight: 4_000_000, weigh: (text) => text.length }), ttl: null },
    documentStore: boundedCache<DocumentNode>({ maxCount: 2_000, maxWeight: 64_000_000, weigh: bytesOfDocument }),
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: DOCUMENT_LIMITS.tokens },
    maxRecursiveSelections: DOCUMENT_LIMITS.selections,
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    formatError,
    ...(compiled ? { stringifyResult: FinishedData.stringify } : {}),
    // Apollo's own lines at "info" are of no use beside the request log.
    logger: { debug: () => {}, info: () => {}, warn: (message) => fastify.log.warn(message), error: (message) => fastify.log.error(message) },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ...drainWith(fastify),
      documentGate(),
      costs.plugin,
      introspection(schema, permissions),
      freshMutations(),
      // Behind what answers in place of the schema that plans are made for.
      ...(compiled ? [compiledPlugin(schema, compiled)] : []),
      faults(fastify.log),
      legacyStatus(),
      keptNowhere(),
      released.plugin,
    ],
  });
}

/** Lets requests under way finish when Apollo is told to stop. Each does a half: the one closes the server, the other its connections. */
export function drainWith(fastify: FastifyInstance<RawServerDefault>): ApolloServerPlugin[] {
  return [fastifyApolloDrainPlugin(fastify), ApolloServerPluginDrainHttpServer({ httpServer: fastify.server })];
}

/** An answer is for its caller alone, unless something says otherwise. */
function keptNowhere(): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { http } }) {
          if (!http.headers.has("cache-control")) http.headers.set("cache-control", "no-store");
        },
      };
    },
  };
}

/** Each of them is computed, and a document with so many was not written to be answered. */
const MAX_VALIDATION_ERRORS = 20;

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
