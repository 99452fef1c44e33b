import { andThen, type MaybePromise } from "../../kernel/maybe-promise.js";
import { repeat } from "../../platform/repeat.js";
import type { HeadSource } from "./head-source.js";

export interface CurrentReleaseParts {
  /** Asks the database for the number of the current release; 0 before the first. */
  readonly askHead: () => MaybePromise<number>;
  /** Puts a release at hand, and returns the one that it reached, which may be a later one. May be asked for one that there is not. */
  readonly prepare: (release: number) => MaybePromise<number>;
  /** Holds a question back while more may come who share it. Without it, it is sent at once. */
  readonly gather?: () => Promise<unknown>;
  /** How long the head is not asked for when nobody tells of it. */
  readonly pollMs: number;
  /** Told when the head cannot be followed, once until it can be again. */
  readonly onTrouble: (error: unknown) => void;
}

/** Decimal, as a release is told of. */
const TOLD = /^[1-9]\d{0,9}$/;

/**
 * Knows which release is current without asking for it each time. What moves it is the word of the database, or of a publisher
 * in this process; what others tell is a reason to ask. It only ever grows, and only to releases that are at hand: while one
 * cannot be prepared it stays where it is, and the next poll tries again.
 */
export class CurrentRelease implements HeadSource {
  /** Null = the database has not been heard of yet. */
  private current: number | null = null;
  /** The newest that is known to be published. */
  private newest = 0;
  private moving: Promise<void> | null = null;
  /** The question that was sent. */
  private underWay: Promise<number> | null = null;
  /** The one that is sent after it. */
  private following: Promise<number> | null = null;
  private isTroubled = false;
  private stopPolling: (() => Promise<void>) | null = null;

  constructor(private readonly parts: CurrentReleaseParts) {}

  /** Asks once, and then again and again. Without a database it goes on without knowing. */
  async start(): Promise<void> {
    await this.look();
    this.stopPolling = repeat(() => this.look(), this.parts.pollMs, this.parts.onTrouble);
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    await this.stopPolling?.();
    await this.following?.catch(() => undefined);
    await this.underWay?.catch(() => undefined);
  }

  /** Null = not known yet. */
  number(): number | null {
    return this.current;
  }

  getHead(): MaybePromise<number> {
    return this.current ?? this.catchUp();
  }

  /**
   * One question at a time is shared by all who wait. Whoever comes while one is under way gets the next, since that one may have
   * been answered already by then. Rejects if the database cannot be asked, or the release not be prepared.
   */
  catchUp(): Promise<number> {
    if (this.following) return this.following;
    const before = this.underWay?.then(ignore, ignore) ?? this.parts.gather?.();
    if (!before) return this.ask();
    return (this.following = before.then(() => {
      this.following = null;
      return this.ask();
    }));
  }

  /**
   * For whoever publishes in this process, between its COMMIT and its answer: that a release is there. At once, unless it has to be
   * prepared; then it is to be awaited. Never rejects, since the release is there whatever becomes of this.
   */
  learn(release: number): MaybePromise<void> {
    try {
      const moved = this.moveTo(release);
      if (moved instanceof Promise) return moved.then(ignore, (error: unknown) => this.tell(error));
    } catch (error) {
      this.tell(error);
    }
  }

  /** For what the database tells. It is asked, rather than believed: anybody who may connect may tell. What it takes if it is true begins at once. */
  hear(payload: string): void {
    const told = TOLD.test(payload) ? Number(payload) : 0;
    if (told <= (this.current ?? 0)) return;
    void this.look();
    void this.foresee(told);
  }

  /** For when something may have been told that nobody heard. */
  async look(): Promise<void> {
    try {
      await this.catchUp();
      this.isTroubled = false;
    } catch (error) {
      this.tell(error);
    }
  }

  private async ask(): Promise<number> {
    const known = this.current ?? 0;
    const question = Promise.resolve(this.parts.askHead()).finally(() => (this.underWay = null));
    this.underWay = question;
    const head = await question;
    // What was read of a release that is lost may be anything but what its successor of that number says.
    if (head < known) throw new Error(`the database is at release ${head} after it was at ${known}: restart the gateway`);
    return this.moveTo(head);
  }

  /** Resolves once this release, or a later one, is the current one. */
  private moveTo(release: number): MaybePromise<number> {
    if (release <= (this.current ?? -1)) return this.current ?? release;
    if (release === 0) return (this.current = 0);
    this.newest = Math.max(this.newest, release);
    if (!this.moving) {
      const moved = this.move(this.newest);
      if (!(moved instanceof Promise)) return this.moveTo(release);
      this.moving = moved.finally(() => (this.moving = null));
    }
    return this.moving.then(() => this.moveTo(release));
  }

  /** Whether it came true is found out by asking, and so is whether it failed. */
  private async foresee(release: number): Promise<void> {
    try {
      await this.parts.prepare(release);
    } catch (error) {
      ignore(error);
    }
  }

  private move(release: number): MaybePromise<void> {
    return andThen(this.parts.prepare(release), (reached) => {
      if (reached < release) throw new Error(`release ${release} was to be prepared, and ${reached} was`);
      this.current = Math.max(this.current ?? 0, reached);
    });
  }

  private tell(error: unknown): void {
    if (!this.isTroubled) this.parts.onTrouble(error);
    this.isTroubled = true;
  }
}

function ignore(_error: unknown): void {
  // Whoever waits for it is told of how it went.
}
