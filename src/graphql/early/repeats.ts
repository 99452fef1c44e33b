import type { Viewer } from "../../access/viewer.js";
import type { RepeatedRequest } from "../../platform/http/exchange.js";
import type { PlannedOperation } from "../compiled/planned-operation.js";
import type { EarlyRequest } from "./early-request.js";
import type { PlannedQuestion } from "./planned-answers.js";

/** What was found out about a request that comes again and again, and is the same as long as its caller is. */
interface Repeat {
  readonly viewer: Viewer;
  readonly key: string;
  /** Null = not yet. */
  readonly question: WeakRef<PlannedQuestion> | null;
}

/** Remembers what bytes ask, as long as it is remembered which bytes come again. */
export class Repeats {
  private readonly known = new WeakMap<RepeatedRequest, Repeat>();
  /** A plan is many times as large as a request, and there are more requests than plans may be kept: none is held by what is remembered here. */
  private readonly questions = new WeakMap<PlannedOperation, WeakMap<RepeatedRequest, PlannedQuestion>>();

  /** Callers are told apart by the object that stands for them: what they may is never changed in it. */
  of(repeated: RepeatedRequest | null, viewer: Viewer): Repeat | null {
    const repeat = repeated && this.known.get(repeated);
    return repeat?.viewer === viewer ? repeat : null;
  }

  /** What it asks, as long as its plan is there; null = that is to be found out. */
  questionOf(repeated: RepeatedRequest | null, viewer: Viewer): PlannedQuestion | null {
    return this.of(repeated, viewer)?.question?.deref() ?? null;
  }

  keep(repeated: RepeatedRequest, { viewer, key }: Pick<EarlyRequest, "viewer" | "key">, question: PlannedQuestion | null = null): void {
    if (!question && this.of(repeated, viewer)) return;
    if (question) this.questionsOf(question.planned).set(repeated, question);
    this.known.set(repeated, { viewer, key, question: question && new WeakRef(question) });
  }

  private questionsOf(planned: PlannedOperation): WeakMap<RepeatedRequest, PlannedQuestion> {
    const known = this.questions.get(planned) ?? new WeakMap<RepeatedRequest, PlannedQuestion>();
    this.questions.set(planned, known);
    return known;
  }
}
