/** How many are asked at once, each over a connection of its own: one that hangs does not hold up all others. */
const MAX_UNDER_WAY = 2;
/** Of questions that are asked together. */
const MAX_QUESTIONS = 500;

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks together what comes together, whoever asks: in some rounds of the event loop, or while others are still being answered. What is asked is asked
 * after the question came, so no answer is older than its question.
 */
export class Together<Question, Answer> {
  private waiting: Waiting<Question, Answer>[] = [];
  private underWay = 0;
  /** Whether what waits has waited for its rounds. */
  private isDue = false;

  /**
   * @param askAll answers each of the questions, in their order.
   * @param rounds of the event loop until what came is asked. Where there is nothing else to do a round takes microseconds; where there is much to
   * do more comes in it, and whoever asks would wait for the processor anyway.
   */
  constructor(
    private readonly askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
    private readonly rounds = 1,
  ) {}

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
      if (this.waiting.length === 1) this.sendIn(this.rounds);
    });
  }

  private sendIn(rounds: number): void {
    setImmediate(() => {
      if (rounds > 1) return this.sendIn(rounds - 1);
      this.isDue = true;
      this.send();
    });
  }

  private send(): void {
    while (this.isDue && this.underWay < MAX_UNDER_WAY) {
      void this.sendSome(this.waiting.splice(0, MAX_QUESTIONS));
      this.isDue = this.waiting.length > 0;
    }
  }

  private async sendSome(some: readonly Waiting<Question, Answer>[]): Promise<void> {
    this.underWay++;
    try {
      const answers = await this.askAll(some.map(({ question }) => question));
      for (const [index, { resolve }] of some.entries()) resolve(answers[index] as Answer); // There is one for each.
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
    this.underWay--;
    this.send();
  }
}
