import { Connection } from "./connection.js";

export interface Slice {
  readonly answers: number;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}

/** Requests, and until when they are sent. */
export interface Work {
  /** Null = there are no more. */
  next(): Buffer | null;
  readonly durationMs: number;
  /** Whether a request may be sent more than once. */
  readonly isRepeatable: boolean;
}

/** The requests in turn, over and over. */
export function inTurn(requests: readonly Buffer[], durationMs: number): Work {
  let next = 0;
  return { next: () => requests[next++ % requests.length] ?? null, durationMs, isRepeatable: true };
}

/** Each of the requests once. */
export function onceEach(requests: readonly Buffer[]): Work {
  let next = 0;
  return { next: () => requests[next++] ?? null, durationMs: Infinity, isRepeatable: false };
}

/**
 * Keeps a request under way on each of a number of connections until the time is up, then waits for what is under way. Throws if
 * anything is not answered with 200. Connections are opened anew, before the time begins: servers close those that rest.
 */
export async function runLoad(url: URL, connections: number, work: Work): Promise<Slice> {
  let giveUp: (error: Error) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => (giveUp = reject));
  const opened = await Promise.all(Array.from({ length: connections }, () => Connection.open(url, (error) => giveUp(error))));
  try {
    return await Promise.race([lost, keepBusy(opened, work)]);
  } finally {
    for (const connection of opened) connection.close();
  }
}

function keepBusy(connections: readonly Connection[], { next, durationMs }: Work): Promise<Slice> {
  return new Promise((resolve, reject) => {
    const latenciesMs: number[] = [];
    const start = performance.now();
    let busy = connections.length;
    const sendNext = (connection: Connection): void => {
      const sentAt = performance.now();
      const request = sentAt - start < durationMs ? next() : null;
      if (request === null) {
        busy--;
        if (busy === 0) resolve({ answers: latenciesMs.length, seconds: (performance.now() - start) / 1_000, latenciesMs });
        return;
      }
      connection.send(request, (status) => {
        if (status !== 200) {
          reject(new Error(`answered with status ${status}`));
          return;
        }
        latenciesMs.push(performance.now() - sentAt);
        sendNext(connection);
      });
    };
    connections.forEach(sendNext);
  });
}
