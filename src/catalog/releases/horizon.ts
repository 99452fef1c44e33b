import { andThen, type MaybePromise } from "../../kernel/maybe-promise.js";

/** The next instant strictly after `after` at which any effective period of a release opens or closes; null = there is none. */
export type FindNextBoundary = (release: number, after: Date) => MaybePromise<Date | null>;

/** Until when answers from a release stay as they are at an instant. */
export class Horizon {
  private known = { release: 0, from: 0, until: 0 };

  constructor(private readonly findNextBoundary: FindNextBoundary) {}

  /** In milliseconds; `Infinity` = as long as the release is the current one. */
  of(release: number, at: Date): MaybePromise<number> {
    const { known } = this;
    const from = at.getTime();
    if (known.release === release && known.from <= from && from < known.until) return known.until;
    return andThen(this.findNextBoundary(release, at), (next) => {
      this.known = { release, from, until: next?.getTime() ?? Infinity };
      return this.known.until;
    });
  }
}
