import type { CatalogKey } from "../../../kernel/key.js";
import { byPosition } from "../../features/feature.js";
import type { FeatureLoader } from "../../features/graphql/feature.loader.js";
import type { MarketLoader } from "../../markets/graphql/market.loader.js";
import { atView, batchByKey, batchByOwner, required, type AtView, type CatalogView } from "../../releases/graphql/catalog-view.js";
import { entitlementsInMarket, type Entitlement } from "../entitlement.js";
import type { EntitlementRepository } from "../entitlement.repository.js";

export class EntitlementLoader {
  private readonly keyed;
  private readonly planEntitlements;

  constructor(
    entitlements: EntitlementRepository,
    private readonly features: FeatureLoader,
    private readonly markets: MarketLoader,
  ) {
    this.keyed = batchByKey<Entitlement>("Entitlement", (keys, view) => entitlements.findAll(keys, view));
    this.planEntitlements = batchByOwner(
      (plans, view) => entitlements.listByPlans(plans, view),
      (entitlement) => entitlement.planKey,
    );
  }

  byKey(view: CatalogView, key: string): Promise<AtView<Entitlement> | null> {
    return view.load(this.keyed, key);
  }

  /** What a plan gives in a market, or with null what it gives everywhere; in the order of the features' positions. */
  async ofPlan(view: CatalogView, plan: CatalogKey, market: CatalogKey | null): Promise<AtView<Entitlement>[]> {
    const [all, path] = await Promise.all([view.load(this.planEntitlements, plan), market === null ? [] : this.markets.path(view, market)]);
    const placed = await Promise.all(
      entitlementsInMarket(all, path).map(async (entitlement) => ({
        entitlement: atView("Entitlement", entitlement, view),
        feature: await required(this.features.byKey(view, entitlement.featureKey)),
      })),
    );
    return placed.sort((a, b) => byPosition(a.feature, b.feature)).map(({ entitlement }) => entitlement);
  }
}
