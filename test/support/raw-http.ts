import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Writes bytes to a port and ends; returns all that comes back until the other side closes, too. */
export function sendBytes(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.end(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes));
    socket.on("data", (chunk) => chunks.push(chunk));
    // A server that has said enough may reset the connection; what it said before counts.
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
}

/** The answers in what came back, one after the other. Throws where it is not HTTP. */
export function readAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = Buffer.from(text, "utf8");
  while (rest.length > 0) {
    const end = rest.indexOf("\r\n\r\n");
    const [first = "", ...lines] = rest.subarray(0, Math.max(0, end)).toString("utf8").split("\r\n");
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1];
    if (end === -1 || status === undefined) throw new Error(`not an answer: ${rest.toString("utf8").slice(0, 200)}`);
    const headers = new Map(lines.map((line): [string, string] => [line.replace(/:.*/, "").toLowerCase(), line.replace(/^[^:]*: ?/, "")]));
    const length = Number(headers.get("content-length") ?? 0);
    answers.push({ status: Number(status), headers, body: rest.subarray(end + 4, end + 4 + length).toString("utf8") });
    rest = rest.subarray(end + 4 + length);
  }
  // "100 Continue" is no answer yet.
  return answers.filter((answer) => answer.status >= 200);
}

/** A request as text: the first line, headers, body. */
export function rawRequest(line: string, headers: readonly string[], body = ""): string {
  return `${[line, ...headers].join("\r\n")}\r\n\r\n${body}`;
}
