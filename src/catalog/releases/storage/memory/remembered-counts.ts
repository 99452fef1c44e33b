import { LRUCache } from "lru-cache";
import type { TableInstants } from "./table-instants.js";

/** A count and between which instants, [from, until), it is the same. */
interface Remembered {
  readonly count: number;
  readonly from: number;
  readonly until: number;
}

/** Of all that is asked: a filter may have hundreds of values, and a reach hundreds of keys. */
const MAX_CHARACTERS = 2_000_000;

/** Counts over much of a table, for as long as nothing comes into force or ends. */
export class RememberedCounts {
  private readonly counts = new LRUCache<string, Remembered>({ maxSize: MAX_CHARACTERS, sizeCalculation: (_count, asked) => asked.length });

  constructor(private readonly instants: Pick<TableInstants<unknown>, "last" | "next"> | null) {}

  /** @param at null if the count does not depend on the time. */
  find(asked: string, release: number, at: Date | null, count: () => number): number {
    const time = at?.getTime() ?? 0;
    const known = this.counts.get(asked);
    if (known && known.from <= time && time < known.until) return known.count;
    const isTimed = at !== null && this.instants !== null;
    const remembered = {
      count: count(),
      from: (isTimed ? this.instants?.last(release, time) : null) ?? Number.NEGATIVE_INFINITY,
      until: (isTimed ? this.instants?.next(release, time) : null) ?? Number.POSITIVE_INFINITY,
    };
    this.counts.set(asked, remembered);
    return remembered.count;
  }
}
