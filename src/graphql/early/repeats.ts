import type { Viewer } from "../../access/viewer.js";
import type { RepeatedRequest } from "../../platform/http/exchange.js";
import type { PlannedOperation } from "../compiled/planned-operation.js";
import type { PlannedQuestion } from "./planned-question.js";

/** What was found out about a request that comes again and again. It is the same as long as its caller is, by the object that stands for it. */
export interface Repeat {
  readonly viewer: Viewer;
  /** See `EarlyRequest`. */
  readonly page: string;
  readonly key: string;
  /** Null = not yet. */
  question: WeakRef<PlannedQuestion> | null;
}

/** What is known of requests as long as it is known which bytes come again. */
export class Repeats {
  private readonly known = new WeakMap<RepeatedRequest, Repeat>();
  /** A plan is many times as large as a request, and there are more requests than plans may be kept: none is held by what is remembered here. */
  private readonly questions = new WeakMap<PlannedOperation, WeakMap<Repeat, PlannedQuestion>>();

  of(repeated: RepeatedRequest | null): Repeat | null {
    return (repeated && this.known.get(repeated)) ?? null;
  }

  keep(repeated: RepeatedRequest, repeat: Repeat): void {
    this.known.set(repeated, repeat);
  }

  keepQuestion(repeat: Repeat, question: PlannedQuestion): void {
    const known = this.questions.get(question.planned) ?? new WeakMap<Repeat, PlannedQuestion>();
    this.questions.set(question.planned, known);
    known.set(repeat, question);
    repeat.question = new WeakRef(question);
  }
}
