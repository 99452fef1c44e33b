import type { Reads } from "../../../platform/database/reads.js";
import type { UniqueCodeRecord, UniqueCodeRepository } from "../unique-code.repository.js";

interface Row {
  readonly id: string;
  readonly batch_id: number;
  readonly discount_key: string;
  readonly prefix: string;
  readonly expires_at: Date | null;
  readonly ready_at: Date | null;
  readonly revoked_at: Date | null;
}

export class PgUniqueCodeRepository implements UniqueCodeRepository {
  constructor(private readonly reads: Reads) {}

  async findAll(ids: readonly string[]): Promise<UniqueCodeRecord[]> {
    const { rows } = await this.reads.query<Row>({
      name: "unique-codes-by-id",
      text: `select code.id, batch_id, discount_key, prefix, expires_at, ready_at, revoked_at
             from unique_code code join unique_code_batch batch on batch.id = batch_id
             where code.id = any($1)`,
      values: [ids],
    });
    return rows.map((row) => ({
      id: row.id,
      batchId: row.batch_id,
      discountKey: row.discount_key,
      prefix: row.prefix,
      expiresAt: row.expires_at,
      readyAt: row.ready_at,
      revokedAt: row.revoked_at,
    }));
  }
}
