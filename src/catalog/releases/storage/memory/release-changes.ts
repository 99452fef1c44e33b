import type { ClientBase, CustomTypesConfig, QueryResult } from "pg";
import type { VersionedTable } from "../../versioned-tables.js";
import { fetchRows, toVersionRow, type ReadRow } from "./release-rows.js";
import type { VersionRow } from "./version.js";

/** Of a table that changed: what releases usually change comes with the first answer, which is worked on at once. */
const FIRST_ROWS = 2_000;
const ENDINGS = "endings";

interface Ending {
  readonly table: VersionedTable;
  readonly key: string;
  readonly since: number;
  readonly until: number;
}

interface EndingRow extends ReadRow {
  readonly ended: VersionedTable;
  readonly key: string;
}

/**
 * What the releases after one began and ended, as it stands at one instant. All tables are asked with one message: the way there and back, and the turn that an
 * answer waits for where readers keep the process busy, would otherwise cost more than what there is to read.
 */
export class ReleaseChanges {
  private constructor(
    private readonly client: ClientBase,
    private readonly types: CustomTypesConfig,
    readonly head: number,
    /** When the releases after that one were published, in their order. */
    readonly published: readonly Date[],
    private readonly first: ReadonlyMap<string, readonly ReadRow[]>,
  ) {}

  /** @param timeoutMs how long the answer may take; none = as long as it takes. */
  static async read(
    client: ClientBase,
    types: CustomTypesConfig,
    tables: readonly { readonly name: VersionedTable; readonly columns: string }[],
    after: number,
    timeoutMs?: number,
  ): Promise<ReleaseChanges> {
    const cursors = new Map([
      // Each row after its predecessor.
      ...tables.map(({ name, columns }): [string, string] => [
        begunIn(name),
        `select ${columns}, since_release, until_release from ${name} where since_release > ${after} order by key, since_release`,
      ]),
      // By key, as they are forgotten one day.
      [ENDINGS, `${tables.map(({ name }) => endedIn(name, after)).join(" union all ")} order by key`],
    ]);
    const statements = [
      "begin transaction isolation level repeatable read read only",
      "select release from catalog_head",
      `select published_at from release where number > ${after} order by number`,
      ...[...cursors].flatMap(([name, text]) => [`declare ${name} no scroll cursor for ${text}`, `fetch ${FIRST_ROWS} from ${name}`]),
    ];
    const message = { text: statements.join(";\n"), types, query_timeout: timeoutMs };
    const answers = (await client.query(message)) as unknown as readonly QueryResult[]; // Several statements have an answer each.
    const [head, published, ...fetched] = answers.filter(({ command }) => command === "SELECT" || command === "FETCH");
    const first = new Map([...cursors.keys()].map((name, index) => [name, (fetched[index]?.rows ?? []) as ReadRow[]]));
    return new ReleaseChanges(
      client,
      types,
      Number((head?.rows[0] as { release: bigint } | undefined)?.release ?? 0n),
      ((published?.rows ?? []) as { published_at: Date }[]).map((row) => row.published_at),
      first,
    );
  }

  /** May be awaited later than what it tells has been worked on. */
  async end(): Promise<void> {
    await this.client.query("commit");
  }

  /** Whether all of it has come, so that nothing more will be asked. */
  get isComplete(): boolean {
    return [...this.first.values()].every((rows) => rows.length < FIRST_ROWS);
  }

  /** The rows of a table that begin after the release, by key, each after its predecessor. */
  async *begun(table: VersionedTable): AsyncGenerator<VersionRow[]> {
    for await (const rows of this.rows(begunIn(table))) yield rows.map(toVersionRow);
  }

  /** The ends of rows of that release that later ones do not have. */
  async *ended(): AsyncGenerator<Ending[]> {
    for await (const rows of this.rows(ENDINGS)) {
      // The columns of `endedIn`.
      yield (rows as readonly EndingRow[]).map(({ ended: table, key, since_release: since, until_release: until }) => ({
        ...{ table, key },
        ...{ since: Number(since), until: Number(until) },
      }));
    }
  }

  private async *rows(cursor: string): AsyncGenerator<readonly ReadRow[]> {
    const first = this.first.get(cursor) ?? [];
    if (first.length > 0) yield first;
    if (first.length === FIRST_ROWS) yield* fetchRows(this.client, cursor, this.types);
  }
}

function begunIn(table: VersionedTable): string {
  return `${table}_begun`;
}

function endedIn(table: VersionedTable, after: number): string {
  return `select '${table}' as ended, key, since_release, until_release from ${table} where until_release > ${after} and since_release <= ${after}`;
}
