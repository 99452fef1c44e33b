import type { MaybePromise } from "../../kernel/maybe-promise.js";

/** Where a request learns which release is the current one; 0 before the first. No answer is ever lower than one given before it was asked for. */
export interface HeadSource {
  /** As far as it is known here, which may be a moment behind. */
  getHead(): MaybePromise<number>;
  /** As the database has it at some time after this was called. */
  catchUp(): Promise<number>;
}
