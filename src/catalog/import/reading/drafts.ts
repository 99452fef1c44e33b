import { CONCEPTS, type Concept } from "../current-catalog.js";
import type { Place, Report } from "../problem.js";
import { discountShape, type DiscountFields } from "../shapes/discount.shape.js";
import { featureShape, type FeatureFields } from "../shapes/feature.shape.js";
import { readFields, type FieldsOf, type Shape } from "../shapes/fields.js";
import { marketShape, type MarketFields } from "../shapes/market.shape.js";
import { planShape, type PlanFields } from "../shapes/plan.shape.js";
import { policyShape, type PolicyFields } from "../shapes/policy.shape.js";
import { priceShape, type PriceText } from "../shapes/price.shape.js";
import { productShape, type ProductFields } from "../shapes/product.shape.js";
import { retireShape } from "../shapes/retire.shape.js";
import { isMap } from "../shapes/schema.js";
import { didYouMean } from "../nearest.js";
import { show, sourceWithin, type Draft } from "../source.js";
import { BROKEN, type Tree } from "./tree.js";

export interface Retirement {
  readonly concept: Concept | "prices";
  readonly key: string;
  readonly place: Place;
}

/** What YAML and JSON files say, entity by entity, before it is checked whether it makes sense together. */
export interface Drafts {
  readonly markets: Draft<MarketFields>[];
  readonly products: Draft<ProductFields>[];
  readonly features: Draft<FeatureFields>[];
  readonly plans: Draft<PlanFields>[];
  readonly discounts: Draft<DiscountFields>[];
  readonly policies: Draft<PolicyFields>[];
  readonly prices: Draft<PriceText>[];
  readonly retirements: Retirement[];
}

export function noDrafts(): Drafts {
  return { markets: [], products: [], features: [], plans: [], discounts: [], policies: [], prices: [], retirements: [] };
}

const SECTIONS = ["markets", "products", "features", "plans", "prices", "discounts", "policies", "retire"] as const;

/** Adds what a file says to the drafts, and reports what cannot be read. */
export function readDrafts(tree: Tree, drafts: Drafts, report: Report): void {
  if (!isMap(tree.value)) {
    if (tree.value !== BROKEN) report(tree.place(), "WRONG_TYPE", `Expected a map of sections (${SECTIONS.join(", ")}), found ${show(tree.value)}.`);
    return;
  }
  const sections = tree.value;
  for (const name of Object.keys(sections)) {
    if (SECTIONS.some((section) => section === name)) continue;
    report(tree.place(name), "FIELD_UNKNOWN", `There is no section ${show(name)}.${didYouMean(name, SECTIONS)} Sections are ${SECTIONS.join(", ")}.`);
  }
  const section = <S extends Shape>(name: string, shape: S, into: Draft<FieldsOf<S>>[]): void => {
    const items = sections[name];
    if (items === undefined || items === null || items === BROKEN) return;
    if (!Array.isArray(items)) {
      report(tree.place(name), "WRONG_TYPE", `Expected a list of ${name}, found ${show(items)}. Begin each of them with "- ".`);
      return;
    }
    for (const [index, item] of items.entries()) {
      const source = sourceWithin(tree, name, index);
      const fields = item === BROKEN ? null : readFields(shape, item, source, report);
      if (fields) into.push({ source, fields });
    }
  };
  section("markets", marketShape, drafts.markets);
  section("products", productShape, drafts.products);
  section("features", featureShape, drafts.features);
  section("plans", planShape, drafts.plans);
  section("prices", priceShape, drafts.prices);
  section("discounts", discountShape, drafts.discounts);
  section("policies", policyShape, drafts.policies);
  if (sections["retire"] !== undefined && sections["retire"] !== null) readRetirements(tree, sections["retire"], drafts, report);
}

function readRetirements(tree: Tree, value: unknown, drafts: Drafts, report: Report): void {
  const source = sourceWithin(tree, "retire");
  const fields = readFields(retireShape, value, source, report);
  for (const concept of [...CONCEPTS, "prices" as const]) {
    for (const [index, key] of (fields?.[concept] ?? []).entries()) drafts.retirements.push({ concept, key, place: source.place(concept, index) });
  }
}
