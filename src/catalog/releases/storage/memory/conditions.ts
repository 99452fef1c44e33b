import { PERIOD_STATUSES, type PeriodStatus } from "../../../../kernel/period.js";
import type { CatalogSight } from "../../release.js";

/** That an entity has one of these values of an index, or of the keys; null or nothing asks for none in particular. */
export type Among<Index extends string> = readonly [index: Index | "key", values: readonly string[] | null | undefined];

/** What else must hold. */
export interface Where<Entity> {
  readonly holds: (entity: Entity) => boolean;
  /** What it asks for, in words that are the same for the same, but for the time. */
  readonly asks: () => string;
  /** If it depends on the time: what holds changes at the table's instants. */
  readonly at: Date | null;
  /** Whether it holds of nothing, so that nothing needs to be looked at. */
  readonly never: boolean;
}

/** Which entities of a release: all of it must hold. */
export interface Conditions<Entity, Index extends string> {
  readonly among: readonly Among<Index>[];
  readonly where: Where<Entity> | null;
}

interface InEffect {
  readonly effective: { readonly from: Date; readonly until: Date | null };
}

/**
 * What `effectiveAs` says to the database: entities that the sight sees and whose period is one of `statuses` at the point's time;
 * null asks for those in force.
 */
export function whereEffective(statuses: readonly PeriodStatus[] | null | undefined, { point, seesUpcoming }: CatalogSight): Where<InEffect> {
  const wanted = new Set<PeriodStatus>(statuses ?? ["CURRENT"]);
  if (!seesUpcoming) wanted.delete("UPCOMING");
  const [past, current, upcoming] = PERIOD_STATUSES.map((status) => wanted.has(status));
  const time = point.time.getTime();
  return {
    holds: ({ effective: { from, until } }) => (from.getTime() > time ? upcoming : until !== null && until.getTime() <= time ? past : current) === true,
    asks: () => [...wanted].sort().join(),
    at: point.time,
    never: wanted.size === 0,
  };
}

export function isInForce({ effective: { from, until } }: InEffect, time: Date): boolean {
  return from.getTime() <= time.getTime() && (until === null || until.getTime() > time.getTime());
}

/** The embargo: what is not yet in force is seen by few. */
export function isSeen({ effective: { from } }: InEffect, { point, seesUpcoming }: CatalogSight): boolean {
  return seesUpcoming || from.getTime() <= point.time.getTime();
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The values as a set, made once for an array: what is within reach is asked of every entity. */
export function setOf(values: readonly string[]): ReadonlySet<string> {
  let set = sets.get(values);
  if (!set) sets.set(values, (set = new Set(values)));
  return set;
}

/** Null = everything is. */
export function isAmong(values: readonly string[] | null, value: string): boolean {
  return values === null || setOf(values).has(value);
}
