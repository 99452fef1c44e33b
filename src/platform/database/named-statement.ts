/** A statement that each connection parses once, and knows by its name from then on. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
  readonly values?: unknown[];
}
