/** An entity as a run of releases has it, [since, until): what the row of a versioned table is in memory. */
export interface Version<Entity> {
  readonly entity: Entity;
  /** Counts the versions of a table as they come, so that what needs no better order can be kept in one that costs nothing. */
  readonly serial: number;
  readonly since: number;
  /** `OPEN` while no release has another one. It is set once, when such a release comes, and changes nothing of those before. */
  until: number;
  /** What earlier releases had under the same key, as far as it is kept. */
  earlier: Version<Entity> | null;
}

/** A row of a versioned table as it was read. */
export interface VersionRow {
  readonly row: Readonly<Record<string, unknown>>;
  readonly since: number;
  readonly until: number;
}

/** Later than every release: their numbers are GraphQL's Int. */
export const OPEN = 2 ** 31 - 1;

export function inOrderOfArrival(a: Version<unknown>, b: Version<unknown>): number {
  return a.serial - b.serial;
}

export function isAt({ since, until }: Version<unknown>, release: number): boolean {
  return since <= release && release < until;
}
