import type { VersionedTable } from "./versioned-tables.js";

/** The channel on which the number of each new release is told. A hint only: who misses it finds the head in the table. */
export const RELEASE_CHANNEL = "catalog_release";

/** The current release. */
export interface Head {
  /** 0 before the first release. */
  readonly number: number;
  readonly publishedAt: Date | null;
}

export interface NewRelease {
  readonly author: string;
  readonly note: string;
  readonly at: Date;
}

export interface TableChange {
  readonly added: number;
  readonly changed: number;
  readonly ended: number;
}

export type Changes = Readonly<Record<VersionedTable, TableChange>>;

export function isUnchanged(changes: Changes): boolean {
  return Object.values(changes).every(({ added, changed, ended }) => added + changed + ended === 0);
}
