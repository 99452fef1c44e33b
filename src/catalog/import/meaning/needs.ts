import { SINGULAR, type Concept, type CurrentCatalog } from "../current-catalog.js";
import type { Place, Report } from "../problem.js";
import { show } from "../source.js";
import type { NextCatalog } from "./next-catalog.js";

/** An entity of the current release that the files leave as it is, and what it refers to. */
interface Need {
  readonly by: string;
  readonly concept: Concept;
  readonly key: string;
}

/** Refuses to retire what others need that stay as they are. With --replace nothing stays. Prices are looked at in the database. */
export function checkStillNeeded(current: CurrentCatalog, next: NextCatalog, report: Report): void {
  const needed = new Map<Place, { concept: Concept; key: string; by: Set<string> }>();
  for (const { by, concept, key } of stayingNeeds(current, next)) {
    const place = next[concept].ended.get(key);
    if (!place) continue;
    const need = needed.get(place) ?? { concept, key, by: new Set() };
    needed.set(place, need);
    need.by.add(by);
  }
  for (const [place, { concept, key, by }] of needed) {
    const [first, second, ...others] = by;
    reportStillNeeded(concept, key, [first, second, others.length > 0 ? `${others.length} more` : undefined].filter(Boolean).join(", "), place, report);
  }
}

export function reportStillNeeded(concept: Concept, key: string, by: string, place: Place, report: Report): void {
  report(place, "STILL_NEEDED", `The ${SINGULAR[concept]} ${show(key)} is needed by ${by}. Change or retire that too, or keep the ${SINGULAR[concept]}.`);
}

/** Entitlements and add-on offers go with their plan, conditions and codes with their discount: they need nothing of their own. */
function* stayingNeeds(current: CurrentCatalog, { markets, plans, discounts }: NextCatalog): Generator<Need> {
  for (const { key, parentKey } of current.markets.values()) {
    if (parentKey !== null && markets.staying.has(key)) yield { by: `the market ${show(key)} within it`, concept: "markets", key: parentKey };
  }
  for (const { key, productKey } of current.plans.values()) {
    if (plans.staying.has(key)) yield { by: `the plan ${show(key)}`, concept: "products", key: productKey };
  }
  for (const { planKey, featureKey, marketKey } of current.entitlements) {
    if (!plans.staying.has(planKey)) continue;
    const by = `an entitlement of the plan ${show(planKey)}`;
    yield { by, concept: "features", key: featureKey };
    if (marketKey !== null) yield { by, concept: "markets", key: marketKey };
  }
  for (const { discountKey, planKey } of current.discountPlans) {
    if (discounts.staying.has(discountKey)) yield { by: `a condition of the discount ${show(discountKey)}`, concept: "plans", key: planKey };
  }
  for (const { discountKey, marketKey } of current.discountMarkets) {
    if (discounts.staying.has(discountKey)) yield { by: `a condition of the discount ${show(discountKey)}`, concept: "markets", key: marketKey };
  }
}
