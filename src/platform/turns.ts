/**
 * For work that keeps the process busy for a while and comes in crowds: each piece waits for its turn, one a round of the event loop, so that
 * other requests are answered in between.
 */
export class Turns {
  private last = Promise.resolve();

  next(): Promise<void> {
    this.last = this.last.then(() => new Promise((resolve) => setImmediate(resolve)));
    return this.last;
  }
}
