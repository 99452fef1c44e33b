import type { CurrentCatalog } from "../current-catalog.js";
import type { NextCatalog } from "./next-catalog.js";

/** The tables of what belongs to another entity and is brought with it as a whole. */
export type PartTable = "entitlement" | "plan_add_on" | "discount_plan" | "discount_market" | "code";

/**
 * Of the current release, the parts of entities that the files bring or end. All that are not given again end: a plan brings
 * its whole list of entitlements and add-ons, a discount its conditions and codes. Offers of an add-on end with the add-on too.
 */
export function partsOfChanged(current: CurrentCatalog, { plans, discounts }: NextCatalog): Readonly<Record<PartTable, string[]>> {
  const planChanges = (key: string): boolean => plans.named.has(key) || plans.ended.has(key);
  const discountChanges = (key: string): boolean => discounts.named.has(key) || discounts.ended.has(key);
  return {
    entitlement: current.entitlements.filter(({ planKey }) => planChanges(planKey)).map(({ key }) => key),
    plan_add_on: current.addOns
      .filter(({ planKey, addOnKey }) => planChanges(planKey) || plans.ended.has(addOnKey))
      .map(({ planKey, addOnKey }) => `${planKey}/${addOnKey}`),
    discount_plan: current.discountPlans
      .filter(({ discountKey }) => discountChanges(discountKey))
      .map(({ discountKey, planKey }) => `${discountKey}/${planKey}`),
    discount_market: current.discountMarkets
      .filter(({ discountKey }) => discountChanges(discountKey))
      .map(({ discountKey, marketKey }) => `${discountKey}/${marketKey}`),
    code: current.codes.filter(({ discountKey }) => discountChanges(discountKey)).map(({ key }) => key),
  };
}
