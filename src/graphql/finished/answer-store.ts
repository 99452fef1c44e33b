import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Coding } from "../../platform/http/open-ended-bytes.js";
import type { FinishedAnswer } from "./finished-answer.js";

/** How many of the keys seen lately are remembered, by their hashes. */
const MAX_SEEN = 50_000;
/** What an entry takes beside its bytes. */
const ENTRY_BYTES = 1_000;

/** What the store did since it was made. */
export interface AnswerStoreCounts {
  hits: number;
  /** Answers that had to be made. */
  misses: number;
  /** Requests that got what was made for another one that asked the same. */
  shared: number;
  kept: number;
}

/** An answer that is being made. Whoever began it has to end it. */
export interface AnswerInMaking {
  /** Null = it is no answer for anybody else. */
  finish(answer: FinishedAnswer | null): void;
  /** Nobody got to know. */
  abandon(): void;
}

/**
 * Answers by what was asked, bounded in bytes; those not asked for the longest go first. What is asked for the first time is not
 * kept: keys are made of what callers send, and a flood of queries that come once must not push out those that come again.
 */
export class AnswerStore {
  readonly counts: AnswerStoreCounts = { hits: 0, misses: 0, shared: 0, kept: 0 };
  private readonly answers: LRUCache<string, FinishedAnswer>;
  /** By hash: whether what was asked had an answer that others may have. */
  private readonly seen = new LRUCache<string, boolean>({ max: MAX_SEEN });
  private readonly inMaking = new Map<string, Promise<FinishedAnswer | null>>();
  /** Forms that callers wait for, by what they are of. */
  private readonly toCompress = new Map<FinishedAnswer, { readonly key: string; readonly coding: Coding }>();
  private isCompressing = false;

  constructor(maxBytes: number) {
    this.answers = new LRUCache({ maxSize: maxBytes, sizeCalculation: (answer, key) => ENTRY_BYTES + 2 * key.length + answer.byteLength });
  }

  get byteLength(): number {
    return this.answers.calculatedSize;
  }

  /** The answer, or null if there is none that is good for this release at this instant. */
  find(key: string, release: number, now: number): FinishedAnswer | null {
    const answer = this.answers.get(key);
    // One that is not good any more stays until its successor takes its place.
    return answer?.isGood(release, now) ? answer : null;
  }

  /** Whether there is, or is soon, an answer that may be good: if not, nobody need find out of which release one would have to be. */
  isWorthAsking(key: string): boolean {
    return this.answers.has(key) || this.inMaking.has(key);
  }

  /** What somebody is waiting for already; null = nobody is, or it is not worth waiting for. Resolves to null if it is no answer for others, or nobody got to know it. */
  awaited(key: string): Promise<FinishedAnswer | null> | null {
    const made = this.inMaking.get(key);
    return made && this.seen.get(nameOf(key)) !== false ? made : null;
  }

  begin(key: string): AnswerInMaking {
    this.counts.misses++;
    let resolve: (answer: FinishedAnswer | null) => void = () => undefined;
    const made = new Promise<FinishedAnswer | null>((settle) => (resolve = settle));
    this.inMaking.set(key, made);
    const end = (answer: FinishedAnswer | null): boolean => {
      const isFirst = this.inMaking.get(key) === made;
      if (isFirst) this.inMaking.delete(key);
      resolve(answer);
      return isFirst;
    };
    return { finish: (answer) => this.learn(key, answer, end(answer)), abandon: () => void end(null) };
  }

  private learn(key: string, answer: FinishedAnswer | null, isFirst: boolean): void {
    if (!isFirst) return;
    const name = nameOf(key);
    const wasSeen = this.seen.get(name) === true;
    this.seen.set(name, answer !== null);
    if (!answer || !wasSeen) return;
    this.answers.set(key, answer);
    // One that is larger than the whole store is not there.
    if (this.answers.peek(key) !== answer) return;
    this.counts.kept++;
  }

  /**
   * How a kept answer is sent to such a caller. A better form that is not there yet will be soon: they are made when they are wanted and one at a time, since
   * that takes longer than making the answer, and a release makes all answers anew.
   */
  codingFor(acceptEncoding: string | undefined, key: string, answer: FinishedAnswer): Coding | "identity" {
    const coding = answer.bestCodingFor(acceptEncoding);
    if (coding === "identity" || answer.has(coding)) return coding;
    if (!this.toCompress.has(answer)) this.toCompress.set(answer, { key, coding });
    if (!this.isCompressing) void this.compressAll();
    return answer.codingFor(acceptEncoding);
  }

  private async compressAll(): Promise<void> {
    this.isCompressing = true;
    for (const [answer, { key, coding }] of this.toCompress) {
      // One that cannot be compressed is sent as it is, and tried again when it is wanted again.
      if (this.answers.peek(key) === answer) await answer.compress(coding).catch(() => undefined);
      this.toCompress.delete(answer);
      if (this.answers.peek(key) !== answer) continue;
      // It has become heavier. The same value put in its own place would not be weighed again.
      this.answers.delete(key);
      this.answers.set(key, answer);
    }
    this.isCompressing = false;
  }
}

/** Keys are as long as requests. */
function nameOf(key: string): string {
  return hash("sha256", key, "base64url");
}
