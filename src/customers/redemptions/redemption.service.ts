import { randomUUID } from "node:crypto";
import { Overloaded } from "../../platform/overloaded.js";
import { claimOf, type RedeemRequest } from "./redemption.js";
import type { RedeemOutcome, SettleOutcome } from "./redemption.refusals.js";
import type { QuoteToSettle, RedemptionRepository } from "./redemption.repository.js";
import { judgeSettlement } from "./settlement.js";

/** Each look that is in vain means that another caller settled the same quote meanwhile, which happens once. */
const MAX_LOOKS = 5;

export class RedemptionService {
  constructor(private readonly redemptions: RedemptionRepository) {}

  /**
   * Claims all grants of a quote, or none. The same key with the same body is answered as it was the first time. When the
   * database is lost on the way the outcome is unknown: whoever asks again with the same key learns it.
   */
  async redeem(request: RedeemRequest): Promise<RedeemOutcome> {
    return this.redemptions.claim(claimOf(request, randomUUID));
  }

  /** Makes what is reserved for a quote final. Asking again changes nothing and is answered the same. */
  commit(quote: QuoteToSettle): Promise<SettleOutcome> {
    return this.settle("commit", quote);
  }

  /** Gives back what is reserved for a quote. Asking again changes nothing and is answered the same. */
  release(quote: QuoteToSettle): Promise<SettleOutcome> {
    return this.settle("release", quote);
  }

  /** Gives back all reservations that ended by `at`, and says how many redemptions that were. Many processes may do so at once. */
  async expireReservations(at: Date): Promise<number> {
    let expired = 0;
    for (;;) {
      const more = await this.redemptions.expire(at);
      if (more === 0) return expired;
      expired += more;
    }
  }

  private async settle(move: "commit" | "release", quote: QuoteToSettle): Promise<SettleOutcome> {
    for (let look = 1; look <= MAX_LOOKS; look++) {
      const outcome = judgeSettlement(move, await this.redemptions[move](quote), quote.at);
      if (outcome !== "AGAIN") return outcome;
    }
    throw new Overloaded(`others keep settling quote ${quote.quoteId}`);
  }
}
