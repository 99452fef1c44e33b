import type { Logger } from "pino";
import { discountTables } from "./catalog/discounts/storage/discount-tables.js";
import { MemoryDiscountRepository } from "./catalog/discounts/storage/memory-discount.repository.js";
import { PgDiscountRepository } from "./catalog/discounts/storage/pg-discount.repository.js";
import { entitlementTable, MemoryEntitlementRepository } from "./catalog/entitlements/storage/memory-entitlement.repository.js";
import { PgEntitlementRepository } from "./catalog/entitlements/storage/pg-entitlement.repository.js";
import { featureTable, MemoryFeatureRepository } from "./catalog/features/storage/memory-feature.repository.js";
import { PgFeatureRepository } from "./catalog/features/storage/pg-feature.repository.js";
import { marketTable, MemoryMarketRepository } from "./catalog/markets/storage/memory-market.repository.js";
import { PgMarketRepository } from "./catalog/markets/storage/pg-market.repository.js";
import { addOnTable, MemoryPlanRepository, planTable } from "./catalog/plans/storage/memory-plan.repository.js";
import { PgPlanRepository } from "./catalog/plans/storage/pg-plan.repository.js";
import { MemoryPriceRepository, priceTable } from "./catalog/prices/storage/memory-price.repository.js";
import { PgPriceRepository } from "./catalog/prices/storage/pg-price.repository.js";
import { MemoryProductRepository, productTable } from "./catalog/products/storage/memory-product.repository.js";
import { PgProductRepository } from "./catalog/products/storage/pg-product.repository.js";
import { CurrentRelease } from "./catalog/releases/current-release.service.js";
import type { HeadSource } from "./catalog/releases/head-source.js";
import type { ReleaseRepository } from "./catalog/releases/release.repository.js";
import { MemoryReleaseRepository } from "./catalog/releases/storage/memory/memory-release.repository.js";
import { ReleaseStore, type ReleaseStoreOptions } from "./catalog/releases/storage/memory/release-store.js";
import { PgReleaseRepository } from "./catalog/releases/storage/pg-release.repository.js";
import type { CatalogRepositories } from "./graphql/schema/resolvers.js";
import type { Database } from "./platform/database/database.js";

export function createRepositories({ reads, pool, prisma }: Pick<Database, "reads" | "pool" | "prisma">): CatalogRepositories {
  return {
    releases: new PgReleaseRepository(reads, prisma),
    markets: new PgMarketRepository(reads, pool),
    products: new PgProductRepository(reads, pool),
    plans: new PgPlanRepository(reads, pool),
    features: new PgFeatureRepository(reads, pool),
    entitlements: new PgEntitlementRepository(reads, pool),
    prices: new PgPriceRepository(reads, pool),
    discounts: new PgDiscountRepository(reads, pool),
  };
}

/** The same repositories, answering at once for the releases that the store has brought to memory: none at first. */
export function createMemory(
  stored: CatalogRepositories,
  database: Database,
  options: ReleaseStoreOptions,
): { store: ReleaseStore; repositories: CatalogRepositories } {
  const [markets, products, plans, addOns, features] = [marketTable(), productTable(), planTable(), addOnTable(), featureTable()];
  const [discounts, entitlements, prices] = [discountTables(), entitlementTable(), priceTable()];
  // What pages cannot do without first, what there may be most of last.
  const structure = [markets, products, plans, addOns, features, discounts.policies, discounts.discounts, discounts.plans, discounts.markets];
  const store = new ReleaseStore(database, [...structure, entitlements, prices, discounts.codes], options);
  return {
    store,
    repositories: {
      releases: new MemoryReleaseRepository(store, stored.releases),
      markets: new MemoryMarketRepository(markets, stored.markets),
      products: new MemoryProductRepository(products, stored.products),
      plans: new MemoryPlanRepository(plans, addOns, stored.plans),
      features: new MemoryFeatureRepository(features, stored.features),
      entitlements: new MemoryEntitlementRepository(entitlements, stored.entitlements),
      prices: new MemoryPriceRepository(prices, store, stored.prices),
      discounts: new MemoryDiscountRepository(discounts, stored.discounts),
    },
  };
}

export function tellingOfMemory(logger: Logger): Omit<ReleaseStoreOptions, "bytes"> {
  return {
    onLoaded: (table, rows) => logger.info({ table, rows }, "a table of the catalog is in memory"),
    onLeft: (table, bytes) => logger.warn({ table, bytes }, "a table of the catalog does not fit into MEMORY_MB; it is read from the database"),
    onFailed: (err) => logger.warn({ err }, "a release cannot be brought to memory; it is read from the database"),
  };
}

/** Knows the current release, and has it in memory before it says so. */
export function followRelease(pollMs: number, releases: ReleaseRepository, store: ReleaseStore | null, logger: Logger): CurrentRelease {
  return new CurrentRelease({
    pollMs,
    askHead: () => releases.getHead(),
    // All requests that this round of the event loop brings.
    gather: () => new Promise((resolve) => setImmediate(resolve)),
    // One that cannot be brought to memory is read from the database: slower, but not stale.
    prepare: (release) =>
      store
        ? store.bringTo(release).then(
            (reached) => Math.max(reached, release),
            () => release,
          )
        : release,
    onTrouble: (err) => logger.warn({ err }, "the current release cannot be followed; going on with the last one that is known, and trying again"),
  });
}

/** Asks the database for each request. */
export function askEachTime(releases: ReleaseRepository): HeadSource {
  return { getHead: () => releases.getHead(), catchUp: async () => releases.getHead() };
}
