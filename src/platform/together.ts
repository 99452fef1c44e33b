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
 * Asks together what comes together, whoever asks: in one round of the event loop, or while others are still being answered. What is asked is asked
 * after the question came, so no answer is older than its question.
 */
export class Together<Question, Answer> {
  private waiting: Waiting<Question, Answer>[] = [];
  private underWay = 0;

  /** @param askAll answers each of the questions, in their order. */
  constructor(private readonly askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>) {}

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
      if (this.waiting.length === 1) setImmediate(() => this.send());
    });
  }

  private send(): void {
    while (this.waiting.length > 0 && this.underWay < MAX_UNDER_WAY) void this.sendSome(this.waiting.splice(0, MAX_QUESTIONS));
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
