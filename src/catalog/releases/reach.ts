import type { CatalogReach } from "../../access/viewer.js";
import type { CatalogKey } from "../../kernel/key.js";
import type { MaybePromise } from "../../kernel/maybe-promise.js";

/**
 * What of one release there is for a caller: the keys of a `CatalogReach`, with all that they bring along. Null = all there
 * is; an empty list = none. Everything else of the catalog is within reach by these, or is a word that all callers share.
 */
export interface KeysInReach {
  /** Those named, those below them, and those above them, of which they inherit. */
  readonly markets: readonly CatalogKey[] | null;
  readonly products: readonly CatalogKey[] | null;
  /** Those of the products. */
  readonly plans: readonly CatalogKey[] | null;
}

export const ALL_IN_REACH: KeysInReach = { markets: null, products: null, plans: null };

/** Finds what a reach means at a release. Keys that the release does not have reach nothing. */
export type ReachFinder = (reach: CatalogReach, release: number) => MaybePromise<KeysInReach>;

/** Whether all that is within `other` is within `reach`. */
export function coversReach(reach: KeysInReach, other: KeysInReach): boolean {
  return includesAll(reach.markets, other.markets) && includesAll(reach.products, other.products) && includesAll(reach.plans, other.plans);
}

export function isInReach(keys: readonly CatalogKey[] | null, key: CatalogKey): boolean {
  return keys === null || keys.includes(key);
}

function includesAll(keys: readonly CatalogKey[] | null, others: readonly CatalogKey[] | null): boolean {
  return keys === null || (others?.every((other) => keys.includes(other)) ?? false);
}
