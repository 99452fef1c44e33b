import type pg from "pg";

/** Something that the database does not let happen to live data. It is tried beside the sound rows of release 1. */
export interface LiveRefusal {
  readonly why: string;
  readonly constraint: string;
  readonly work: (client: pg.Client) => Promise<unknown>;
}
