import { setImmediate } from "node:timers/promises";
import { isDatabaseAway } from "../../../platform/database-away.js";
import { Overloaded } from "../../../platform/overloaded.js";
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

/** Nothing was done, because somebody holds the counters of these discounts for longer than a batch takes. */
export class CountersLocked extends Error {
  constructor(
    readonly discountKeys: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`the counters of ${discountKeys.join(", ")} are locked`, options);
    this.name = "CountersLocked";
  }
}

/** PROMPT = throws `CountersLocked` rather than wait for a lock for long. PATIENT = waits, and throws `Overloaded` in the end. */
export type Patience = "PROMPT" | "PATIENT";

export interface BatchDecider {
  /** Verdicts in the order of the claims. Throws if none of them was decided, or if nobody knows. */
  decide(claims: readonly Claim[], patience: Patience): Promise<readonly Verdict[]>;
  /** Gives back reservations of these claims' discounts that ended. */
  expireFor(claims: readonly Claim[], patience: Patience): Promise<void>;
}

/**
 * Gathers the claims of a tick and decides them together, one batch at a time: on a hot counter a second batch would only wait
 * for the first one's lock.
 *
 * When somebody else holds a counter for long, the discounts whose counters are held become slow: their claims leave the main
 * batch, so that all others are decided, and wait in lanes of their own, a few at a time, until one of them gets through. No two
 * batches under way share a claim's name; the lanes share no discount either, so that none waits behind what another waits for.
 */
export class ClaimBatches {
  private readonly queue = new ClaimQueue();
  private isRunning = false;
  private lanes = 0;
  private readonly slow = new Set<string>();
  /** The discounts of the claims in lanes. */
  private readonly held = new Set<string>();

  constructor(
    private readonly decider: BatchDecider,
    private readonly maxLanes: number,
  ) {}

  async add(claim: Claim): Promise<RedeemOutcome> {
    const answer = this.queue.add(claim);
    this.wake();
    return answer;
  }

  private wake(): void {
    if (!this.isRunning && this.queue.hasReady) void this.run();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.queue.hasReady) {
      // Those who were just answered get to ask for more, and all who ask in this tick come along.
      await setImmediate();
      if (this.slow.size > 0) {
        this.queue.setAside(({ discountKeys }) => discountKeys.some((key) => this.slow.has(key)));
        this.openLanes();
        // These would wait for a lane that holds one counter while it waits for another.
        this.queue.setAside(({ discountKeys }) => discountKeys.some((key) => this.held.has(key)));
      }
      const batch = this.queue.take(MAX_BATCH);
      if (batch.length > 0) await this.decideAll(batch);
    }
    this.isRunning = false;
  }

  private async decideAll(batch: readonly Asker[]): Promise<void> {
    try {
      await this.decide(batch, "PROMPT");
    } catch (error) {
      if (error instanceof CountersLocked && error.discountKeys.length > 0) {
        for (const key of error.discountKeys) this.slow.add(key);
        this.queue.putBack(batch);
      } else this.fail(batch, error);
    }
  }

  private openLanes(): void {
    while (this.lanes < this.maxLanes) {
      const slow = new Set<string>();
      const lane = this.queue.takeAside(MAX_BATCH, ({ discountKeys }) => {
        const own = discountKeys.filter((key) => this.slow.has(key));
        if (own.length === 0 || discountKeys.some((key) => this.held.has(key))) return false;
        if (slow.size > 0 && !own.some((key) => slow.has(key))) return false;
        for (const key of own) slow.add(key);
        return true;
      });
      if (lane.length === 0) return;
      void this.decideLane(lane, slow);
    }
  }

  private async decideLane(lane: readonly Asker[], slow: ReadonlySet<string>): Promise<void> {
    const discountKeys = new Set(lane.flatMap((asker) => asker.discountKeys));
    this.lanes++;
    for (const key of discountKeys) this.held.add(key);
    try {
      await this.decide(lane, "PATIENT");
      for (const key of slow) this.slow.delete(key);
    } catch (error) {
      this.fail(lane, error);
      // These would wait as long, and in vain.
      if (error instanceof Overloaded) this.queue.failAside(error, (asker) => asker.discountKeys.some((key) => slow.has(key)));
    }
    this.lanes--;
    for (const key of discountKeys) this.held.delete(key);
    this.queue.putAsideBack();
    this.wake();
  }

  /** Throws if nothing was decided. */
  private async decide(batch: readonly Asker[], patience: Patience): Promise<void> {
    const doubted = batch.filter(({ isSecondLook }) => isSecondLook).map(({ claim }) => claim);
    if (doubted.length > 0) await this.decider.expireFor(doubted, patience);
    const verdicts = await this.decider.decide(
      batch.map(({ claim }) => claim),
      patience,
    );
    this.tell(batch, verdicts);
  }

  private fail(batch: readonly Asker[], error: unknown): void {
    for (const asker of batch) this.queue.fail(asker, error);
    // Nothing of these was sent. Waiting for one timeout after another would answer the last of them in minutes.
    if (isDatabaseAway(error)) this.queue.failWaiting(error);
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
