import type { FormattedExecutionResult } from "graphql";

/** The `data` of an answer as the text that it is sent as. */
export class FinishedData {
  constructor(private readonly json: string) {}

  /** For who looks into an answer instead of sending it. */
  toJSON(): unknown {
    return JSON.parse(this.json);
  }

  /** The answer as Apollo would write it, without reading what is written already. */
  static stringify(result: FormattedExecutionResult): string {
    const { data, ...rest } = result as { data?: unknown };
    if (!(data instanceof FinishedData)) return `${JSON.stringify(result)}\n`;
    // Only answers without errors are finished, so everything else comes after the data.
    const others = JSON.stringify(rest);
    return `{"data":${data.json}${others === "{}" ? "" : `,${others.slice(1, -1)}`}}\n`;
  }
}
