import { setImmediate } from "node:timers/promises";
import { isDatabaseAway } from "../../../platform/database-away.js";
import type { Claim } from "../redemption.js";
import type { RedeemOutcome } from "../redemption.refusals.js";
import { ClaimQueue, type Asker } from "./claim-queue.js";

/** Claims decided by one statement. More would make each of them wait longer than they save. */
const MAX_BATCH = 500;

/** What a batch says of one claim. */
export type Verdict =
  | RedeemOutcome
  /** No room after the claims before it, some of which were refused: it has to be asked again. */
  | { readonly outcome: "CROWDED" }
  /** Nothing of it was kept. */
  | { readonly outcome: "FAILED"; readonly error: unknown };

export interface BatchDecider {
  /** Verdicts in the order of the claims. Throws if none of them was decided, or if nobody knows. */
  decide(claims: readonly Claim[]): Promise<readonly Verdict[]>;
  /** Gives back reservations of these claims' discounts that ended. */
  expireFor(claims: readonly Claim[]): Promise<void>;
}

/**
 * Gathers the claims of a tick and decides them together, one batch at a time: on a hot counter a second batch would only wait
 * for the first one's lock.
 */
export class ClaimBatches {
  private readonly queue = new ClaimQueue();
  private isRunning = false;

  constructor(private readonly decider: BatchDecider) {}

  async add(claim: Claim): Promise<RedeemOutcome> {
    const answer = this.queue.add(claim);
    if (!this.isRunning) void this.run();
    return answer;
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    do {
      // Those who were just answered get to ask for more, and all who ask in this tick come along.
      await setImmediate();
      await this.decide(this.queue.take(MAX_BATCH));
    } while (this.queue.hasReady);
    this.isRunning = false;
  }

  private async decide(batch: readonly Asker[]): Promise<void> {
    try {
      const doubted = batch.filter(({ isSecondLook }) => isSecondLook).map(({ claim }) => claim);
      if (doubted.length > 0) await this.decider.expireFor(doubted);
      const verdicts = await this.decider.decide(batch.map(({ claim }) => claim));
      this.tell(batch, verdicts);
    } catch (error) {
      for (const asker of batch) this.queue.fail(asker, error);
      // Nothing of these was sent. Waiting for one timeout after another would answer the last of them in minutes.
      if (isDatabaseAway(error)) this.queue.failWaiting(error);
    }
  }

  private tell(batch: readonly Asker[], verdicts: readonly Verdict[]): void {
    const again: Asker[] = [];
    for (const [index, asker] of batch.entries()) {
      const verdict = verdicts[index];
      if (verdict === undefined) this.queue.fail(asker, new Error("a claim was left without a verdict"));
      else if (verdict.outcome === "FAILED") this.queue.fail(asker, verdict.error);
      // The first claim of a batch is never crowded, so each batch takes one more of them out of the queue.
      else if (verdict.outcome === "CROWDED") again.push(asker);
      else if (verdict.outcome === "REFUSED" && !asker.isSecondLook) {
        asker.isSecondLook = true;
        again.push(asker);
      } else this.queue.answer(asker, verdict);
    }
    this.queue.putBack(again);
  }
}
