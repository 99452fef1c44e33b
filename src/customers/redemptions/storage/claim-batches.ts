import { setImmediate } from "node:timers/promises";
import { isDatabaseAway } from "../../../platform/database-away.js";
import { Overloaded } from "../../../platform/overloaded.js";
import type { Claim } from "../redemption.js";
import type { RedeemOutcome } from "../redemption.refusals.js";

/** Claims decided by one statement. More would make each of them wait longer than they save. */
const MAX_BATCH = 500;
/** At a few thousand claims a second, these wait a second or two. */
const MAX_WAITING = 5_000;

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

interface Waiting {
  readonly claim: Claim;
  /** It was refused once. That is believed when it was looked at a second time, after expired reservations were given back. */
  readonly isSecondLook: boolean;
  readonly resolve: (outcome: RedeemOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the claims of a tick and decides them together, one batch at a time: on a hot counter a second batch would only wait
 * for the first one's lock.
 */
export class ClaimBatches {
  private waiting: Waiting[] = [];
  private isRunning = false;

  constructor(private readonly decider: BatchDecider) {}

  async add(claim: Claim): Promise<RedeemOutcome> {
    if (this.waiting.length >= MAX_WAITING) throw new Overloaded("too many redemptions are waiting");
    return new Promise((resolve, reject) => {
      this.waiting.push({ claim, isSecondLook: false, resolve, reject });
      if (!this.isRunning) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    do {
      // Those who were just answered get to ask for more, and all who ask in this tick come along.
      await setImmediate();
      await this.decide(this.take());
    } while (this.waiting.length > 0);
    this.isRunning = false;
  }

  private async decide(batch: readonly Waiting[]): Promise<void> {
    try {
      const doubted = batch.filter(({ isSecondLook }) => isSecondLook).map(({ claim }) => claim);
      if (doubted.length > 0) await this.decider.expireFor(doubted);
      const verdicts = await this.decider.decide(batch.map(({ claim }) => claim));
      const again: Waiting[] = [];
      for (const [index, asker] of batch.entries()) {
        const verdict = verdicts[index];
        if (verdict === undefined) asker.reject(new Error("a claim was left without a verdict"));
        else if (verdict.outcome === "FAILED") asker.reject(verdict.error);
        // The first claim of a batch is never crowded, so each batch takes one more of them out of the queue.
        else if (verdict.outcome === "CROWDED") again.push(asker);
        else if (verdict.outcome === "REFUSED" && !asker.isSecondLook) again.push({ ...asker, isSecondLook: true });
        else asker.resolve(verdict);
      }
      this.waiting = [...again, ...this.waiting];
    } catch (error) {
      for (const { reject } of batch) reject(error);
      // Nothing of these was sent. Waiting for one timeout after another would answer the last of them in minutes.
      if (isDatabaseAway(error)) for (const { reject } of this.waiting.splice(0)) reject(error);
    }
  }

  /**
   * The next batch, in arrival order. Twins (of a key, a quote or a unique code) go into different batches: the second has to
   * see what the first one did.
   */
  private take(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const taken = new Set<string>();
    for (const asker of this.waiting) {
      const names = batch.length < MAX_BATCH ? namesOf(asker.claim) : null;
      if (names === null || names.some((name) => taken.has(name))) {
        left.push(asker);
        continue;
      }
      for (const name of names) taken.add(name);
      batch.push(asker);
    }
    this.waiting = left;
    return batch;
  }
}

/** What no two claims of a batch may share. */
function namesOf({ credentialId, idempotencyKey, quoteId, redemptions }: Claim): string[] {
  const codes = redemptions.flatMap(({ code }) => (code?.uniqueCodeId == null ? [] : [`code ${code.uniqueCodeId}`]));
  return [`key ${JSON.stringify([credentialId, idempotencyKey])}`, `quote ${quoteId}`, ...codes];
}
