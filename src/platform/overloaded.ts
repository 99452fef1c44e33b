/** What was asked for had no effect, because there is too much to do right now. Asking again in a moment may succeed. */
export class Overloaded extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(what, options);
    this.name = "Overloaded";
  }
}
