import type { PlanKind } from "../../plans/plan.js";
import type { DataRow } from "../../releases/versioned-tables.js";
import type { CurrentCatalog } from "../current-catalog.js";
import type { Report } from "../problem.js";
import type { PlanFields } from "../shapes/plan.shape.js";
import { show, wholeFields, type Draft } from "../source.js";
import { placeText, type CheckReference, type NextCatalog } from "./next-catalog.js";
import { textColumns } from "./texts.js";

export interface PlanRows {
  readonly plan: DataRow<"plan">[];
  readonly plan_add_on: DataRow<"plan_add_on">[];
}

export function checkPlans(drafts: readonly Draft<PlanFields>[], current: CurrentCatalog, next: NextCatalog, check: CheckReference, report: Report): PlanRows {
  for (const { fields, source } of drafts) check("products", fields.product, source.place("product"));
  checkRanks(drafts, current, next, report);
  checkAddOns(drafts, current, next, check, report);
  const whole = wholeFields(drafts);
  return {
    plan: whole.map(planRow),
    plan_add_on: whole.flatMap(({ key, addOns }) => addOns.map((addOn) => ({ key: `${key}/${addOn}`, plan_key: key, add_on_key: addOn }))),
  };
}

function checkRanks(drafts: readonly Draft<PlanFields>[], current: CurrentCatalog, next: NextCatalog, report: Report): void {
  const holders = new Map<string, string>();
  for (const { key, productKey, rank } of current.plans.values()) {
    if (next.plans.staying.has(key)) holders.set(`${productKey}/${rank}`, `the plan ${show(key)} of the current release`);
  }
  for (const { fields, source } of drafts) {
    const { product, rank } = fields;
    if (product === undefined || rank === undefined) continue;
    const place = source.place("rank");
    const holder = holders.get(`${product}/${rank}`);
    if (holder)
      report(
        place,
        "RANK_TWICE",
        `The rank ${rank} of the product ${show(product)} is that of ${holder} already. Upgrades go to a higher rank: give each plan its own.`,
      );
    else holders.set(`${product}/${rank}`, fields.key === undefined ? placeText(place) : `the plan ${show(fields.key)} (${placeText(place)})`);
  }
}

function checkAddOns(drafts: readonly Draft<PlanFields>[], current: CurrentCatalog, next: NextCatalog, check: CheckReference, report: Report): void {
  // A kind that is broken is left out: whether it fits is not known.
  const kinds = new Map<string, PlanKind>();
  for (const { key, kind } of current.plans.values()) if (next.plans.staying.has(key)) kinds.set(key, kind);
  for (const { fields } of drafts) if (fields.key !== undefined && fields.kind !== undefined) kinds.set(fields.key, fields.kind);

  for (const { fields, source } of drafts) {
    for (const [index, addOn] of (fields.addOns ?? []).entries()) {
      const place = source.place("addOns", index);
      if (addOn === fields.key) report(place, "ADD_ON_WRONG_KIND", "A plan cannot be an add-on to itself. Remove it from the list.");
      else if (check("plans", addOn, place) && kinds.get(addOn) === "BASE")
        report(place, "ADD_ON_WRONG_KIND", `The plan ${show(addOn)} is no add-on. Give it kind: ADD_ON, or remove it from the list.`);
    }
    if (fields.kind !== "BASE") continue;
    const offer = current.addOns.find(({ planKey, addOnKey }) => addOnKey === fields.key && next.plans.staying.has(planKey));
    if (offer)
      report(
        source.place("kind"),
        "STILL_NEEDED",
        `The plan ${show(offer.planKey)}, which these files do not change, offers this plan as an add-on. Bring that plan too.`,
      );
  }
}

function planRow(fields: PlanFields): DataRow<"plan"> {
  return { key: fields.key, product_key: fields.product, kind: fields.kind, rank: fields.rank, ...textColumns(fields), internal_note: fields.internalNote };
}
