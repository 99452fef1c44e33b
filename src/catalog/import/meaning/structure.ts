import type { CurrentCatalog } from "../current-catalog.js";
import type { StructureEndings, StructureRows } from "./structure-rows.js";
import type { Report } from "../problem.js";
import type { Drafts } from "../reading/drafts.js";
import type { Rollout } from "../shapes/plan.shape.js";
import { checkDiscounts } from "./discounts.js";
import { checkEntitlements } from "./entitlements.js";
import { checkFeatures } from "./features.js";
import { checkMarkets } from "./markets.js";
import { checkStillNeeded } from "./needs.js";
import type { CheckReference, NextCatalog } from "./next-catalog.js";
import { partsOfChanged } from "./parts.js";
import { checkPlans } from "./plans.js";
import { checkPolicies } from "./policies.js";
import { checkProducts } from "./products.js";

export interface StructureCheck {
  readonly drafts: Drafts;
  readonly current: CurrentCatalog;
  readonly next: NextCatalog;
  readonly check: CheckReference;
  readonly rollout: Rollout | null;
}

/** Checks everything but prices. The rows are whole only if nothing was reported. */
export function checkStructure({ drafts, current, next, check, rollout }: StructureCheck, report: Report): { rows: StructureRows; endings: StructureEndings } {
  checkStillNeeded(current, next, report);
  return {
    rows: {
      market: checkMarkets(drafts.markets, current, next, check, report),
      product: checkProducts(drafts.products),
      feature: checkFeatures(drafts.features, current, next, report),
      ...checkPlans(drafts.plans, current, next, check, report),
      entitlement: checkEntitlements({ plans: drafts.plans, features: drafts.features, rollout }, current, check, report),
      ...checkDiscounts(drafts.discounts, current, next, check, report),
      policy: checkPolicies(drafts.policies),
    },
    endings: {
      market: [...next.markets.ended.keys()],
      product: [...next.products.ended.keys()],
      feature: [...next.features.ended.keys()],
      plan: [...next.plans.ended.keys()],
      discount: [...next.discounts.ended.keys()],
      policy: [...next.policies.ended.keys()],
      ...partsOfChanged(current, next),
    },
  };
}
