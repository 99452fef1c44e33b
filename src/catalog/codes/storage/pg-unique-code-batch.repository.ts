import type { CatalogKey } from "../../../kernel/key.js";
import type { Database } from "../../../platform/database/database.js";
import type { UniqueCodeBatch } from "../unique-code-batch.js";
import type { BatchSession, UniqueCodeBatchRepository } from "../unique-code-batch.repository.js";

interface Row {
  readonly id: number;
  readonly discount_key: string;
  readonly prefix: string;
  readonly count: number;
  readonly created_at: Date;
  readonly created_by: string;
  readonly note: string;
  readonly expires_at: Date | null;
  readonly ready_at: Date | null;
  readonly revoked_at: Date | null;
}

const COLUMNS = "id, discount_key, prefix, count, created_at, created_by, note, expires_at, ready_at, revoked_at";

export class PgUniqueCodeBatchRepository implements UniqueCodeBatchRepository {
  constructor(private readonly database: Pick<Database, "pool" | "withLongClient">) {}

  inSession<T>(work: (session: BatchSession) => Promise<T>): Promise<T> {
    // Not in one transaction: a million codes would hold their locks and their log as long as somebody takes to read them.
    return this.database.withLongClient((client) =>
      work({
        open: async ({ discountKey, prefix, count, note, createdBy, expiresAt }, at) => {
          const { rows } = await client.query<Row>(
            `insert into unique_code_batch (discount_key, prefix, count, created_at, created_by, note, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
            [discountKey, prefix, count, at, createdBy, note, expiresAt],
          );
          const [batch] = rows.map(fromRow);
          if (batch === undefined) throw new Error("The database returned no row for the batch that it inserted.");
          return batch;
        },
        add: async (batchId, codeIds) => {
          await client.query("insert into unique_code (batch_id, id) select $1::int, unnest($2::text[])", [batchId, codeIds]);
        },
        makeReady: async (batchId, at) => {
          await client.query("update unique_code_batch set ready_at = $2 where id = $1", [batchId, at]);
        },
      }),
    );
  }

  async list(discountKey: CatalogKey | null): Promise<UniqueCodeBatch[]> {
    const { rows } = await this.database.pool.query<Row>({
      name: "unique-code-batches",
      text: `select ${COLUMNS} from unique_code_batch where $1::text is null or discount_key = $1 order by id desc`,
      values: [discountKey],
    });
    return rows.map(fromRow);
  }

  async revoke(id: number, at: Date): Promise<boolean> {
    const { rowCount } = await this.database.pool.query("update unique_code_batch set revoked_at = $2 where id = $1 and revoked_at is null", [id, at]);
    return rowCount === 1;
  }
}

function fromRow(row: Row): UniqueCodeBatch {
  return {
    id: row.id,
    discountKey: row.discount_key,
    prefix: row.prefix,
    count: row.count,
    createdAt: row.created_at,
    createdBy: row.created_by,
    note: row.note,
    expiresAt: row.expires_at,
    readyAt: row.ready_at,
    revokedAt: row.revoked_at,
  };
}
