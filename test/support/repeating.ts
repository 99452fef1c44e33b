import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestGateway, type Gateway } from "./api.js";
import { publish } from "./catalog.js";
import { EVERY_LAYER, listening, pathOf, type Listening } from "./finished.js";
import { KeptConnection } from "./kept-connection.js";
import { rawRequest, readAnswers, type RawAnswer } from "./raw-http.js";
import { SMALL_CATALOG } from "./small-catalog.js";

export const JSON_BODY = ["host: localhost", "content-type: application/json"];

export const post = (query: string, headers: readonly string[] = [], variables?: object): string => {
  const body = JSON.stringify({ query, variables });
  return rawRequest("POST /graphql HTTP/1.1", [...JSON_BODY, ...headers, `content-length: ${body.length}`], body);
};
export const get = (query: string, headers: readonly string[] = []): string =>
  rawRequest(`GET ${pathOf(query)} HTTP/1.1`, ["host: localhost", "apollo-require-preflight: 1", ...headers]);

/** Every layer but whole answers. */
const { finishedAnswers: _answers, ...byPlans } = EVERY_LAYER;
export const BY_PLANS = byPlans;

export interface RepeatingWorld {
  readonly gateway: Gateway;
  /** Answers from what is kept. */
  readonly kept: Listening;
  /** Answers by plans. */
  readonly planned: Listening;
  stop(): Promise<void>;
}

export async function openRepeatingWorld(): Promise<RepeatingWorld> {
  const { gateway, stop } = await startTestGateway("empty");
  gateway.clock.set("2026-06-01T00:00:00Z");
  await publish(gateway.database, SMALL_CATALOG, {}, gateway.clock);
  const [kept, planned] = [await listening(gateway), await listening(gateway, BY_PLANS)];
  return {
    ...{ gateway, kept, planned },
    stop: async () => {
      await kept.close();
      await planned.close();
      await stop();
    },
  };
}

/** How many requests a gateway has known by their bytes. */
export function repeated({ app }: Listening): number {
  return app.early?.repeated ?? 0;
}

/** Asks on one connection until what is asked is known, and a time more by each of the ways: as the parser read it, and by its bytes. */
export async function untilKnown(to: Listening, request: string): Promise<KeptConnection> {
  const connection = await KeptConnection.open(to.port);
  for (let time = 1; time <= 8; time++) {
    const before = repeated(to);
    await connection.ask(request);
    if (repeated(to) > before) return connection;
  }
  throw new Error("is never known by its bytes");
}

/** What comes back on one connection for pieces that are sent one after the other: so many answers, or those until the other side closes. */
export async function exchange(port: number, pieces: readonly string[], pauseMs: number, count: number): Promise<RawAnswer[]> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const chunks: Buffer[] = [];
  socket.on("error", () => undefined);
  const done = new Promise<void>((resolve) => {
    socket.on("close", () => resolve());
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (answersIn(chunks).length >= count) resolve();
    });
  });
  await once(socket, "connect");
  for (const piece of pieces) {
    socket.write(piece);
    await sleep(pauseMs);
  }
  await done;
  // Nor does anything come that was not asked for.
  await sleep(20);
  socket.destroy();
  return answersIn(chunks);
}

/** The whole ones. */
export function answersIn(chunks: readonly Buffer[]): RawAnswer[] {
  const text = Buffer.concat(chunks).toString("latin1");
  let end = 0;
  for (;;) {
    const head = text.indexOf("\r\n\r\n", end);
    const next = head + 4 + Number(/content-length: (\d+)/i.exec(text.slice(end, head))?.[1] ?? 0);
    if (head === -1 || next > text.length) return readAnswers(text.slice(0, end));
    end = next;
  }
}

/** The fields that were asked for, or the status where there is none. */
export const asked = (answers: readonly RawAnswer[]): unknown[] =>
  answers.map(({ status, body }) => {
    const { data } = JSON.parse(body) as { data?: Record<string, unknown> };
    return data ? Object.keys(data).join() : status;
  });
