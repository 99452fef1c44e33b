import { MOVES, type Redemption, type RedemptionState } from "./redemption.js";
import type { SettleOutcome, SettleRefusalCode } from "./redemption.refusals.js";

/** What a customer's quote looked like when it was to be settled, and what that changed. */
export interface Settlement {
  /** All redemptions of the quote; those that were changed as they are now, the others as they were. */
  readonly redemptions: readonly Redemption[];
  readonly changedIds: ReadonlySet<string>;
}

const REFUSED_WHEN = {
  RESERVED: null,
  COMMITTED: "REDEMPTION_COMMITTED",
  RELEASED: "RESERVATION_RELEASED",
  EXPIRED: "RESERVATION_EXPIRED",
} as const satisfies Record<RedemptionState, SettleRefusalCode | null>;

/**
 * What the caller is told. "AGAIN" if the quote changed while it was looked at, so that the answer is to be had by another look.
 * A reservation past its end answers as expired, whether or not it was given back by then.
 */
export function judgeSettlement(move: "commit" | "release", { redemptions, changedIds }: Settlement, at: Date): SettleOutcome | "AGAIN" {
  const changed = redemptions.filter(({ id }) => changedIds.has(id));
  const latest = changed.length > 0 ? changed : latestOf(redemptions);
  const first = latest[0];
  if (first === undefined) return { outcome: "REFUSED", code: "NOT_FOUND" };
  if (first.state === "RESERVED") {
    return move === "commit" && first.reservedUntil !== null && first.reservedUntil <= at ? { outcome: "REFUSED", code: "RESERVATION_EXPIRED" } : "AGAIN";
  }
  const moves: Partial<Record<string, RedemptionState>> = MOVES[first.state];
  const refusal = moves[move] === undefined ? REFUSED_WHEN[first.state] : null;
  return refusal === null ? { outcome: "SETTLED", redemptions: latest } : { outcome: "REFUSED", code: refusal };
}

/** A quote that was released or expired may be redeemed again: what counts is what holds now, or else what held last. */
function latestOf(redemptions: readonly Redemption[]): Redemption[] {
  const live = redemptions.filter(({ state }) => state === "RESERVED" || state === "COMMITTED");
  if (live.length > 0) return live;
  const ended = redemptions.toSorted((one, other) => endOf(one) - endOf(other));
  return [...new Map(ended.map((redemption) => [redemption.discountKey, redemption])).values()];
}

function endOf({ settledAt }: Redemption): number {
  return settledAt?.getTime() ?? Number.POSITIVE_INFINITY;
}
