import type { CatalogKey } from "../../kernel/key.js";

export interface UniqueCodeRecord {
  /** The keyed hash of the code: see `uniqueCodeId`. */
  readonly id: string;
  readonly batchId: number;
  readonly discountKey: CatalogKey;
  readonly prefix: string;
  readonly expiresAt: Date | null;
  readonly readyAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface UniqueCodeRepository {
  /** Those that there are, in any order, of batches that are ready or not. */
  findAll(ids: readonly string[]): Promise<UniqueCodeRecord[]>;
}
