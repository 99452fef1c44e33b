import type { Entitlement } from "../../entitlements/entitlement.js";
import type { Place, Report } from "../problem.js";
import type { EntitlementFields, Rollout } from "../shapes/plan.shape.js";
import { show, type Source } from "../source.js";
import { valueText } from "./entitlement-value.js";

/** An entitlement as the files give it: whether existing subscriptions follow may not be said. */
export interface GivenEntitlement extends Omit<Entitlement, "existingFollow"> {
  readonly existing: Rollout | null;
}

export interface PlanChange {
  /** What the plan gives in the current release; null if it is not in it, so that nobody has it yet. */
  readonly before: readonly Entitlement[] | null;
  readonly given: ReadonlyMap<string, GivenEntitlement>;
  /** What the files say by feature, including what they remove. */
  readonly entries: ReadonlyMap<string, EntitlementFields>;
  /** What --rollout says. */
  readonly rollout: Rollout | null;
}

/**
 * A change never reaches existing subscriptions, or misses them, by accident: whoever changes, adds or removes an entitlement
 * of a released plan says which. What stays the same keeps what was said of it, unless the files say otherwise.
 * `source` is the plan's.
 */
export function decideRollout({ before, given, entries, rollout }: PlanChange, source: Source, report: Report): Entitlement[] {
  const held = new Map((before ?? []).map((entitlement) => [entitlement.key, entitlement]));
  const missing = new Set<string>();
  const decided = [...given.values()].map(({ existing, ...entitlement }): Entitlement => {
    const earlier = held.get(entitlement.key);
    const unchanged = earlier !== undefined && valueText(earlier.value) === valueText(entitlement.value);
    // Nobody has a new plan yet, so all who will have it get all of it.
    const unsaid = before === null ? true : unchanged ? earlier.existingFollow : rollout === null ? null : rollout === "FOLLOW";
    const existingFollow = existing === null ? unsaid : existing === "FOLLOW";
    if (existingFollow === null) missing.add(entitlement.featureKey);
    return { ...entitlement, existingFollow: existingFollow ?? true };
  });
  for (const featureKey of missing) {
    const what = [...held.values()].some((entitlement) => entitlement.featureKey === featureKey) ? "changes" : "is new to the plan";
    report(
      source.place("entitlements", featureKey),
      "ROLLOUT_MISSING",
      `The entitlement to ${show(featureKey)} ${what}. Say whether existing subscriptions get it too: existing: FOLLOW, or existing: KEEP.`,
    );
  }
  for (const { key, featureKey, marketKey } of held.values()) {
    if (given.has(key)) continue;
    checkRemoval({ featureKey, marketKey, entry: entries.get(featureKey), rollout, place: source.place("entitlements", featureKey) }, report);
  }
  return decided;
}

interface Removal {
  readonly featureKey: string;
  readonly marketKey: string | null;
  readonly entry: EntitlementFields | undefined;
  readonly rollout: Rollout | null;
  readonly place: Place;
}

/** A removed entitlement leaves nothing behind that could say who keeps it, so it can only be gone for everybody. */
function checkRemoval({ featureKey, marketKey, entry, rollout, place }: Removal, report: Report): void {
  const what = `The entitlement to ${show(featureKey)}${marketKey === null ? "" : ` in ${show(marketKey)}`} is no longer given`;
  const said = entry?.existing ?? rollout;
  if (said === "KEEP") {
    report(
      place,
      "ROLLOUT_CANNOT_KEEP",
      `${what}, and what is removed is gone for existing subscriptions too. To let them keep it, give false, 0 or another value instead, with existing: KEEP.`,
    );
  } else if (said === null) {
    const how = entry && !entry.removed ? "existing: FOLLOW" : `${featureKey}: { removed: true, existing: FOLLOW }`;
    report(place, "ROLLOUT_MISSING", `${what}, and would be gone for existing subscriptions too. Say so with ${how}, or give it again.`);
  }
}
