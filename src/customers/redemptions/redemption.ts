import type { CurrencyCode } from "../../kernel/currency.js";
import type { CatalogKey } from "../../kernel/key.js";
import { MAX_AMOUNT_MINOR } from "../../kernel/money.js";
import type { QuoteCode, QuoteGrant } from "../../catalog/quotes/stored-quote.js";

export const REDEMPTION_STATES = ["RESERVED", "COMMITTED", "RELEASED", "EXPIRED"] as const;
export type RedemptionState = (typeof REDEMPTION_STATES)[number];

export type RedemptionMove = "commit" | "release" | "expire";

/** Where each move leads; a move that is not here is refused. A move to where a redemption stands already changes nothing. */
export const MOVES = {
  RESERVED: { commit: "COMMITTED", release: "RELEASED", expire: "EXPIRED" },
  COMMITTED: { commit: "COMMITTED" },
  RELEASED: { release: "RELEASED" },
  EXPIRED: { expire: "EXPIRED" },
} as const satisfies Record<RedemptionState, Partial<Record<RedemptionMove, RedemptionState>>>;

/** One counted use of one discount by one customer. */
export interface Redemption {
  readonly id: string;
  readonly customerId: string;
  readonly quoteId: string;
  readonly discountKey: CatalogKey;
  /** The code that claimed the discount; null for an automatic one. */
  readonly code: QuoteCode | null;
  readonly state: RedemptionState;
  /** What the budget of the discount is charged with. */
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
  /** Exclusive: the first instant at which it can no longer be committed. Null if it was committed at once. */
  readonly reservedUntil: Date | null;
  readonly createdAt: Date;
  /** When it was committed, released or given back. */
  readonly settledAt: Date | null;
  /** The API key that asked for it. */
  readonly credentialId: string;
}

/** Redeems a stored quote: claims all of its grants for its customer, or none. */
export interface RedeemRequest {
  readonly credentialId: string;
  /** Chosen by the caller; belongs to the credential. */
  readonly idempotencyKey: string;
  /** SHA-256 of what the caller asked for: the same key with another body is refused. */
  readonly bodyHash: Buffer;
  readonly customerId: string;
  readonly quoteId: string;
  readonly grants: readonly QuoteGrant[];
  readonly mode: "RESERVE" | "COMMIT";
  /** With RESERVE, an instant after `at`; null with COMMIT. */
  readonly reservedUntil: Date | null;
  readonly at: Date;
}

/** A request with the redemptions that it becomes if it is granted. */
export interface Claim {
  readonly credentialId: string;
  readonly idempotencyKey: string;
  readonly bodyHash: Buffer;
  readonly customerId: string;
  readonly quoteId: string;
  readonly at: Date;
  readonly redemptions: readonly Redemption[];
}

const MAX_KEY_LENGTH = 255;
const SHA256_BYTES = 32;
/** A quote grants a discount or two; more than this is no quote of ours. */
const MAX_GRANTS = 100;

/** Throws a RangeError for what no caller that checked its own input would ask for. @param drawId draws an id that was not used before. */
export function claimOf(request: RedeemRequest, drawId: () => string): Claim {
  const { credentialId, idempotencyKey, bodyHash, customerId, quoteId, grants, mode, reservedUntil, at } = request;
  if (idempotencyKey.length === 0 || idempotencyKey.length > MAX_KEY_LENGTH) throw new RangeError(`an idempotency key has 1 to ${MAX_KEY_LENGTH} characters`);
  if (bodyHash.length !== SHA256_BYTES) throw new RangeError("the hash of a body is a SHA-256");
  if ((mode === "RESERVE") !== (reservedUntil !== null)) throw new RangeError("a reservation, and nothing else, has an end");
  if (reservedUntil !== null && reservedUntil <= at) throw new RangeError("a reservation ends after it begins");
  if (grants.length > MAX_GRANTS) throw new RangeError(`a quote has at most ${MAX_GRANTS} grants`);
  if (new Set(grants.map((grant) => grant.discountKey)).size < grants.length) throw new RangeError("a quote grants a discount once");
  if (grants.some(({ amountMinor }) => amountMinor < 0n || amountMinor > MAX_AMOUNT_MINOR)) throw new RangeError("a grant takes off an amount of money");
  const redemptions = grants.map(({ discountKey, code, amountMinor, currency }): Redemption => ({
    ...{ id: drawId(), customerId, quoteId, discountKey, code },
    state: mode === "RESERVE" ? "RESERVED" : "COMMITTED",
    ...{ amountMinor, currency, reservedUntil },
    createdAt: at,
    settledAt: mode === "RESERVE" ? null : at,
    credentialId,
  }));
  return { credentialId, idempotencyKey, bodyHash, customerId, quoteId, at, redemptions };
}
