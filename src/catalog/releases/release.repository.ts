import type { Page, PageRequest } from "../../kernel/page.js";
import type { ReleaseReign } from "./catalog-point.js";
import type { Release } from "./release.js";

export interface ReleaseRepository {
  /** The number of the current release; 0 before the first one. */
  getHead(): Promise<number>;
  findAll(numbers: readonly number[]): Promise<Release[]>;
  /** The reign of a release, or null if there is no such release. */
  findReign(number: number): Promise<ReleaseReign | null>;
  /** The release that was current at `time`: the first one for times before it, null if nothing was published. */
  findReignAt(time: Date): Promise<ReleaseReign | null>;
  /** Newest first, from `newest` down. */
  listNumbers(page: PageRequest, newest: number): Promise<Page>;
}
