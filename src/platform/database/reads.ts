import type { Pool, QueryResultRow } from "pg";
import { NamedRead } from "./reading-client.js";
import type { NamedStatement } from "./named-statement.js";

/**
 * Sends reads by key, whose plans are the same whatever the values. The server would make a plan for each list of keys again, which can take it
 * longer than to run it; here it makes one for all. That one must go by the keys: test/storage/read-plans.test.ts looks at each.
 */
export interface Reads {
  query<Row extends QueryResultRow>(statement: NamedStatement): Promise<{ readonly rows: Row[] }>;
}

/** Over a pool of clients that `readingClient` makes. */
export class PooledReads implements Reads {
  constructor(private readonly pool: Pool) {}

  query<Row extends QueryResultRow>(statement: NamedStatement): Promise<{ readonly rows: Row[] }> {
    const sent: unknown = this.pool.query(new NamedRead(statement));
    // Pools promise what their clients call back with, which the types tell only of statements of pg's own; and the caller knows the columns.
    return (sent as Promise<Row[]>).then(asResult);
  }
}

function asResult<Row>(rows: Row[]): { readonly rows: Row[] } {
  return { rows };
}

const SETTINGS = [
  "plan_cache_mode=force_generic_plan",
  // Without values the server guesses that a third of all rows belong to a release, where most do. So that it does not go by the release, or by
  // the period, and then look for the keys, a row costs it as much as a page, and it may not join indexes.
  "cpu_tuple_cost=1",
  "enable_bitmapscan=off",
  // These costs are no measure of when compiling would be worth it, and for reads by key it never is.
  "jit=off",
  // Nor are they one of when other processes would be worth their start, which takes 10 ms: a page of a large table takes 0.3.
  "max_parallel_workers_per_gather=0",
];

/**
 * The address, asking for sessions with these settings beside what it asks for already: of several lists of options pg takes the last. The rest stays as
 * it is written, since pg knows addresses that are no URLs, such as those of sockets.
 */
export function addressOfReads(url: string): string {
  const question = url.indexOf("?");
  const given = question < 0 ? null : new URLSearchParams(url.slice(question)).get("options");
  const options = [...(given ? [encodeURIComponent(given)] : []), ...SETTINGS.map((setting) => `-c+${setting}`)];
  return `${url}${question < 0 ? "?" : "&"}options=${options.join("+")}`;
}
