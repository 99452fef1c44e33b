import type { Viewer } from "../../access/viewer.js";
import type { RepeatedRequest } from "../../platform/http/exchange.js";
import type { PlannedQuestion } from "./planned-answers.js";

/** What was found out about a request that comes again and again. It is the same as long as its caller is, by the object that stands for it. */
export interface Repeat {
  readonly viewer: Viewer;
  /** See `EarlyRequest`. */
  readonly page: string;
  readonly key: string;
  /** Null = not yet. */
  question: PlannedQuestion | null;
}

/** By the request, as long as it is known by its bytes. */
export type Repeats = WeakMap<RepeatedRequest, Repeat>;
