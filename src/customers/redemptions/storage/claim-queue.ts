import { Overloaded } from "../../../platform/overloaded.js";
import type { Claim } from "../redemption.js";
import type { RedeemOutcome } from "../redemption.refusals.js";

/** At a few thousand claims a second, these wait two or three seconds. */
const MAX_WAITING = 10_000;
/** One caller alone does not fill the queue for all others. */
const MAX_OF_CREDENTIAL = MAX_WAITING / 2;
/** Twins are decided one after the other, a batch each. An honest caller that lost its patience sends a few. */
const MAX_TWINS = 20;

/** A claim that waits for its answer. */
export interface Asker {
  readonly claim: Claim;
  readonly discountKeys: readonly string[];
  /** It was refused once. That is believed when it was looked at a second time, after expired reservations were given back. */
  isSecondLook: boolean;
  /** It is in a batch under way. */
  isSent: boolean;
  /** What no two claims that are being decided may share. */
  readonly names: readonly string[];
  /** In how many of these somebody else comes first. */
  behind: number;
  readonly resolve: (outcome: RedeemOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Claims in arrival order, until they are answered. Twins (of a key, a quote or a unique code) stand in line behind their name:
 * the next one is ready when the first one has its answer, since it has to see what that did.
 */
export class ClaimQueue {
  private readonly unanswered = new Set<Asker>();
  private readonly lines = new Map<string, Asker[]>();
  private readonly ofCredential = new Map<string, number>();
  /** First in all of their lines, and not in a batch. */
  private ready: Asker[] = [];
  /** Ready too, but not for the next batch. */
  private aside: Asker[] = [];

  get hasReady(): boolean {
    return this.ready.length > 0;
  }

  /** Rejects with `Overloaded` if too many wait already. */
  async add(claim: Claim): Promise<RedeemOutcome> {
    const names = namesOf(claim);
    const ofCredential = this.ofCredential.get(claim.credentialId) ?? 0;
    if (this.unanswered.size >= MAX_WAITING || ofCredential >= MAX_OF_CREDENTIAL) throw new Overloaded("too many redemptions are waiting");
    if (names.some((name) => (this.lines.get(name)?.length ?? 0) >= MAX_TWINS)) throw new Overloaded("too many ask for the same redemption");
    return new Promise((resolve, reject) => {
      const discountKeys = claim.redemptions.map(({ discountKey }) => discountKey);
      const asker: Asker = { claim, discountKeys, names, isSecondLook: false, isSent: false, behind: 0, resolve, reject };
      this.unanswered.add(asker);
      this.ofCredential.set(claim.credentialId, ofCredential + 1);
      for (const name of names) {
        const line = this.lines.get(name);
        if (line === undefined) this.lines.set(name, [asker]);
        else if (line.push(asker) > 1) asker.behind++;
      }
      if (asker.behind === 0) this.ready.push(asker);
    });
  }

  /** Takes those who are ready, in arrival order, until there are enough. */
  take(most: number): readonly Asker[] {
    const taken = this.ready.splice(0, most);
    for (const asker of taken) asker.isSent = true;
    return taken;
  }

  setAside(isMeant: (asker: Asker) => boolean): void {
    const rest: Asker[] = [];
    for (const asker of this.ready) (isMeant(asker) ? this.aside : rest).push(asker);
    this.ready = rest;
  }

  /** Takes those who are meant and were put aside, until there are enough. */
  takeAside(most: number, isMeant: (asker: Asker) => boolean): readonly Asker[] {
    const taken: Asker[] = [];
    const rest: Asker[] = [];
    for (const asker of this.aside) (taken.length < most && isMeant(asker) ? taken : rest).push(asker);
    this.aside = rest;
    for (const asker of taken) asker.isSent = true;
    return taken;
  }

  putAsideBack(): void {
    this.ready = [...this.aside, ...this.ready];
    this.aside = [];
  }

  failAside(error: unknown, isMeant: (asker: Asker) => boolean): void {
    const meant = this.aside.filter(isMeant);
    this.aside = this.aside.filter((asker) => !isMeant(asker));
    for (const asker of meant) this.fail(asker, error);
  }

  /** They are to be asked again, before all others. */
  putBack(askers: readonly Asker[]): void {
    for (const asker of askers) asker.isSent = false;
    this.ready = [...askers, ...this.ready];
  }

  answer(asker: Asker, outcome: RedeemOutcome): void {
    this.leave(asker);
    asker.resolve(outcome);
  }

  fail(asker: Asker, error: unknown): void {
    this.leave(asker);
    asker.reject(error);
  }

  /** Fails all of whom nothing was sent. */
  failWaiting(error: unknown): void {
    const waiting = [...this.unanswered].filter(({ isSent }) => !isSent);
    for (const asker of waiting) this.fail(asker, error);
    this.ready = [];
    this.aside = [];
  }

  private leave(asker: Asker): void {
    this.unanswered.delete(asker);
    const { credentialId } = asker.claim;
    const ofCredential = (this.ofCredential.get(credentialId) ?? 1) - 1;
    if (ofCredential > 0) this.ofCredential.set(credentialId, ofCredential);
    else this.ofCredential.delete(credentialId);
    for (const name of asker.names) this.leaveLine(asker, name);
  }

  private leaveLine(asker: Asker, name: string): void {
    const line = this.lines.get(name) ?? [];
    const wasFirst = line[0] === asker;
    line.splice(line.indexOf(asker), 1);
    const [next] = line;
    if (next === undefined) this.lines.delete(name);
    else if (wasFirst && --next.behind === 0) this.ready.push(next);
  }
}

function namesOf({ credentialId, idempotencyKey, quoteId, redemptions }: Claim): string[] {
  const codes = redemptions.flatMap(({ code }) => (code?.uniqueCodeId == null ? [] : [`code ${code.uniqueCodeId}`]));
  return [...new Set([`key ${JSON.stringify([credentialId, idempotencyKey])}`, `quote ${quoteId}`, ...codes])];
}
