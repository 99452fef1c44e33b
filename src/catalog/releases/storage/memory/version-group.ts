import { SortedBlocks, type Compare } from "./sorted-blocks.js";
import { inOrderOfArrival, isAt, type Version } from "./version.js";

/** What a stretch of releases, [from, until), has of a group. */
interface Answer<Entity> {
  readonly from: number;
  until: number;
  readonly entities: readonly Entity[];
}

/** How many stretches of releases are remembered: the current release, and those that requests under way may be pinned to. */
const MAX_ANSWERS = 4;

const NONE: readonly never[] = Object.freeze([]);

/** Versions that belong together: a table's, or those of one plan. */
export class VersionGroup<Entity> {
  readonly versions: SortedBlocks<Version<Entity>>;
  private answers: Answer<Entity>[] | null = null;

  /** @param order of the entities in what a release has: that of the versions matters to nobody, and arrival is the cheapest. */
  constructor(
    private readonly order: Compare<Entity>,
    kept: Compare<Version<Entity>> = inOrderOfArrival,
  ) {
    this.versions = new SortedBlocks(kept);
  }

  /** What a release has of it: for every asker, and for all releases that have the same, the same frozen array. */
  at(release: number): readonly Entity[] {
    const known = this.answers?.find(({ from, until }) => from <= release && release < until);
    if (known) return known.entities;
    const entities: Entity[] = [];
    let [from, until] = [0, Number.POSITIVE_INFINITY];
    this.versions.ascend(null, (version) => {
      if (isAt(version, release)) {
        entities.push(version.entity);
        from = Math.max(from, version.since);
        until = Math.min(until, version.until);
      } else if (version.since > release) until = Math.min(until, version.since);
      else from = Math.max(from, version.until);
      return true;
    });
    const answer = { from, until, entities: entities.length === 0 ? NONE : Object.freeze(entities.sort(this.order)) };
    this.answers ??= [];
    if (this.answers.length === MAX_ANSWERS) this.answers.shift();
    this.answers.push(answer);
    return answer.entities;
  }

  /** Of a group that is kept in the order of arrival. */
  append(version: Version<Entity>): void {
    this.versions.append(version);
    this.changesAt(version.since);
  }

  /** From this release on it has something else: a version was added or closed. */
  changesAt(release: number): void {
    for (const answer of this.answers ?? []) answer.until = Math.min(answer.until, release);
  }
}
