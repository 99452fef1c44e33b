import type { Viewer } from "../../access/viewer.js";
import type { RepeatedRequest } from "../../platform/http/exchange.js";
import type { EarlyRequest } from "./early-request.js";
import type { PlannedQuestion } from "./planned-answers.js";

/** What was found out about a request that comes again and again, and is the same as long as its caller is. */
interface Repeat {
  readonly viewer: Viewer;
  readonly key: string;
  /** Null = not yet. */
  readonly question: PlannedQuestion | null;
}

/** Remembers what bytes ask, as long as it is remembered which bytes come again. */
export class Repeats {
  private readonly known = new WeakMap<RepeatedRequest, Repeat>();

  /** Callers are told apart by the object that stands for them: what they may is never changed in it. */
  of(repeated: RepeatedRequest | null, viewer: Viewer): Repeat | null {
    const repeat = repeated && this.known.get(repeated);
    return repeat?.viewer === viewer ? repeat : null;
  }

  keep(repeated: RepeatedRequest, { viewer, key }: EarlyRequest, question: PlannedQuestion | null = null): void {
    if (question || !this.of(repeated, viewer)) this.known.set(repeated, { viewer, key, question });
  }
}
