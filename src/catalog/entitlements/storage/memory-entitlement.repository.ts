import type { CatalogKey } from "../../../kernel/key.js";
import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { KeysInReach } from "../../releases/reach.js";
import type { CatalogSight } from "../../releases/release.js";
import { isAmong, type Conditions } from "../../releases/storage/memory/conditions.js";
import { countMatching, listKeys } from "../../releases/storage/memory/listing.js";
import { MemoryTable } from "../../releases/storage/memory/memory-table.js";
import type { Entitlement } from "../entitlement.js";
import type { EntitlementFilter, EntitlementOrderField, EntitlementRepository } from "../entitlement.repository.js";
import { ENTITLEMENT_COLUMNS, ENTITLEMENT_ORDERS, fromRow } from "./pg-entitlement.repository.js";

type EntitlementIndex = "plan" | "feature" | "market";

export const entitlementTable = (): MemoryTable<Entitlement, EntitlementIndex, EntitlementOrderField> =>
  new MemoryTable({
    table: "entitlement",
    columns: ENTITLEMENT_COLUMNS,
    fromRow,
    bytesPerRow: 500,
    indexes: { plan: ({ planKey }) => planKey, feature: ({ featureKey }) => featureKey, market: ({ marketKey }) => marketKey },
    orders: ENTITLEMENT_ORDERS,
    sortedBy: { featureKey: ({ featureKey }) => featureKey },
  });

export class MemoryEntitlementRepository implements EntitlementRepository {
  constructor(
    private readonly entitlements: ReturnType<typeof entitlementTable>,
    private readonly database: EntitlementRepository,
  ) {}

  isAtHand(release: number): boolean {
    return this.entitlements.isAtHand(release);
  }

  findAll(keys: readonly string[], sight: CatalogSight): MaybePromise<readonly Entitlement[]> {
    const { point, reach } = sight;
    if (!this.isAtHand(point.release)) return this.database.findAll(keys, sight);
    return within(this.entitlements.findAll(keys, point.release), reach);
  }

  listByPlans(plans: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Entitlement[]> {
    const { point, reach } = sight;
    if (!this.isAtHand(point.release)) return this.database.listByPlans(plans, sight);
    return within(this.entitlements.of("plan", plans, point.release), reach);
  }

  listKeys(filter: EntitlementFilter, order: ListOrder<EntitlementOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Entitlement>> {
    const { release } = sight.point;
    if (!this.isAtHand(release)) return this.database.listKeys(filter, order, page, sight);
    return listKeys(this.entitlements, matching(filter, sight), order, page, release);
  }

  count(filter: EntitlementFilter, sight: CatalogSight): MaybePromise<number> {
    const { release } = sight.point;
    return this.isAtHand(release) ? countMatching(this.entitlements, matching(filter, sight), release) : this.database.count(filter, sight);
  }
}

function matching(filter: EntitlementFilter, { reach }: CatalogSight): Conditions<Entitlement, EntitlementIndex> {
  const { plans, features, markets, everywhere } = filter;
  return {
    among: [
      ["plan", reach.plans],
      ["plan", plans],
      ["feature", features],
      ["market", markets],
    ],
    where: {
      holds: ({ marketKey }) => (everywhere == null || everywhere === (marketKey === null)) && isMarketInReach(marketKey, reach),
      asks: () => JSON.stringify([everywhere, reach.markets]),
      at: null,
      never: false,
    },
  };
}

function within(entitlements: readonly Entitlement[], reach: KeysInReach): readonly Entitlement[] {
  if (reach.plans === null && reach.markets === null) return entitlements;
  return entitlements.filter(({ planKey, marketKey }) => isAmong(reach.plans, planKey) && isMarketInReach(marketKey, reach));
}

/** What holds everywhere holds in every part. */
function isMarketInReach(market: CatalogKey | null, { markets }: KeysInReach): boolean {
  return market === null || isAmong(markets, market);
}
