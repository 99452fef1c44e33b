import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, RawServerDefault } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { ApiKeyService } from "./access/api-key.service.js";
import { Authentication } from "./access/authentication.service.js";
import { PrismaApiKeyRepository } from "./access/storage/prisma-api-key.repository.js";
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
import { PrismaStoredQuoteRepository } from "./catalog/quotes/storage/prisma-stored-quote.repository.js";
import { StoredQuotes } from "./catalog/quotes/stored-quotes.service.js";
import { PgReleaseRepository } from "./catalog/releases/storage/pg-release.repository.js";
import { QuotedDiscountUses } from "./customers/redemptions/discount-uses.service.js";
import { QuoteRedemptions } from "./customers/redemptions/quote-redemption.service.js";
import { RedemptionService } from "./customers/redemptions/redemption.service.js";
import { PgRedemptionRepository } from "./customers/redemptions/storage/pg-redemption.repository.js";
import { createApolloServer } from "./graphql/apollo.js";
import { openRequest, type RequestContext } from "./graphql/context.js";
import { createReachFinder } from "./graphql/reach-finder.js";
import { createResolvers, type CatalogRepositories, type LiveData } from "./graphql/resolvers.js";
import { buildGatewaySchema, permissionMap } from "./graphql/schema.js";
import type { Clock } from "./platform/clock.js";
import type { Database } from "./platform/database/database.js";
import { checkDatabase } from "./platform/database/migrations.js";
import { MIGRATIONS_FOLDER } from "./platform/database/open-database.js";
import { repeat } from "./platform/repeat.js";
import { explorer } from "./platform/http/explorer.js";
import { addHealth } from "./platform/http/health.js";
import { createHttpServer, refuseOtherMethods } from "./platform/http/http-server.js";
import { addFrontPage } from "./platform/http/front-page.js";

export interface AppParts {
  readonly database: Database;
  readonly apiKeyPepper: string;
  readonly codePepper: string;
  /** See `readSigningKeys`. */
  readonly quoteSigningKeys: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the built explorer is; it may be absent. */
  readonly explorerFolder: string;
}

export interface App {
  readonly server: FastifyInstance<RawServerDefault>;
  readonly apiKeys: ApiKeyService;
  readonly schema: GraphQLSchema;
  /** Returns the address that it listens on. */
  listen(host: string, port: number): Promise<{ url: string }>;
  /** Takes no more requests, finishes those under way. `drainMs`: how long load balancers get to notice. */
  close(drainMs?: number): Promise<void>;
}

const EXPIRE_EVERY_MS = 5_000;

/** The composition root: the one file that knows every part. */
export async function createApp({ database, apiKeyPepper, codePepper, quoteSigningKeys, clock, logger, explorerFolder }: AppParts): Promise<App> {
  const repositories = createRepositories(database);
  const redemptions = new PgRedemptionRepository(database.pool);
  const redemptionService = new RedemptionService(redemptions);
  const storedQuotes = new StoredQuotes(new PrismaStoredQuoteRepository(database.prisma), readSigningKeys(quoteSigningKeys));
  const live: LiveData = {
    ...{ redemptions, storedQuotes, clock },
    uniqueCodes: new UniqueCodes(new PgUniqueCodeRepository(database.pool), codePepper),
    discountUses: new QuotedDiscountUses(redemptions, clock),
    quoteRedemptions: new QuoteRedemptions(storedQuotes, redemptionService, redemptions),
  };
  const schema = buildGatewaySchema(createResolvers(repositories, live));
  const apiKeys = new ApiKeyService(new PrismaApiKeyRepository(database.prisma), apiKeyPepper, clock);

  const server = createHttpServer(logger);
  let draining = false;
  let stopExpiring: (() => Promise<void>) | undefined;
  addHealth(server, {
    check: async () => (draining ? ["draining"] : whatIsMissing(database, repositories)),
  });
  server.addHook("onSend", async (_request, reply) => {
    // A client that keeps its connection would otherwise send its next request into a closing server.
    if (draining) reply.header("connection", "close");
  });
  await server.register(explorer({ folder: explorerFolder }));
  addFrontPage(server);

  const apollo = createApolloServer(schema, permissionMap, server);
  await apollo.start();
  const findReach = createReachFinder(repositories.markets, repositories.plans);
  const sources = { authentication: new Authentication(apiKeys, null), releases: repositories.releases, findReach, clock, logger };
  const handler = fastifyApolloHandler<RequestContext>(apollo, {
    context: ({ id, headers: { authorization, origin } }) => openRequest(sources, id, { authorization, origin }),
  });
  server.route({ url: "/graphql", method: ["GET", "POST"], handler });
  refuseOtherMethods(server, "/graphql", "GET, POST");

  return {
    server,
    apiKeys,
    schema,
    listen: async (host, port) => {
      await server.listen({ host, port });
      // Nobody waits for these; who meets a full discount gives back what has ended of it at once.
      stopExpiring = repeat(
        () => redemptionService.expireReservations(clock.now()),
        EXPIRE_EVERY_MS,
        (err) => logger.warn({ err }, "reservations that ended could not be given back; trying again"),
      );
      const { port: bound } = server.server.address() as AddressInfo; // A server that listens on a port has an address of this form.
      return { url: `http://${host === "127.0.0.1" ? "localhost" : host.includes(":") ? `[${host}]` : host}:${bound}` };
    },
    close: async (drainMs = 0) => {
      draining = true;
      await sleep(drainMs);
      await server.close();
      await stopExpiring?.();
    },
  };
}

/** The schema alone, for printing: nothing of it is ever resolved. */
export function createSchema(): GraphQLSchema {
  const unused = {} as CatalogRepositories & LiveData; // Building a schema asks nothing of what its resolvers would read.
  return buildGatewaySchema(createResolvers(unused, unused));
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
