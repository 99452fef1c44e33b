import type { FeatureKind } from "../../features/feature.js";
import type { Entitlement } from "../../entitlements/entitlement.js";
import type { DataRow } from "../../releases/versioned-tables.js";
import type { CurrentCatalog } from "../current-catalog.js";
import type { Report } from "../problem.js";
import type { FeatureFields } from "../shapes/feature.shape.js";
import { show, wholeFields, type Draft } from "../source.js";
import type { NextCatalog } from "./next-catalog.js";
import { textColumns } from "./texts.js";

/** Which fields a kind of feature has, beside those that all have. */
const FIELDS_OF_KIND = { SWITCH: [], SETTING: ["values"], CAP: ["unit", "window"] } as const satisfies Record<FeatureKind, readonly (keyof FeatureFields)[]>;

export function checkFeatures(drafts: readonly Draft<FeatureFields>[], current: CurrentCatalog, next: NextCatalog, report: Report): DataRow<"feature">[] {
  // Entitlements of plans that the files do not bring stay, so their values must still fit.
  const staying = current.entitlements.filter(({ planKey }) => next.plans.staying.has(planKey));
  for (const draft of drafts) {
    checkFieldsOfKind(draft, report);
    checkStillFits(draft, staying, report);
  }
  return wholeFields(drafts).map(featureRow);
}

function checkFieldsOfKind({ fields, source }: Draft<FeatureFields>, report: Report): void {
  const { kind } = fields;
  if (kind === undefined) return;
  const ofKind: readonly (keyof FeatureFields)[] = FIELDS_OF_KIND[kind];
  for (const name of ["values", "unit", "window"] as const) {
    const value = fields[name];
    if (ofKind.includes(name) && value === null) report(source.place(name), "FIELD_MISSING", `A feature of kind ${kind} needs ${name}. Give it.`);
    if (!ofKind.includes(name) && value)
      report(source.place(name), "FIELD_NOT_ALLOWED", `A feature of kind ${kind} has no ${name}. Remove it, or choose another kind.`);
  }
}

function checkStillFits({ fields, source }: Draft<FeatureFields>, staying: readonly Entitlement[], report: Report): void {
  const { key, kind, values } = fields;
  for (const { planKey, featureKey, value } of staying) {
    if (featureKey !== key || kind === undefined) continue;
    if (value.kind !== kind) {
      report(
        source.place("kind"),
        "STILL_NEEDED",
        `The plan ${show(planKey)}, which these files do not change, gives this feature as a ${value.kind}. Bring the plan too.`,
      );
      return; // One plan is enough to say so.
    }
    if (value.kind === "SETTING" && values && !values.includes(value.setting)) {
      const advice = "Keep the value, or bring the plan too.";
      report(
        source.place("values"),
        "STILL_NEEDED",
        `The value ${show(value.setting)} is gone, but the plan ${show(planKey)}, which these files do not change, has it. ${advice}`,
      );
      return;
    }
  }
}

function featureRow(fields: FeatureFields): DataRow<"feature"> {
  return {
    key: fields.key,
    kind: fields.kind,
    category: fields.category,
    position: fields.position,
    unit: fields.unit,
    cap_window: fields.window,
    allowed_values: fields.values,
    ...textColumns(fields),
    internal_note: fields.internalNote,
  };
}
