import type { CatalogKey } from "../../../kernel/key.js";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import { byPosition, type Feature } from "../../features/feature.js";
import type { FeatureLoader } from "../../features/graphql/feature.loader.js";
import type { MarketLoader } from "../../markets/graphql/market.loader.js";
import type { ListLoader } from "../../releases/graphql/catalog-list.js";
import { allRequired, batchByKey, batchByOwner, ownAtView, type AtView, type CatalogView } from "../../releases/graphql/catalog-view.js";
import { entitlementsInMarket, type Entitlement } from "../entitlement.js";
import type { EntitlementRepository } from "../entitlement.repository.js";

export class EntitlementLoader implements ListLoader<Entitlement> {
  private readonly keyed;
  private readonly planEntitlements;

  constructor(
    entitlements: EntitlementRepository,
    private readonly features: FeatureLoader,
    private readonly markets: MarketLoader,
  ) {
    this.keyed = batchByKey<Entitlement>("Entitlement", entitlements, (keys, view) => entitlements.findAll(keys, view));
    this.planEntitlements = batchByOwner(
      entitlements,
      (plans, view) => entitlements.listByPlans(plans, view),
      (entitlement) => entitlement.planKey,
    );
  }

  byKey(view: CatalogView, key: string): MaybePromise<AtView<Entitlement> | null> {
    return view.load(this.keyed, key);
  }

  /** See `CatalogView.take`. */
  take(view: CatalogView, found: readonly Entitlement[]): void {
    view.take(this.keyed, found);
  }

  /** What a plan gives in a market, or with null what it gives everywhere; in the order of the features' positions. */
  ofPlan(view: CatalogView, plan: CatalogKey, market: CatalogKey | null): MaybePromise<readonly AtView<Entitlement>[]> {
    return view.derive(this, `${plan} ${market ?? "*"}`, () => this.findOfPlan(view, plan, market));
  }

  private findOfPlan(view: CatalogView, plan: CatalogKey, market: CatalogKey | null): MaybePromise<readonly AtView<Entitlement>[]> {
    return andThen(market === null ? [] : this.markets.path(view, market), (path) =>
      andThen(view.load(this.planEntitlements, plan), (entitlements) => {
        const held = entitlementsInMarket(entitlements, path);
        const features = this.features.byKeys(
          view,
          held.map(({ featureKey }) => featureKey),
        );
        return andThen(allRequired(features), (found) => inOrderOf(held, found).map(({ entitlement }) => ownAtView("Entitlement", entitlement, view)));
      }),
    );
  }
}

/** @param features those of the entitlements, at the same places. */
function inOrderOf(entitlements: readonly Entitlement[], features: readonly Feature[]): { readonly entitlement: Entitlement; readonly feature: Feature }[] {
  const placed = [];
  for (const [index, entitlement] of entitlements.entries()) {
    const feature = features[index];
    if (feature) placed.push({ entitlement, feature });
  }
  return placed.sort((a, b) => byPosition(a.feature, b.feature));
}
