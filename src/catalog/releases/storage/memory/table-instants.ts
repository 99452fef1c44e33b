import { SortedBlocks } from "./sorted-blocks.js";
import { inOrderOfArrival, isAt, type Version } from "./version.js";

/** The instants at which something of a table comes into force or ends, with the versions that say so. */
export class TableInstants<Entity> {
  private readonly sorted = new SortedBlocks<number>((a, b) => a - b);
  private readonly byInstant = new Map<number, SortedBlocks<Version<Entity>>>();

  constructor(private readonly instantsOf: (entity: Entity) => readonly (Date | null)[]) {}

  /** The next one strictly after `after` that a release has, in milliseconds; null = never. */
  next(release: number, after: number): number | null {
    let next: number | null = null;
    this.sorted.ascend(
      (instant) => instant <= after,
      (instant) => !this.has(instant, release) || ((next = instant), false),
    );
    return next;
  }

  /** The last one at `at` or before; null = none yet. */
  last(release: number, at: number): number | null {
    let last: number | null = null;
    this.sorted.descend(
      (instant) => instant <= at,
      (instant) => !this.has(instant, release) || ((last = instant), false),
    );
    return last;
  }

  /** @param versions in the order of their arrival. */
  fill(versions: readonly Version<Entity>[]): void {
    this.byInstant.clear();
    const gathered = new Map<number, Version<Entity>[]>();
    for (const version of versions) {
      for (const instant of this.instantsOf(version.entity)) {
        const time = instant?.getTime();
        if (time === undefined) continue;
        const some = gathered.get(time);
        // One that says the same instant twice is the last that came.
        if (!some) gathered.set(time, [version]);
        else if (some[some.length - 1] !== version) some.push(version);
      }
    }
    for (const [instant, some] of gathered) this.versionsAt(instant).fill(some);
    this.sorted.fill([...gathered.keys()].sort((a, b) => a - b));
  }

  /** A version that arrived after all others. */
  append(version: Version<Entity>): void {
    for (const instant of this.instantsIn(version)) {
      if (!this.byInstant.has(instant)) this.sorted.add(instant);
      this.versionsAt(instant).append(version);
    }
  }

  /** Of versions that no release has any more that is asked about. */
  *drop(gone: readonly Version<Entity>[], isKept: (version: Version<Entity>) => boolean): Generator<void> {
    const counts = new Map<number, number>();
    for (const version of gone) {
      for (const instant of this.instantsIn(version)) counts.set(instant, (counts.get(instant) ?? 0) + 1);
      yield;
    }
    for (const [instant, count] of counts) {
      const versions = this.versionsAt(instant);
      yield* versions.drop(count, isKept);
      if (versions.size === 0) this.byInstant.delete(instant);
    }
    if (this.byInstant.size < this.sorted.size) yield* this.sorted.retain((instant) => this.byInstant.has(instant));
  }

  private has(instant: number, release: number): boolean {
    let found = false;
    this.byInstant.get(instant)?.ascend(null, (version) => !(found = isAt(version, release)));
    return found;
  }

  private instantsIn({ entity }: Version<Entity>): number[] {
    return [...new Set(this.instantsOf(entity).flatMap((instant) => instant?.getTime() ?? []))];
  }

  private versionsAt(instant: number): SortedBlocks<Version<Entity>> {
    let versions = this.byInstant.get(instant);
    if (!versions) this.byInstant.set(instant, (versions = new SortedBlocks<Version<Entity>>(inOrderOfArrival)));
    return versions;
  }
}
