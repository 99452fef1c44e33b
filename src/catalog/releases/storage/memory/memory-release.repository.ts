import { LRUCache } from "lru-cache";
import type { MaybePromise } from "../../../../kernel/maybe-promise.js";
import type { Page, PageRequest } from "../../../../kernel/page.js";
import type { ReleaseReign } from "../../catalog-point.js";
import type { Release } from "../../release.js";
import type { ReleaseRepository } from "../../release.repository.js";
import type { ReleaseStore } from "./release-store.js";

/** What is told of releases is a line of text each, and those asked for are recent ones. */
const MAX_RELEASES = 1_000;

/** Releases themselves: what cannot change any more is remembered, the rest is asked of the database. */
export class MemoryReleaseRepository implements ReleaseRepository {
  private readonly releases = new LRUCache<number, Release>({ max: MAX_RELEASES });

  constructor(
    private readonly store: ReleaseStore,
    private readonly database: ReleaseRepository,
  ) {}

  /** Brings the current release to memory before anybody is told of it. */
  async getHead(): Promise<number> {
    const head = await this.database.getHead();
    await this.store.bringTo(head).catch(ignore);
    return head;
  }

  findAll(numbers: readonly number[]): MaybePromise<readonly Release[]> {
    const known = numbers.flatMap((number) => this.releases.get(number) ?? []);
    return known.length === numbers.length ? known : this.readAll(numbers);
  }

  findReign(number: number): MaybePromise<ReleaseReign | null> {
    return this.reign(number) ?? this.database.findReign(number);
  }

  findReignAt(time: Date): MaybePromise<ReleaseReign | null> {
    const number = this.store.releaseAt(time);
    return (number === null ? null : this.reign(number)) ?? this.database.findReignAt(time);
  }

  findNextBoundary(release: number, after: Date): MaybePromise<Date | null> {
    const next = this.store.nextBoundary(release, after);
    return next === undefined ? this.database.findNextBoundary(release, after) : next;
  }

  listNumbers(page: PageRequest, newest: number): MaybePromise<Page> {
    return this.database.listNumbers(page, newest);
  }

  /** Only of a release whose successor is known: until then nobody knows how long it will be the current one. */
  private reign(number: number): ReleaseReign | null {
    const until = this.store.publishedAt(number) && this.store.publishedAt(number + 1);
    return until && { number, until };
  }

  private async readAll(numbers: readonly number[]): Promise<readonly Release[]> {
    const found = await this.database.findAll(numbers);
    for (const release of found) this.releases.set(release.number, release);
    return found;
  }
}

function ignore(): void {
  // The store has told of it. A release that is not in memory is read from the database.
}
