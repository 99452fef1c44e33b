import type { CatalogPoint, Release } from "./release.js";

/** What a caller asks to look at; null parts are chosen by `resolveCatalogPoint`. */
export interface CatalogPointWish {
  readonly release: number | null;
  readonly time: Date | null;
}

/** What is known of releases when a point is chosen. `until` is when its successor was published; null for the head. */
export interface ReleaseReign {
  readonly number: number;
  readonly until: Date | null;
}

/**
 * The catalog point that a wish means.
 * - Nothing: the current release, now.
 * - A time: what stood then, that is the release that was current at that time, or the current one for a time to come. A
 *   time before the first release is answered by the first release's own record of it.
 * - A release: the last instant at which it was current, which for the current one is now.
 * - Both: exactly that, "what did we believe in May about July".
 * @param reign of the release wished for or, without one, of the release that was current at the time wished for.
 */
export function resolveCatalogPoint(wish: CatalogPointWish, reign: ReleaseReign, now: Date): CatalogPoint {
  const lastInstant = reign.until === null ? now : new Date(Math.min(now.getTime(), reign.until.getTime() - 1));
  return { release: reign.number, time: wish.time ?? lastInstant };
}

/**
 * Whether everyone may look at a point: it shows what was public at some instant up to now. Any other point shows
 * what the business had decided but not yet done, which is embargoed even if it was taken back later.
 */
export function isPublicPoint(point: CatalogPoint, currentThen: Pick<Release, "number">, now: Date): boolean {
  return point.time.getTime() <= now.getTime() && point.release === currentThen.number;
}
