import type { FastifyInstance, RawServerDefault } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { ApiKeyService } from "./access/api-keys/api-key.service.js";
import { PgApiKeyRepository } from "./access/api-keys/storage/pg-api-key.repository.js";
import { Authentication } from "./access/authentication.service.js";
import { JwtVerifier } from "./access/tokens/jwt-verifier.service.js";
import type { TokenIssuer } from "./access/tokens/token-issuer.js";
import { RateLimiter } from "./access/rate-limits/rate-limiter.service.js";
import type { RateLimits } from "./access/rate-limits/rate-limit.js";
import { PgRateLimitRepository } from "./access/rate-limits/storage/pg-rate-limit.repository.js";
import { PgUniqueCodeRepository } from "./catalog/codes/storage/pg-unique-code.repository.js";
import { UniqueCodes } from "./catalog/codes/unique-codes.service.js";
import { readSigningKeys } from "./catalog/quotes/quote-signature.js";
import { PgStoredQuoteRepository } from "./catalog/quotes/storage/pg-stored-quote.repository.js";
import { StoredQuotes } from "./catalog/quotes/stored-quotes.service.js";
import type { CurrentRelease } from "./catalog/releases/current-release.service.js";
import { CatalogEdge } from "./catalog/releases/graphql/catalog-list.js";
import { CatalogView } from "./catalog/releases/graphql/catalog-view.js";
import { SharedViews } from "./catalog/releases/graphql/shared-views.js";
import { RELEASE_CHANNEL } from "./catalog/releases/publishing.js";
import { QuotedDiscountUses } from "./customers/redemptions/discount-uses.service.js";
import { QuoteRedemptions } from "./customers/redemptions/quote-redemption.service.js";
import { RedemptionService } from "./customers/redemptions/redemption.service.js";
import { PgRedemptionRepository } from "./customers/redemptions/storage/pg-redemption.repository.js";
import { releaseFor } from "./graphql/arrival/consistency.js";
import { CostLimit } from "./graphql/limits/cost-limit.js";
import type { EarlyRequests } from "./graphql/early/early-requests.js";
import { openEarly } from "./graphql/early/open-early.js";
import { AnswerStore, type AnswerStoreCounts } from "./graphql/finished/answer-store.js";
import { KeptAnswers } from "./graphql/finished/kept-answers.js";
import { isReleasedField, ReleasedOperations } from "./graphql/finished/released-operations.js";
import { Horizon } from "./catalog/releases/horizon.js";
import { createApolloServer, type Execution } from "./graphql/apollo.js";
import { CompiledExecution, type CompiledStats } from "./graphql/compiled/compiled-execution.js";
import type { Constancy } from "./graphql/compiled/remembered-texts.js";
import { addGraphqlEndpoint } from "./graphql/arrival/endpoint.js";
import { arriveBy } from "./graphql/arrival/arrival.js";
import { createReachFinder } from "./graphql/schema/reach-finder.js";
import { createResolvers, type CatalogRepositories, type LiveData } from "./graphql/schema/resolvers.js";
import { buildGatewaySchema, permissionMap, releasedFields } from "./graphql/schema/schema.js";
import type { TrustedDocuments } from "./graphql/arrival/trusted-documents.js";
import type { Clock } from "./platform/clock.js";
import type { Database } from "./platform/database/database.js";
import { checkDatabase } from "./platform/database/migrations.js";
import { MIGRATIONS_FOLDER } from "./platform/database/open-database.js";
import { repeat } from "./platform/repeat.js";
import { askEachTime, createMemory, createRepositories, followRelease, tellingOfMemory } from "./repositories.js";
import { clientAddressBy, type TrustedProxies } from "./platform/http/client-address.js";
import { HTTP_LIMITS } from "./platform/http/http-limits.js";
import { explorer } from "./platform/http/explorer.js";
import { addHealth } from "./platform/http/health.js";
import { createHttpServer } from "./platform/http/http-server.js";
import { addFrontPage } from "./platform/http/front-page.js";

export interface AppParts {
  readonly database: Database;
  readonly apiKeyPepper: string;
  readonly codePepper: string;
  /** See `readSigningKeys`. */
  readonly quoteSigningKeys: string;
  /** Without any, no token is good. */
  readonly tokenIssuers?: readonly TokenIssuer[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the built explorer is; it may be absent. */
  readonly explorerFolder: string;
  /** Origins of pages that may call from a browser; without any, only our own explorer may. */
  readonly corsOrigins?: readonly string[];
  /** Null = nobody is limited. */
  readonly rateLimits?: RateLimits | null;
  /** Null = everybody may send any document. */
  readonly trustedDocuments?: TrustedDocuments | null;
  /** Which proxies are believed; null = none. */
  readonly trustProxy?: TrustedProxies;
  /** How the current release is known without asking; null = every request asks the database for it. */
  readonly currentRelease?: { readonly pollMs: number } | null;
  /** How much of the catalog is held in memory; null = none. */
  readonly memory?: { readonly bytes: number } | null;
  /** Of how many documents plans are kept by which their queries are answered; null = graphql-js answers all of them. */
  readonly compiled?: { readonly documents: number } | null;
  /** Answers that are sent again as they are; null = none. Only with a current release that is known. */
  readonly finishedAnswers?: FinishedAnswersOptions | null;
  /** How much is remembered of requests, so that they are known by their bytes when they come again; null = all are parsed. */
  readonly repeatedRequests?: { readonly bytes: number } | null;
}

export interface FinishedAnswersOptions {
  readonly bytes: number;
  /** For how long others may keep an answer without asking whether it is still good. */
  readonly maxAgeSeconds: number;
}

export interface App {
  readonly server: FastifyInstance<RawServerDefault>;
  readonly apiKeys: ApiKeyService;
  readonly schema: GraphQLSchema;
  /** Null = nobody is limited. */
  readonly limiter: RateLimiter | null;
  /** Who publishes in this process tells it. Null = every request asks the database. */
  readonly currentRelease: CurrentRelease | null;
  /** Null = nothing is compiled. */
  readonly compiled: Readonly<CompiledStats> | null;
  /** Null = no answer is kept. */
  readonly finishedAnswers: Readonly<AnswerStoreCounts> | null;
  /** Null = nothing is answered before the server proper. */
  readonly early: Readonly<EarlyRequests["stats"]> | null;
  /** Returns the address that it listens on. */
  listen(host: string, port: number): Promise<{ url: string }>;
  /** Takes no more requests, finishes those under way. `drainMs`: how long load balancers get to notice. */
  close(drainMs?: number): Promise<void>;
}

const EXPIRE_EVERY_MS = 5_000;
/** How long gateways limit without hearing of each other. */
const SHARE_LIMITS_EVERY_MS = 150;

/** Of a shared view everything is, but for what some callers are not shown. */
const CATALOG_CONSTANCY: Constancy = {
  isConstant: (type, field) => releasedFields[type]?.[field] === "open" && isReleasedField(releasedFields, type, field),
  isShared: (source) =>
    source instanceof CatalogEdge
      ? source.view.isShared
      : "__typename" in source && "view" in source && source.view instanceof CatalogView && source.view.isShared,
};

/** The composition root: the one file that knows every part. */
export async function createApp(parts: AppParts): Promise<App> {
  const { database, apiKeyPepper, codePepper, quoteSigningKeys, tokenIssuers = [], clock, logger, explorerFolder } = parts;
  const {
    corsOrigins = [],
    rateLimits = null,
    trustedDocuments: trusted = null,
    trustProxy = null,
    finishedAnswers = null,
    memory = null,
    compiled: compiling = null,
  } = parts;
  const stored = createRepositories(database);
  const inMemory = memory && createMemory(stored, database, { bytes: memory.bytes, ...tellingOfMemory(logger) });
  // Loads the current release before anybody asks; where that fails, it is tried again when somebody does.
  await inMemory?.store.bringTo(0).catch(() => undefined);
  const { repositories } = inMemory ?? { repositories: stored };
  const currentRelease = parts.currentRelease ? followRelease(parts.currentRelease.pollMs, stored.releases, inMemory?.store ?? null, logger) : null;
  const redemptions = new PgRedemptionRepository(database.pool);
  const redemptionService = new RedemptionService(redemptions);
  const storedQuotes = new StoredQuotes(new PgStoredQuoteRepository(database.pool, database.prisma), readSigningKeys(quoteSigningKeys));
  const live: LiveData = {
    ...{ redemptions, storedQuotes, clock },
    uniqueCodes: new UniqueCodes(new PgUniqueCodeRepository(database.reads), codePepper),
    discountUses: new QuotedDiscountUses(redemptions, clock),
    quoteRedemptions: new QuoteRedemptions(storedQuotes, redemptionService, redemptions),
  };
  const apiKeys = new ApiKeyService(new PgApiKeyRepository(database.pool, database.prisma), apiKeyPepper, clock);
  const tokens = new JwtVerifier({
    ...{ issuers: tokenIssuers, clock },
    onKeysUnavailable: (issuer, err) => logger.warn({ issuer, err }, "the keys of an issuer of tokens cannot be had"),
  });
  const notifications = database.listen({
    channels: { api_key: (id) => apiKeys.known.forget(id), [RELEASE_CHANNEL]: (number) => currentRelease?.hear(number) },
    onGap: () => {
      apiKeys.known.forgetAll();
      void currentRelease?.look();
    },
    onLost: (err) => logger.warn({ err }, "not told of changes by the database for now; trying again"),
  });
  const schema = buildGatewaySchema(createResolvers(repositories, live, apiKeys));

  const limiter = rateLimits && new RateLimiter(rateLimits, clock, new PgRateLimitRepository(database.pool));
  const authentication = new Authentication(apiKeys, tokens);
  let draining = false;
  const findReach = createReachFinder(repositories.markets, repositories.plans);
  const heads = currentRelease ?? askEachTime(repositories.releases);
  const horizon = new Horizon((release, after) => repositories.releases.findNextBoundary(release, after));
  const sharedViews = inMemory && new SharedViews((release) => inMemory.store.covers(release), horizon);
  const sources = { authentication, heads, releases: repositories.releases, findReach, sharedViews, clock, logger, limiter, trusted };
  const execution: Execution = {
    costs: new CostLimit(schema, permissionMap),
    released: new ReleasedOperations(schema, releasedFields),
    compiled: compiling && new CompiledExecution(schema, compiling, sharedViews && CATALOG_CONSTANCY),
  };
  const store = finishedAnswers && currentRelease && new AnswerStore(finishedAnswers.bytes);
  const early =
    currentRelease &&
    openEarly({
      ...{ path: "/graphql", limits: HTTP_LIMITS, authentication, limiter, corsOrigins, clock, logger, addressOf: clientAddressBy(trustProxy) },
      isDraining: () => draining,
      releaseFor: (headers) => releaseFor(headers, currentRelease),
      kept: store && new KeptAnswers({ store, horizon, clock, currentRelease: () => currentRelease.number(), maxAgeSeconds: finishedAnswers.maxAgeSeconds }),
      plans: execution.compiled && { ...execution, compiled: execution.compiled, trusted, sources },
    });
  const server = createHttpServer(logger, { trustProxy, ...(early ? { front: early, repeatedBytes: parts.repeatedRequests?.bytes ?? null } : {}) });
  const repeated: (() => Promise<void>)[] = [];
  addHealth(server, {
    check: async () => (draining ? ["draining"] : whatIsMissing(database, repositories, currentRelease)),
  });
  server.addHook("onSend", async (_request, reply) => {
    // A client that keeps its connection would otherwise send its next request into a closing server.
    if (draining) reply.header("connection", "close");
  });
  await server.register(explorer({ folder: explorerFolder }));
  addFrontPage(server);

  const apollo = createApolloServer(schema, permissionMap, execution, server);
  await apollo.start();
  await addGraphqlEndpoint(server, apollo, { ...{ path: "/graphql", corsOrigins }, open: arriveBy(sources, early) });

  await currentRelease?.start();
  return {
    server,
    apiKeys,
    schema,
    limiter,
    currentRelease,
    compiled: execution.compiled?.stats ?? null,
    finishedAnswers: store?.counts ?? null,
    early: early?.stats ?? null,
    listen: async (host, port) => {
      void tokens.prepare();
      await server.listen({ host, port });
      repeated.push(
        // Nobody waits for these; who meets a full discount gives back what has ended of it at once.
        repeat(
          () => redemptionService.expireReservations(clock.now()),
          EXPIRE_EVERY_MS,
          (err) => logger.warn({ err }, "reservations that ended could not be given back; trying again"),
        ),
      );
      if (limiter)
        repeated.push(
          repeat(
            () => limiter.share(),
            SHARE_LIMITS_EVERY_MS,
            (err) => tellAlone(limiter, logger, err),
          ),
        );
      const { port: bound } = server.server.address() as AddressInfo; // A server that listens on a port has an address of this form.
      return { url: `http://${host === "127.0.0.1" ? "localhost" : host.includes(":") ? `[${host}]` : host}:${bound}` };
    },
    close: async (drainMs = 0) => {
      draining = true;
      await sleep(drainMs);
      await server.close();
      for (const stop of repeated) await stop();
      await notifications.stop();
      await currentRelease?.stop();
      // The others should know what was granted last; without a database they cannot.
      await limiter?.share().catch(() => undefined);
    },
  };
}

/** Said once, not several times a second. */
function tellAlone({ failures }: RateLimiter, logger: Logger, err: unknown): void {
  if (failures === 1) logger.warn({ err }, "rate limits cannot be shared with other gateways; limiting alone until they can");
}

/** The schema alone, for printing: nothing of it is ever resolved. */
export function createSchema(): GraphQLSchema {
  const unused = {} as CatalogRepositories & LiveData & ApiKeyService; // Building a schema asks nothing of what its resolvers would read.
  return buildGatewaySchema(createResolvers(unused, unused, unused));
}

async function whatIsMissing({ pool }: Database, { releases }: CatalogRepositories, currentRelease: CurrentRelease | null): Promise<string[]> {
  const known = currentRelease?.number();
  try {
    const [{ pending, unknown }, head] = await Promise.all([checkDatabase(pool, MIGRATIONS_FOLDER), releases.getHead()]);
    return [
      ...(pending.length > 0 ? ["migrations"] : []),
      ...(unknown.length > 0 ? ["a newer gateway"] : []),
      ...(head === 0 ? ["a first release"] : []),
      ...(known === null ? ["the current release"] : []),
      ...(head < (known ?? 0) ? ["a restart: the database went back"] : []),
    ];
  } catch {
    return ["database"]; // Whatever keeps it from answering, it is not there; the pool logs connections that it lost.
  }
}
