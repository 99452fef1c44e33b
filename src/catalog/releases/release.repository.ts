import type { MaybePromise } from "../../kernel/maybe-promise.js";
import type { Page, PageRequest } from "../../kernel/page.js";
import type { ReleaseReign } from "./catalog-point.js";
import type { Release } from "./release.js";
import type { ReleasedRepository } from "./released.repository.js";

export interface ReleaseRepository extends ReleasedRepository {
  /** The number of the current release; 0 before the first one. */
  getHead(): MaybePromise<number>;
  findAll(numbers: readonly number[]): MaybePromise<readonly Release[]>;
  /** The reign of a release, or null if there is no such release. */
  findReign(number: number): MaybePromise<ReleaseReign | null>;
  /** The release that was current at `time`: the first one for times before it, null if nothing was published. */
  findReignAt(time: Date): MaybePromise<ReleaseReign | null>;
  /**
   * The next instant strictly after `after` at which anything that the release has comes into force, reaches existing subscriptions or
   * ends; null = never. Also of what is not yet in force, so that it is not for everybody's eyes.
   */
  findNextBoundary(release: number, after: Date): MaybePromise<Date | null>;
  /** Newest first, from `newest` down. */
  listNumbers(page: PageRequest, newest: number): MaybePromise<Page>;
}
