import type { ClientBase, CustomTypesConfig } from "pg";
import type { VersionedTable } from "../../versioned-tables.js";
import { fetchRows, toVersionRow } from "./release-rows.js";
import type { VersionRow } from "./version.js";

const CURSOR = "versions";

/** The released catalog as it stands at one instant, whatever is published meanwhile. */
export class ReleaseSnapshot {
  private constructor(
    private readonly client: ClientBase,
    private readonly types: CustomTypesConfig,
    readonly head: number,
  ) {}

  static async begin(client: ClientBase, types: CustomTypesConfig): Promise<ReleaseSnapshot> {
    await client.query("begin transaction isolation level repeatable read read only");
    const { rows } = await client.query<{ release: bigint }>("select release from catalog_head");
    return new ReleaseSnapshot(client, types, Number(rows[0]?.release ?? 0n));
  }

  async end(): Promise<void> {
    await this.client.query("commit");
  }

  /** When the releases were published, in their order. */
  async published(): Promise<Date[]> {
    const { rows } = await this.client.query<{ published_at: Date }>("select published_at from release order by number");
    return rows.map((row) => row.published_at);
  }

  async countOpen(table: VersionedTable): Promise<number> {
    const { rows } = await this.client.query<{ count: bigint }>(`select count(*) from ${table} where until_release is null`);
    return Number(rows[0]?.count ?? 0n);
  }

  /** The rows of the head, by key. */
  async *open(table: VersionedTable, columns: string): AsyncGenerator<VersionRow[]> {
    const text = `select ${columns}, since_release, until_release from ${table} where until_release is null order by key`;
    await this.client.query(`declare ${CURSOR} no scroll cursor for ${text}`);
    for await (const rows of fetchRows(this.client, CURSOR, this.types)) yield rows.map(toVersionRow);
    await this.client.query(`close ${CURSOR}`);
  }
}
