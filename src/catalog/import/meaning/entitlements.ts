import type { Entitlement } from "../../entitlements/entitlement.js";
import type { DataRow } from "../../releases/versioned-tables.js";
import type { CurrentCatalog } from "../current-catalog.js";
import { Trouble, type Report } from "../problem.js";
import type { FeatureFields } from "../shapes/feature.shape.js";
import type { EntitlementFields, EntitlementText, PlanFields, Rollout } from "../shapes/plan.shape.js";
import type { Draft, Read, Source } from "../source.js";
import { readEntitlementValue, type KnownFeature } from "./entitlement-value.js";
import type { CheckReference } from "./next-catalog.js";
import { decideRollout, type GivenEntitlement } from "./rollout.js";

/** What the files give; `rollout` is what --rollout says for entitlements that do not say it themselves. */
export interface EntitlementCheck {
  readonly plans: readonly Draft<PlanFields>[];
  readonly features: readonly Draft<FeatureFields>[];
  readonly rollout: Rollout | null;
}

export function checkEntitlements(
  { plans, features, rollout }: EntitlementCheck,
  current: CurrentCatalog,
  check: CheckReference,
  report: Report,
): DataRow<"entitlement">[] {
  const known = new Map<string, KnownFeature>(current.features);
  for (const { fields } of features) if (fields.key !== undefined) known.set(fields.key, knownFeature(fields));
  const held = new Map<string, Entitlement[]>([...current.plans.keys()].map((key) => [key, []]));
  for (const entitlement of current.entitlements) held.get(entitlement.planKey)?.push(entitlement);

  return plans.flatMap(({ fields, source }) => {
    if (fields.key === undefined || fields.entitlements === undefined) return [];
    const given = new Map<string, GivenEntitlement>();
    let sound = true;
    for (const [featureKey, entry] of fields.entitlements) {
      const at: Source = { file: source.file, place: (...path) => source.place("entitlements", featureKey, ...path) };
      const read = readEntry({ planKey: fields.key, featureKey, entry }, known, at, check, report);
      if (read) for (const entitlement of read) given.set(entitlement.key, entitlement);
      else sound = false;
    }
    // While one is broken it is not known what changes.
    if (!sound) return [];
    return decideRollout({ before: held.get(fields.key) ?? null, given, entries: fields.entitlements, rollout }, source, report).map(entitlementRow);
  });
}

/** The entitlements of one entry, or null if one of them is broken. */
function readEntry(
  { planKey, featureKey, entry }: { planKey: string; featureKey: string; entry: EntitlementFields },
  known: ReadonlyMap<string, KnownFeature>,
  at: Source,
  check: CheckReference,
  report: Report,
): GivenEntitlement[] | null {
  // What is removed may be gone with its feature, now or long ago.
  let sound = entry.removed || check("features", featureKey, at.place());
  if (entry.removed && (entry.value !== null || entry.markets.size > 0)) {
    report(at.place("removed"), "FIELD_NOT_ALLOWED", "An entitlement that is removed has no value and no markets. Remove these, or removed.");
    return null;
  }
  if (!entry.removed && entry.value === null && entry.markets.size === 0) {
    report(at.place(), "ENTITLEMENT_EMPTY", "The entitlement says nothing. Give a value, markets, or removed: true.");
    return null;
  }
  const feature = known.get(featureKey) ?? {};
  const values: [string | null, EntitlementText][] = [...entry.markets];
  if (entry.value !== null) values.unshift([null, entry.value]);
  const given = values.flatMap(([marketKey, text]) => {
    const place = marketKey !== null ? at.place("markets", marketKey) : entry.isShort ? at.place() : at.place("value");
    if (marketKey !== null && !check("markets", marketKey, place)) sound = false;
    const value = readEntitlementValue(text, feature);
    if (value instanceof Trouble) report(place, value.code, value.message);
    if (value === null || value instanceof Trouble) {
      sound = false;
      return [];
    }
    return [{ key: `${planKey}/${featureKey}/${marketKey ?? "*"}`, planKey, featureKey, marketKey, value, existing: entry.existing }];
  });
  return sound ? given : null;
}

function knownFeature({ kind, values }: Read<FeatureFields>): KnownFeature {
  return { ...(kind !== undefined && { kind }), ...(values !== undefined && { allowedValues: values }) };
}

function entitlementRow({ key, planKey, featureKey, marketKey, value, existingFollow }: Entitlement): DataRow<"entitlement"> {
  return {
    key,
    plan_key: planKey,
    feature_key: featureKey,
    feature_kind: value.kind,
    market_key: marketKey,
    enabled: value.kind === "SWITCH" ? value.enabled : null,
    setting: value.kind === "SETTING" ? value.setting : null,
    cap_amount: value.kind === "CAP" ? (value.amount?.toFixed() ?? null) : null,
    cap_unlimited: value.kind === "CAP" ? value.amount === null : null,
    existing_follow: existingFollow,
  };
}
