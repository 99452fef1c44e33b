import type { ClientBase, CustomTypesConfig } from "pg";
import { readCopied } from "../../../../platform/database/copied-rows.js";
import type { VersionedTable } from "../../versioned-tables.js";
import { OPEN, type VersionRow } from "./version.js";

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

  /** The rows of the head, by key. What `onRow` is given is another row the next time. */
  async readOpen(table: VersionedTable, columns: string, onRow: (row: VersionRow) => void): Promise<void> {
    const text = `select ${columns}, since_release from ${table} where until_release is null order by key`;
    await readCopied(this.client, text, this.types, (row) => onRow({ row, since: Number(row["since_release"]), until: OPEN }));
  }
}
