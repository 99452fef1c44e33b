import type { ClientBase, CustomTypesConfig } from "pg";
import type { Database } from "../../../../platform/database/database.js";
import { valueTypes } from "../../../../platform/database/value-types.js";
import type { VersionedTable } from "../../versioned-tables.js";
import type { SharedValues } from "./shared-values.js";
import { OPEN, type VersionRow } from "./version.js";

/** What is read at once: a few milliseconds of work, so that requests are answered in between. */
const CHUNK_ROWS = 500;

export interface Ending {
  readonly key: string;
  readonly since: number;
  readonly until: number;
}

/** What a row is read as; columns that the entity needs come beside these. */
interface Row {
  readonly since_release: bigint;
  readonly until_release: bigint | null;
}

/** The released catalog as it stands at one instant, whatever is published meanwhile. */
export class ReleaseSnapshot {
  private readonly types: CustomTypesConfig;

  private constructor(
    private readonly client: ClientBase,
    readonly head: number,
    shared: SharedValues,
  ) {
    this.types = shared.types(valueTypes);
  }

  /** On a connection of its own that has no time limits: a large catalog takes seconds. */
  static open<T>(database: Pick<Database, "withLongClient">, shared: SharedValues, body: (snapshot: ReleaseSnapshot) => Promise<T>): Promise<T> {
    return database.withLongClient(async (client) => {
      await client.query("begin transaction isolation level repeatable read read only");
      const { rows } = await client.query<{ release: bigint }>("select release from catalog_head");
      const result = await body(new ReleaseSnapshot(client, Number(rows[0]?.release ?? 0n), shared));
      await client.query("commit");
      return result;
    });
  }

  /** When the releases after this one were published, in their order. */
  async publishedAfter(release: number): Promise<Date[]> {
    const text = "select published_at from release where number > $1 order by number";
    const { rows } = await this.client.query<{ published_at: Date }>(text, [release]);
    return rows.map((row) => row.published_at);
  }

  async countOpen(table: VersionedTable): Promise<number> {
    const { rows } = await this.client.query<{ count: bigint }>(`select count(*) from ${table} where until_release is null`);
    return Number(rows[0]?.count ?? 0n);
  }

  /** The rows of the head, by key. */
  open(table: VersionedTable, columns: string): AsyncGenerator<VersionRow[]> {
    return this.read(`select ${columns}, since_release, until_release from ${table} where until_release is null order by key`);
  }

  /** The rows that begin after a release, each after its predecessor. */
  begunAfter(table: VersionedTable, columns: string, release: number): AsyncGenerator<VersionRow[]> {
    return this.read(`select ${columns}, since_release, until_release from ${table} where since_release > ${release} order by key, since_release`);
  }

  /** The ends of rows of a release that later ones do not have. */
  async endedAfter(table: VersionedTable, release: number): Promise<Ending[]> {
    const text = `select key, since_release, until_release from ${table} where until_release > $1 and since_release <= $1`;
    const { rows } = await this.client.query<Row & { key: string }>(text, [release]);
    return rows.map(({ key, since_release: since, until_release: until }) => ({ key, since: Number(since), until: Number(until) }));
  }

  private async *read(text: string): AsyncGenerator<VersionRow[]> {
    await this.client.query(`declare versions no scroll cursor for ${text}`);
    const fetch = (): Promise<{ rows: (Row & Record<string, unknown>)[] }> =>
      this.client.query<Row & Record<string, unknown>>({ text: `fetch ${CHUNK_ROWS} from versions`, types: this.types });
    try {
      let next = fetch();
      for (;;) {
        const { rows } = await next;
        if (rows.length === 0) return;
        // The database prepares the next rows while these are worked on.
        next = fetch();
        next.catch(ignore);
        yield rows.map((row) => ({ row, since: Number(row.since_release), until: row.until_release === null ? OPEN : Number(row.until_release) }));
      }
    } finally {
      // Also when whoever reads has had enough. After an error there is nothing left to close.
      await this.client.query("close versions").catch(ignore);
    }
  }
}

function ignore(): void {
  // Whoever awaits the rows is told.
}
