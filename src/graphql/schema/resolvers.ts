import type { ApiKeyService } from "../../access/api-keys/api-key.service.js";
import { presentApiKey } from "../../access/api-keys/graphql/api-key.node.js";
import { ApiKeyResolver } from "../../access/api-keys/graphql/api-key.resolver.js";
import { can, mayReadCustomer } from "../../access/viewer.js";
import { RateLimitResolver } from "../../access/rate-limits/graphql/rate-limit.resolver.js";
import { ComparisonResolver } from "../../catalog/comparison/graphql/comparison.resolver.js";
import type { DiscountRepository } from "../../catalog/discounts/discount.repository.js";
import { DiscountLoader } from "../../catalog/discounts/graphql/discount.loader.js";
import { DiscountConditionsResolver, DiscountResolver } from "../../catalog/discounts/graphql/discount.resolver.js";
import type { EntitlementRepository } from "../../catalog/entitlements/entitlement.repository.js";
import { EntitlementLoader } from "../../catalog/entitlements/graphql/entitlement.loader.js";
import { EntitlementResolver, PlanEntitlementsResolver } from "../../catalog/entitlements/graphql/entitlement.resolver.js";
import type { FeatureRepository } from "../../catalog/features/feature.repository.js";
import { FeatureLoader } from "../../catalog/features/graphql/feature.loader.js";
import { FeatureResolver } from "../../catalog/features/graphql/feature.resolver.js";
import { MarketLoader } from "../../catalog/markets/graphql/market.loader.js";
import { MarketResolver } from "../../catalog/markets/graphql/market.resolver.js";
import type { MarketRepository } from "../../catalog/markets/market.repository.js";
import { PlanLoader } from "../../catalog/plans/graphql/plan.loader.js";
import { PlanResolver, ProductPlansResolver } from "../../catalog/plans/graphql/plan.resolver.js";
import type { PlanRepository } from "../../catalog/plans/plan.repository.js";
import { PriceLoader } from "../../catalog/prices/graphql/price.loader.js";
import { PlanPricesResolver, PriceResolver, PriceTierResolver } from "../../catalog/prices/graphql/price.resolver.js";
import type { PriceRepository } from "../../catalog/prices/price.repository.js";
import { ProductLoader } from "../../catalog/products/graphql/product.loader.js";
import { ProductResolver } from "../../catalog/products/graphql/product.resolver.js";
import type { ProductRepository } from "../../catalog/products/product.repository.js";
import type { UniqueCodes } from "../../catalog/codes/unique-codes.service.js";
import type { DiscountUseRepository } from "../../catalog/quotes/discount-use.repository.js";
import { QuoteGatherer } from "../../catalog/quotes/graphql/quote-gatherer.js";
import { QuoteResolver } from "../../catalog/quotes/graphql/quote.resolver.js";
import { StoredQuoteResolver } from "../../catalog/quotes/graphql/stored-quote.resolver.js";
import type { StoredQuotes } from "../../catalog/quotes/stored-quotes.service.js";
import { ReleaseLoader } from "../../catalog/releases/graphql/release.loader.js";
import { CatalogPointResolver, ReleaseResolver } from "../../catalog/releases/graphql/release.resolver.js";
import type { ReleaseRepository } from "../../catalog/releases/release.repository.js";
import { presentRedemption, readRedemptionKey } from "../../customers/redemptions/graphql/redemption.node.js";
import { RedemptionResolver } from "../../customers/redemptions/graphql/redemption.resolver.js";
import { CodeReportResolver, CustomerResolver, DiscountUsesResolver } from "../../customers/redemptions/graphql/support.resolver.js";
import type { QuoteRedemptions } from "../../customers/redemptions/quote-redemption.service.js";
import type { RedemptionRepository } from "../../customers/redemptions/redemption.repository.js";
import type { Clock } from "../../platform/clock.js";
import { DescribedFieldsResolver, NamedFieldsResolver } from "../../platform/graphql/localized.type.js";
import { MoneyResolver } from "../../platform/graphql/money.type.js";
import { NodeFieldsResolver } from "../../platform/graphql/node.type.js";
import { NodeResolver, type NodeFinder, type NodeFinders } from "./node.resolver.js";
import type { Resolvers } from "./schema.js";

/** What the catalog keeps, by port. */
export interface CatalogRepositories {
  readonly releases: ReleaseRepository;
  readonly markets: MarketRepository;
  readonly products: ProductRepository;
  readonly plans: PlanRepository;
  readonly features: FeatureRepository;
  readonly entitlements: EntitlementRepository;
  readonly prices: PriceRepository;
  readonly discounts: DiscountRepository;
}

/** What is kept beside the released catalog. */
export interface LiveData {
  readonly uniqueCodes: UniqueCodes;
  readonly discountUses: DiscountUseRepository;
  readonly storedQuotes: StoredQuotes;
  readonly quoteRedemptions: QuoteRedemptions;
  readonly redemptions: RedemptionRepository;
  readonly clock: Clock;
}

/** Every resolver of the schema, with the loaders that they share. A new concept is added here and to `schema.ts`. */
export function createResolvers(repositories: CatalogRepositories, live: LiveData, apiKeys: ApiKeyService): Resolvers {
  const { uniqueCodes, discountUses, storedQuotes, quoteRedemptions, clock } = live;
  const releases = new ReleaseLoader(repositories.releases);
  const markets = new MarketLoader(repositories.markets);
  const products = new ProductLoader(repositories.products);
  const plans = new PlanLoader(repositories.plans);
  const features = new FeatureLoader(repositories.features);
  const entitlements = new EntitlementLoader(repositories.entitlements, features, markets);
  const prices = new PriceLoader(repositories.prices, markets);
  const discounts = new DiscountLoader(repositories.discounts);

  const loaders = { markets, plans, prices, discounts };
  const gatherer = new QuoteGatherer(loaders, uniqueCodes, discountUses);

  const finders: NodeFinders = new Map<string, NodeFinder>([
    ["Release", (view, key) => releases.byNumber(view, /^[1-9]\d*$/.test(key) ? Number(key) : 0)],
    ["Market", (view, key) => markets.byKey(view, key)],
    ["Product", (view, key) => products.byKey(view, key)],
    ["Plan", (view, key) => plans.byKey(view, key)],
    ["Feature", (view, key) => features.byKey(view, key)],
    ["Entitlement", (view, key) => entitlements.byKey(view, key)],
    ["Price", (view, key) => prices.byKey(view, key)],
    ["Discount", (view, key) => discounts.byKey(view, key)],
    ["Redemption", redemptionFinder(live.redemptions, discounts)],
    ["ApiKey", apiKeyFinder(apiKeys)],
  ]);

  return [
    new NodeResolver(finders),
    new NodeFieldsResolver(),
    new NamedFieldsResolver(),
    new DescribedFieldsResolver(),
    new MoneyResolver(),
    new ReleaseResolver(repositories.releases, releases),
    new CatalogPointResolver(releases),
    new MarketResolver(repositories.markets, markets),
    new ProductResolver(repositories.products, products),
    new PlanResolver(repositories.plans, plans, products),
    new ProductPlansResolver(plans),
    new FeatureResolver(repositories.features, features),
    new EntitlementResolver(repositories.entitlements, entitlements, plans, features, markets),
    new PlanEntitlementsResolver(entitlements, markets),
    new PriceResolver(repositories.prices, prices, plans, markets),
    new PriceTierResolver(),
    new PlanPricesResolver(prices, markets),
    new DiscountResolver(repositories.discounts, discounts, markets),
    new DiscountConditionsResolver(plans, markets),
    new ComparisonResolver(products, plans, features, entitlements, prices, markets),
    new QuoteResolver(gatherer, loaders),
    new StoredQuoteResolver(storedQuotes, gatherer, loaders),
    new RedemptionResolver(quoteRedemptions, discounts, clock),
    new CustomerResolver(live.redemptions, discounts),
    new CodeReportResolver(live.redemptions, uniqueCodes, discounts),
    new DiscountUsesResolver(live.redemptions),
    new ApiKeyResolver(apiKeys),
    new RateLimitResolver(),
  ];
}

/** A redemption is found by who may read those of its customer; for others it is not there. */
function redemptionFinder(redemptions: RedemptionRepository, discounts: DiscountLoader): NodeFinder {
  return async (view, key, viewer) => {
    const parts = readRedemptionKey(key);
    const redemption = parts && mayReadCustomer(viewer, parts.customerId) ? await redemptions.find(parts.customerId, parts.id, viewer) : null;
    return redemption && presentRedemption(redemption, discounts, view);
  };
}

/** Keys are found by who manages them; for others they are not there. */
function apiKeyFinder(apiKeys: ApiKeyService): NodeFinder {
  return async (_view, key, viewer) => {
    const record = can(viewer, "keys:manage") ? await apiKeys.find(key, viewer) : null;
    return record ? presentApiKey(record) : null;
  };
}
