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
import { PgDiscountRepository } from "./catalog/discounts/storage/pg-discount.repository.js";
import { PgEntitlementRepository } from "./catalog/entitlements/storage/pg-entitlement.repository.js";
import { PgFeatureRepository } from "./catalog/features/storage/pg-feature.repository.js";
import { PgMarketRepository } from "./catalog/markets/storage/pg-market.repository.js";
import { PgPlanRepository } from "./catalog/plans/storage/pg-plan.repository.js";
import { PgPriceRepository } from "./catalog/prices/storage/pg-price.repository.js";
import { PgProductRepository } from "./catalog/products/storage/pg-product.repository.js";
import { readSigningKeys } from "./catalog/quotes/quote-signature.js";
import { PgStoredQuoteRepository } from "./catalog/quotes/storage/pg-stored-quote.repository.js";
import { StoredQuotes } from "./catalog/quotes/stored-quotes.service.js";
import { PgReleaseRepository } from "./catalog/releases/storage/pg-release.repository.js";
import { QuotedDiscountUses } from "./customers/redemptions/discount-uses.service.js";
import { QuoteRedemptions } from "./customers/redemptions/quote-redemption.service.js";
import { RedemptionService } from "./customers/redemptions/redemption.service.js";
import { PgRedemptionRepository } from "./customers/redemptions/storage/pg-redemption.repository.js";
import { createApolloServer } from "./graphql/apollo.js";
import { compiledExecution, type CompiledStats } from "./graphql/compiled/compiled-execution.js";
import { addGraphqlEndpoint } from "./graphql/endpoint.js";
import { arriveBy } from "./graphql/arrival.js";
import { createReachFinder } from "./graphql/reach-finder.js";
import { createResolvers, type CatalogRepositories, type LiveData } from "./graphql/resolvers.js";
import { buildGatewaySchema, permissionMap } from "./graphql/schema.js";
import type { TrustedDocuments } from "./graphql/trusted-documents.js";
import type { Clock } from "./platform/clock.js";
import type { Database } from "./platform/database/database.js";
import { checkDatabase } from "./platform/database/migrations.js";
import { MIGRATIONS_FOLDER } from "./platform/database/open-database.js";
import { repeat } from "./platform/repeat.js";
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
  readonly trustProxy?: string | number | null;
  /** Of how many documents plans are kept by which their queries are answered; null = graphql-js answers all of them. */
  readonly compiled?: { readonly documents: number } | null;
}

export interface App {
  readonly server: FastifyInstance<RawServerDefault>;
  readonly apiKeys: ApiKeyService;
  readonly schema: GraphQLSchema;
  /** Null = nobody is limited. */
  readonly limiter: RateLimiter | null;
  /** Null = nothing is compiled. */
  readonly compiled: Readonly<CompiledStats> | null;
  /** Returns the address that it listens on. */
  listen(host: string, port: number): Promise<{ url: string }>;
  /** Takes no more requests, finishes those under way. `drainMs`: how long load balancers get to notice. */
  close(drainMs?: number): Promise<void>;
}

const EXPIRE_EVERY_MS = 5_000;
/** How long gateways limit without hearing of each other. */
const SHARE_LIMITS_EVERY_MS = 150;

/** The composition root: the one file that knows every part. */
export async function createApp(parts: AppParts): Promise<App> {
  const { database, apiKeyPepper, codePepper, quoteSigningKeys, tokenIssuers = [], clock, logger, explorerFolder } = parts;
  const { corsOrigins = [], rateLimits = null, trustedDocuments: trusted = null, trustProxy = null, compiled: compiling = null } = parts;
  const repositories = createRepositories(database);
  const redemptions = new PgRedemptionRepository(database.pool);
  const redemptionService = new RedemptionService(redemptions);
  const storedQuotes = new StoredQuotes(new PgStoredQuoteRepository(database.pool, database.prisma), readSigningKeys(quoteSigningKeys));
  const live: LiveData = {
    ...{ redemptions, storedQuotes, clock },
    uniqueCodes: new UniqueCodes(new PgUniqueCodeRepository(database.pool), codePepper),
    discountUses: new QuotedDiscountUses(redemptions, clock),
    quoteRedemptions: new QuoteRedemptions(storedQuotes, redemptionService, redemptions),
  };
  const apiKeys = new ApiKeyService(new PgApiKeyRepository(database.pool, database.prisma), apiKeyPepper, clock);
  const tokens = new JwtVerifier({
    ...{ issuers: tokenIssuers, clock },
    onKeysUnavailable: (issuer, err) => logger.warn({ issuer, err }, "the keys of an issuer of tokens cannot be had"),
  });
  const notifications = database.listen({
    channels: { api_key: (id) => apiKeys.known.forget(id) },
    onGap: () => apiKeys.known.forgetAll(),
    onLost: (err) => logger.warn({ err }, "not told of changes by the database for now; trying again"),
  });
  const schema = buildGatewaySchema(createResolvers(repositories, live, apiKeys));

  const limiter = rateLimits && new RateLimiter(rateLimits, clock, new PgRateLimitRepository(database.pool));
  const server = createHttpServer(logger, { trustProxy });
  let draining = false;
  const repeated: (() => Promise<void>)[] = [];
  addHealth(server, {
    check: async () => (draining ? ["draining"] : whatIsMissing(database, repositories)),
  });
  server.addHook("onSend", async (_request, reply) => {
    // A client that keeps its connection would otherwise send its next request into a closing server.
    if (draining) reply.header("connection", "close");
  });
  await server.register(explorer({ folder: explorerFolder }));
  addFrontPage(server);

  const compiled = compiling && compiledExecution(schema, compiling);
  const apollo = createApolloServer(schema, permissionMap, server, compiled);
  await apollo.start();
  const findReach = createReachFinder(repositories.markets, repositories.plans);
  const sources = { authentication: new Authentication(apiKeys, tokens), releases: repositories.releases, findReach, clock, logger, limiter, trusted };
  await addGraphqlEndpoint(server, apollo, { ...{ path: "/graphql", corsOrigins }, open: arriveBy(sources) });

  return {
    server,
    apiKeys,
    schema,
    limiter,
    compiled: compiled?.stats ?? null,
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

function createRepositories({ pool, prisma }: Database): CatalogRepositories {
  return {
    releases: new PgReleaseRepository(pool, prisma),
    markets: new PgMarketRepository(pool, prisma),
    products: new PgProductRepository(pool, prisma),
    plans: new PgPlanRepository(pool, prisma),
    features: new PgFeatureRepository(pool, prisma),
    entitlements: new PgEntitlementRepository(pool, prisma),
    prices: new PgPriceRepository(pool, prisma),
    discounts: new PgDiscountRepository(pool, prisma),
  };
}

async function whatIsMissing({ pool }: Database, { releases }: CatalogRepositories): Promise<string[]> {
  try {
    const [{ pending, unknown }, head] = await Promise.all([checkDatabase(pool, MIGRATIONS_FOLDER), releases.getHead()]);
    return [...(pending.length > 0 ? ["migrations"] : []), ...(unknown.length > 0 ? ["a newer gateway"] : []), ...(head === 0 ? ["a first release"] : [])];
  } catch {
    return ["database"]; // Whatever keeps it from answering, it is not there; the pool logs connections that it lost.
  }
}
