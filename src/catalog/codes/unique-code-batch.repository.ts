import type { CatalogKey } from "../../kernel/key.js";
import type { BatchOrder, UniqueCodeBatch } from "./unique-code-batch.js";

/** A batch in the making. What each call does is committed when it returns. */
export interface BatchSession {
  /** Begins a batch that is not ready. */
  open(order: BatchOrder, at: Date): Promise<UniqueCodeBatch>;
  add(batchId: number, codeIds: readonly string[]): Promise<void>;
  /** From here on its codes are good. */
  makeReady(batchId: number, at: Date): Promise<void>;
}

export interface UniqueCodeBatchRepository {
  /** A session on a connection of its own, which may wait for its caller as long as it takes. */
  inSession<T>(work: (session: BatchSession) => Promise<T>): Promise<T>;
  /** Newest first; of one discount, or of all for null. */
  list(discountKey: CatalogKey | null): Promise<UniqueCodeBatch[]>;
  /** Whether there was such a batch that was not revoked yet. */
  revoke(id: number, at: Date): Promise<boolean>;
}
