/** Some pieces of the usual size, and little to wait for. */
const SLICE_MS = 1;

/**
 * For work that keeps the process busy for a while and comes in crowds: pieces wait for their turn, one after the other, and are done in slices,
 * so that other requests are read and answered in between. A round of the event loop for each would cost as much as a small piece.
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  private until = 0;

  /** @param sliceMs for how long others wait at most; a piece that has begun is done to its end. */
  constructor(private readonly sliceMs = SLICE_MS) {}

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length === 1) this.begin();
    });
  }

  private begin(): void {
    setImmediate(() => {
      this.until = performance.now() + this.sliceMs;
      this.goOn();
    });
  }

  private goOn(): void {
    const [take] = this.waiting;
    take?.();
    // A tick that is asked for by a microtask comes when there are none left: when all that follows at once from the turn was done.
    queueMicrotask(() => process.nextTick(() => this.end()));
  }

  private end(): void {
    this.waiting.shift();
    if (this.waiting.length === 0) return;
    if (performance.now() < this.until) this.goOn();
    else this.begin();
  }
}
