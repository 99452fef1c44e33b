import { createHash } from "node:crypto";
import type { RowScope } from "../../access/customer-reach.js";
import type { OpenedQuote, StoredQuotes } from "../../catalog/quotes/stored-quotes.service.js";
import type { Refusal } from "../../kernel/refusal.js";
import type { Redemption } from "./redemption.js";
import type { RedeemOutcome, RedeemRefusal, RedeemRefusalCode, SettleOutcome, SettleRefusalCode } from "./redemption.refusals.js";
import type { RedemptionRepository } from "./redemption.repository.js";
import type { RedemptionService } from "./redemption.service.js";

export interface QuoteToSettle extends RowScope {
  readonly quoteId: string;
  readonly credentialId: string;
  readonly at: Date;
  /** Whether what the quote is about is there for the caller. */
  readonly isThere: (quote: OpenedQuote) => Promise<boolean>;
}

export interface QuoteToRedeem extends QuoteToSettle {
  readonly idempotencyKey: string;
  /** Null = committed at once. */
  readonly reserveForSeconds: number | null;
}

/** A reservation is for as long as a checkout takes; what is held for longer is held from others. */
export const RESERVATION_SECONDS = { least: 10, most: 86_400 } as const;
export const KEY_LENGTH = { least: 1, most: 255 } as const;

const REASONS: Readonly<Record<RedeemRefusalCode, string>> = {
  IDEMPOTENCY_KEY_REUSED: "This key was used for another request. Take a new one for each.",
  QUOTE_ALREADY_REDEEMED: "The quote is reserved or redeemed already.",
  CODE_USED: "The code can be used once, and was.",
  CODE_REVOKED: "The code was withdrawn.",
  TOTAL_LIMIT_REACHED: "It was granted as often as it may be.",
  CUSTOMER_LIMIT_REACHED: "The customer had it as often as one may.",
  BUDGET_SPENT: "What is left of its budget is less than what it would take off.",
  BUDGET_OF_OTHER_CURRENCY: "Its budget counts another currency.",
};

const NOT_REDEEMED = { code: "NOT_REDEEMED", message: "Nothing was redeemed with this quote." };

const SETTLED: Readonly<Record<Exclude<SettleRefusalCode, "NOT_FOUND">, string>> = {
  RESERVATION_EXPIRED: "The reservation has ended. Redeem the quote anew, as long as it is honoured.",
  RESERVATION_RELEASED: "The reservation was released. Redeem the quote anew, as long as it is honoured.",
  REDEMPTION_COMMITTED: "The redemption was committed, which is final.",
};

/** Redeems stored quotes: claims all of their discounts for their customers, or none. */
export class QuoteRedemptions {
  constructor(
    private readonly quotes: StoredQuotes,
    private readonly redemptions: RedemptionService,
    private readonly kept: Pick<RedemptionRepository, "findAnswer">,
  ) {}

  async redeem(wish: QuoteToRedeem): Promise<readonly Redemption[] | { readonly refusals: readonly Refusal[] }> {
    const { quoteId, credentialId, idempotencyKey, reserveForSeconds, at } = wish;
    const malformed = checkWish(wish);
    if (malformed.length > 0) return { refusals: malformed };
    const key = {
      credentialId,
      idempotencyKey,
      bodyHash: createHash("sha256")
        .update(JSON.stringify(["redeemQuote", quoteId, reserveForSeconds]))
        .digest(),
    };
    const quote = await this.find(wish);
    const refusal = quote === null ? NO_QUOTE : quote.expiresAt <= at ? EXPIRED : quote.binding ? null : NOT_BINDING;
    if (quote?.customerId == null || refusal !== null) {
      // What was granted while it could be is answered as it was then.
      const answer = await this.kept.findAnswer(key);
      return answer ? told(answer) : { refusals: [refusal ?? NOT_BINDING] };
    }
    return told(
      await this.redemptions.redeem({
        ...key,
        customerId: quote.customerId,
        ...{ quoteId, grants: quote.grants, at },
        mode: reserveForSeconds === null ? "COMMIT" : "RESERVE",
        reservedUntil: reserveForSeconds === null ? null : new Date(at.getTime() + reserveForSeconds * 1_000),
      }),
    );
  }

  /** Commits or releases what is reserved for a quote. Asking again is answered the same. */
  async settle(move: "commit" | "release", wish: QuoteToSettle): Promise<readonly Redemption[] | { readonly refusals: readonly Refusal[] }> {
    const { quoteId, at } = wish;
    const quote = await this.find(wish);
    if (quote === null) return { refusals: [NO_QUOTE] };
    if (!quote.binding || quote.customerId === null) return { refusals: [NOT_BINDING] };
    // A quote without discounts has nothing to hold.
    if (quote.grants.length === 0) return [];
    const outcome: SettleOutcome = await this.redemptions[move]({ customerId: quote.customerId, quoteId, at });
    if (outcome.outcome === "SETTLED") return outcome.redemptions;
    const refusal = outcome.code === "NOT_FOUND" ? NOT_REDEEMED : { code: outcome.code, message: SETTLED[outcome.code] };
    return { refusals: [{ ...refusal, path: ["input", "quoteId"] }] };
  }

  private async find(wish: QuoteToSettle): Promise<OpenedQuote | null> {
    const quote = await this.quotes.find(wish.quoteId, wish);
    return quote && (await wish.isThere(quote)) ? quote : null;
  }
}

const NO_QUOTE: Refusal = { code: "UNKNOWN_QUOTE", message: "There is no such quote.", path: ["input", "quoteId"] };
const EXPIRED: Refusal = { code: "QUOTE_EXPIRED", message: "The quote is no longer honoured. Make a new one.", path: ["input", "quoteId"] };
const NOT_BINDING: Refusal = {
  code: "QUOTE_NOT_BINDING",
  message: "Nobody vouched for what the quote takes for granted of the customer, or it names none. Let a caller make it who may vouch for customers.",
  path: ["input", "quoteId"],
};

function checkWish({ idempotencyKey, reserveForSeconds }: QuoteToRedeem): Refusal[] {
  const refusals: Refusal[] = [];
  if (idempotencyKey.length < KEY_LENGTH.least || idempotencyKey.length > KEY_LENGTH.most || !/^[\x21-\x7e]+$/.test(idempotencyKey)) {
    const message = `An idempotency key has ${KEY_LENGTH.least} to ${KEY_LENGTH.most} visible ASCII characters; a UUID is a good one.`;
    refusals.push({ code: "IDEMPOTENCY_KEY_MALFORMED", message, path: ["input", "idempotencyKey"] });
  }
  const { least, most } = RESERVATION_SECONDS;
  if (reserveForSeconds !== null && (reserveForSeconds < least || reserveForSeconds > most)) {
    const message = `A reservation lasts ${least} to ${most} seconds, not ${reserveForSeconds}.`;
    refusals.push({ code: "RESERVATION_OUT_OF_RANGE", message, path: ["input", "reserveForSeconds"] });
  }
  return refusals;
}

function told(outcome: RedeemOutcome): readonly Redemption[] | { readonly refusals: readonly Refusal[] } {
  return outcome.outcome === "REDEEMED" ? outcome.redemptions : { refusals: outcome.refusals.map(toRefusal) };
}

function toRefusal({ code, discountKey }: RedeemRefusal): Refusal {
  const path = ["input", code === "IDEMPOTENCY_KEY_REUSED" ? "idempotencyKey" : "quoteId"];
  return { code, message: discountKey === null ? REASONS[code] : `${discountKey}: ${REASONS[code]}`, path };
}
