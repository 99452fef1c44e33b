import type { QuoteCode } from "../../../catalog/quotes/stored-quote.js";
import type { Redemption, RedemptionState } from "../redemption.js";

/** What never changes of a redemption. */
export const LASTING_COLUMNS =
  "id, customer_id, quote_id, discount_key, unique_code_id, code_shown, amount_minor, currency, reserved_until, created_at, credential_id";
export const REDEMPTION_COLUMNS = `${LASTING_COLUMNS}, state, settled_at`;

export interface RedemptionRow {
  readonly id: string;
  readonly customer_id: string;
  readonly quote_id: string;
  readonly discount_key: string;
  readonly unique_code_id: string | null;
  readonly code_shown: string | null;
  readonly state: RedemptionState;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly reserved_until: Date | null;
  readonly created_at: Date;
  readonly settled_at: Date | null;
  readonly credential_id: string;
}

export function fromRow(row: RedemptionRow): Redemption {
  return {
    id: row.id,
    customerId: row.customer_id,
    quoteId: row.quote_id,
    discountKey: row.discount_key,
    code: row.code_shown === null ? null : { shown: row.code_shown, uniqueCodeId: row.unique_code_id },
    state: row.state,
    amountMinor: row.amount_minor,
    currency: row.currency,
    reservedUntil: row.reserved_until,
    createdAt: row.created_at,
    settledAt: row.settled_at,
    credentialId: row.credential_id,
  };
}

/** A redemption as it is kept with its idempotency key: JSON, with amounts as text, which loses no digit, and instants as ISO 8601. */
export interface StoredRedemption {
  readonly id: string;
  readonly customerId: string;
  readonly quoteId: string;
  readonly discountKey: string;
  readonly code: QuoteCode | null;
  readonly state: RedemptionState;
  readonly amountMinor: string;
  readonly currency: string;
  readonly reservedUntil: string | null;
  readonly createdAt: string;
  readonly settledAt: string | null;
  readonly credentialId: string;
}

export function toStored(redemption: Redemption): StoredRedemption {
  return {
    ...redemption,
    code: redemption.code && { shown: redemption.code.shown, uniqueCodeId: redemption.code.uniqueCodeId },
    amountMinor: redemption.amountMinor.toString(),
    reservedUntil: redemption.reservedUntil?.toISOString() ?? null,
    createdAt: redemption.createdAt.toISOString(),
    settledAt: redemption.settledAt?.toISOString() ?? null,
  };
}

/** The fields in the order of `Redemption`, whatever order they were kept in, so that a replay is written as the first answer was. */
export function fromStored(stored: StoredRedemption): Redemption {
  return {
    id: stored.id,
    customerId: stored.customerId,
    quoteId: stored.quoteId,
    discountKey: stored.discountKey,
    code: stored.code && { shown: stored.code.shown, uniqueCodeId: stored.code.uniqueCodeId },
    state: stored.state,
    amountMinor: BigInt(stored.amountMinor),
    currency: stored.currency,
    reservedUntil: toDate(stored.reservedUntil),
    createdAt: new Date(stored.createdAt),
    settledAt: toDate(stored.settledAt),
    credentialId: stored.credentialId,
  };
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
