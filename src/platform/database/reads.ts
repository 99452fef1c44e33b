import type { Pool, QueryResultRow } from "pg";
import type { NamedStatement } from "./named-statement.js";
import type { OnStatement } from "./observed-client.js";
import { NamedRead, ReadBatch } from "./read-batch.js";

/**
 * Sends reads by key, whose plans are the same whatever the values. The server would make a plan for each list of keys again, which can take it
 * longer than to run it; here it makes one for all. That one must go by the keys: test/storage/read-plans.test.ts looks at each.
 */
export interface Reads {
  query<Row extends QueryResultRow>(statement: NamedStatement): Promise<{ readonly rows: Row[] }>;
}

/** Over a pool of clients that `readingClient` makes. Reads that wait for a connection at the same time are sent together. */
export class PooledReads implements Reads {
  private readonly texts = new Map<string, string>();
  /** Has no connection yet. */
  private waiting: ReadBatch | null = null;

  /** @param onStatement see `DatabaseOptions`. */
  constructor(
    private readonly pool: Pool,
    private readonly onStatement: OnStatement,
  ) {}

  query<Row extends QueryResultRow>(statement: NamedStatement): Promise<{ readonly rows: Row[] }> {
    return new Promise((resolve, reject) => {
      this.check(statement);
      // The caller knows the columns.
      this.ask(new NamedRead(statement, resolve as (result: { readonly rows: object[] }) => void, reject));
      this.onStatement(statement.text);
    });
  }

  /** A connection that knows a statement is told nothing but its name. */
  private check({ name, text }: NamedStatement): void {
    const known = this.texts.get(name);
    if (known === undefined) this.texts.set(name, text);
    else if (known !== text) throw new Error(`two statements have the name ${name}`);
  }

  private ask(read: NamedRead): void {
    if (this.waiting?.join(read)) return;
    const batch = new ReadBatch((reads) => {
      for (const one of reads) this.ask(one);
    });
    batch.join(read);
    this.waiting = batch;
    const sent: unknown = this.pool.query(batch);
    // Pools promise what their clients call back with, which the types tell only of statements of pg's own.
    (sent as Promise<void>).catch((error: unknown) => batch.fail(error instanceof Error ? error : new Error("the reads failed", { cause: error })));
  }
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
