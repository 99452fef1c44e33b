/** An expected "no": what cannot be done, where in the input the reason is, and what to do instead. A value, never an exception. */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  /** From `input` down, list positions as text: ["input", "items", "0", "quantity"]. */
  readonly path: readonly string[];
}
