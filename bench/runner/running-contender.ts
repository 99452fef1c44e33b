import { isDeepStrictEqual } from "node:util";
import type { Contender, ServerOptions } from "../contenders/contender.js";
import type { Input, SharedWorkload } from "../workloads/shared-workload.js";
import { askOnce } from "./ask-once.js";
import { requestBytes } from "./connection.js";
import { ServerProcess } from "./server-process.js";

/** A contender whose server runs. */
export class RunningContender {
  private constructor(
    readonly contender: Contender,
    readonly server: ServerProcess,
    private readonly key: string,
  ) {}

  static async start(contender: Contender, options: Omit<ServerOptions, "options">): Promise<RunningContender> {
    return new RunningContender(contender, await ServerProcess.start(contender, options), options.key);
  }

  /** The text of its answer. */
  answer({ name }: SharedWorkload, input: Input): Promise<string> {
    return askOnce(this.server.url, this.key, this.contender.ask(name, input));
  }

  /** The text of its answer to any document, for those that serve GraphQL. */
  answerDocument(query: string, variables: object): Promise<string> {
    return askOnce(this.server.url, this.key, { path: this.server.url.pathname, body: JSON.stringify({ query, variables }) });
  }

  requests({ name }: SharedWorkload, inputs: readonly Input[]): Buffer[] {
    return inputs.map((input) => {
      const { path, body } = this.contender.ask(name, input);
      return requestBytes(this.server.url, path, this.key, body, this.contender.headers);
    });
  }

  documentRequest(query: string, variables: object): Buffer {
    return requestBytes(this.server.url, this.server.url.pathname, this.key, JSON.stringify({ query, variables }), this.contender.headers);
  }

  /** Throws unless it answers every input as the reference did. What only repeats is told what. */
  async check(workload: SharedWorkload, inputs: readonly Input[], reference: Reference): Promise<void> {
    const { read, ask, name } = this.contender;
    if (read === null) {
      await askOnce(this.server.url, this.key, { ...ask(workload.name, {}), body: reference.texts[0] ?? "", method: "PUT" });
      return;
    }
    for (const [index, input] of inputs.entries()) {
      const found = read(workload.name, await this.answer(workload, input));
      const expected = reference.values[index];
      if (!isDeepStrictEqual(found, expected)) throw new Error(describeDifference(`${name}, ${workload.name} ${JSON.stringify(input)}`, found, expected));
    }
  }
}

/** Right answers to a workload's inputs: as they were sent, and in the form in which they are compared. */
export interface Reference {
  readonly texts: readonly string[];
  readonly values: readonly unknown[];
}

export async function askReference(running: RunningContender, workload: SharedWorkload, inputs: readonly Input[]): Promise<Reference> {
  const texts: string[] = [];
  for (const input of inputs) texts.push(await running.answer(workload, input));
  return { texts, values: texts.map((text) => running.contender.read?.(workload.name, text)) };
}

const SHOWN = 160;

function describeDifference(where: string, found: unknown, expected: unknown): string {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  let differsAt = 0;
  while (differsAt < one.length && one[differsAt] === other[differsAt]) differsAt++;
  const from = Math.max(0, differsAt - SHOWN / 2);
  return `${where}: another answer than the reference's:\n  ${one.slice(from, from + SHOWN)}\ninstead of\n  ${other.slice(from, from + SHOWN)}`;
}
