import type { KeysInReach } from "./reach.js";

/** An immutable, numbered state of the whole catalog. */
export interface Release {
  /** Counts from 1 without gaps. */
  readonly number: number;
  readonly publishedAt: Date;
  readonly author: string;
  readonly note: string;
}

/** What a read looks at: a release and an instant. */
export interface CatalogPoint {
  /** 0 = nothing was published yet: an empty catalog. */
  readonly release: number;
  readonly time: Date;
}

/** A catalog point and how much of it a caller may see. */
export interface CatalogSight {
  readonly point: CatalogPoint;
  /** Whether what is decided but not yet in force is seen too. */
  readonly seesUpcoming: boolean;
  /** Which part of the catalog there is at all. */
  readonly reach: KeysInReach;
}
