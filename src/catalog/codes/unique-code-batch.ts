import type { CatalogKey } from "../../kernel/key.js";
import type { Discount } from "../discounts/discount.js";

/** What is asked for: so many codes that each claim the discount once. */
export interface BatchOrder {
  readonly discountKey: CatalogKey;
  /** What the codes begin with: up to ten capitals and digits, or none. */
  readonly prefix: string;
  readonly count: number;
  /** Exclusive: the first instant at which the codes are no longer good. Null = never. */
  readonly expiresAt: Date | null;
  readonly note: string;
  readonly createdBy: string;
}

export interface UniqueCodeBatch extends BatchOrder {
  readonly id: number;
  readonly createdAt: Date;
  /** Null = it was not finished, and none of its codes is good. */
  readonly readyAt: Date | null;
  readonly revokedAt: Date | null;
}

export type BatchState = "UNFINISHED" | "READY" | "EXPIRED" | "REVOKED";

/**
 * What the codes of a batch are worth. One that was not finished is worth nothing, whatever else happened to it. A revocation
 * counts whatever instant is asked about: asking about yesterday does not undo it.
 */
export function batchStateAt({ readyAt, revokedAt, expiresAt }: Pick<UniqueCodeBatch, "readyAt" | "revokedAt" | "expiresAt">, at: Date): BatchState {
  if (readyAt === null) return "UNFINISHED";
  if (revokedAt !== null) return "REVOKED";
  return expiresAt !== null && at >= expiresAt ? "EXPIRED" : "READY";
}

export interface BatchRefusal {
  readonly refused: "DISCOUNT_NOT_FOUND" | "DISCOUNT_IS_AUTOMATIC";
}

/** Why there can be no codes for this discount of the current release, or null. */
export function checkBatchDiscount(discount: Discount | undefined): BatchRefusal | null {
  if (discount === undefined) return { refused: "DISCOUNT_NOT_FOUND" };
  return discount.activation === "AUTOMATIC" ? { refused: "DISCOUNT_IS_AUTOMATIC" } : null;
}
