import type { CatalogKey } from "../../kernel/key.js";
import type { Redemption } from "./redemption.js";

/** Why a quote cannot be redeemed. A refusal has no effect and is not kept: the same key may be tried again. */
export const REDEEM_REFUSALS = [
  /** The credential used the key for something else before. */
  "IDEMPOTENCY_KEY_REUSED",
  /** The quote is reserved or committed already. */
  "QUOTE_ALREADY_REDEEMED",
  /** The unique code is reserved or used already. */
  "CODE_USED",
  /** The batch of the unique code was revoked, be it after the quote was made. One that only expired since is honoured with the quote. */
  "CODE_REVOKED",
  "TOTAL_LIMIT_REACHED",
  "CUSTOMER_LIMIT_REACHED",
  /** What is left of the budget is less than what the grant takes off. */
  "BUDGET_SPENT",
  "BUDGET_OF_OTHER_CURRENCY",
] as const;
export type RedeemRefusalCode = (typeof REDEEM_REFUSALS)[number];

export interface RedeemRefusal {
  readonly code: RedeemRefusalCode;
  /** The discount that it is about; null if it is about the request as a whole. */
  readonly discountKey: CatalogKey | null;
}

export type RedeemOutcome =
  /** Replayed: the same request was granted before, and this is what it was told then. */
  | { readonly outcome: "REDEEMED"; readonly replayed: boolean; readonly redemptions: readonly Redemption[] }
  | { readonly outcome: "REFUSED"; readonly refusals: readonly RedeemRefusal[] };

export const SETTLE_REFUSALS = ["NOT_FOUND", "RESERVATION_EXPIRED", "RESERVATION_RELEASED", "REDEMPTION_COMMITTED"] as const;
export type SettleRefusalCode = (typeof SETTLE_REFUSALS)[number];

export type SettleOutcome =
  { readonly outcome: "SETTLED"; readonly redemptions: readonly Redemption[] } | { readonly outcome: "REFUSED"; readonly code: SettleRefusalCode };
