import { ApolloServer } from "@apollo/server";
import { connect, type AddressInfo, type Socket } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addGraphqlEndpoint } from "../../src/graphql/arrival/endpoint.js";
import { HTTP_LIMITS, type HttpLimits } from "../../src/platform/http/http-limits.js";
import { createHttpServer } from "../../src/platform/http/http-server.js";
import { DATABASE_LIMITS } from "../../src/platform/database/database.js";
import { rawRequest, readAnswers, type RawAnswer } from "../support/raw-http.js";

/** The limits of the gateway, in miniature. */
const LIMITS: HttpLimits = { ...HTTP_LIMITS, headersMs: 200, requestMs: 400, answerMs: 400, silenceMs: 1_000, keepAliveMs: 1_200 };
const BODY = '{"query":"{ quick }"}';
const HEAD = ["Host: localhost", "Content-Type: application/json"];

let port: number;
let stop: () => Promise<void>;
let answerLate = (): void => undefined;

beforeAll(async () => {
  const server = createHttpServer(pino({ level: "silent" }), { limits: LIMITS });
  const never = new Promise<string>(
    (resolve) =>
      (answerLate = () => {
        resolve("late");
      }),
  );
  const resolvers = { Query: { quick: () => "now", never: () => never, large: () => "x".repeat(50_000_000) } };
  const apollo = new ApolloServer({ typeDefs: "type Query { quick: String never: String large: String }", resolvers });
  await apollo.start();
  await addGraphqlEndpoint(server, apollo, {
    path: "/graphql",
    corsOrigins: [],
    open: () => ({ context: async () => ({}), headers: () => ({}) }),
    answerMs: LIMITS.answerMs,
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  port = (server.server.address() as AddressInfo).port;
  stop = () => server.close();
});
afterAll(() => stop());

/** Opens a connection and hands it to `use`; what came back when the server closed it. */
function untilClosed(use: (socket: Socket) => void): Promise<RawAnswer[]> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => use(socket));
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(readAnswers(text)));
  });
}

/** Sends the beginning, then a character, and another, for as long as there is a connection. */
function drip(socket: Socket, text: string, beginning: string): void {
  socket.write(beginning);
  let at = 0;
  const timer = setInterval(() => socket.write(text.charAt(at++ % text.length)), 20);
  socket.on("close", () => clearInterval(timer));
}

const POST = "POST /graphql HTTP/1.1";

describe("a client that takes its time is not waited for without end", () => {
  test.each<[string, (socket: Socket) => void]>([
    ["says nothing at all", () => undefined],
    ["stops within its headers", (socket) => socket.write(`${POST}\r\nHost: loc`)],
    ["sends a header a byte at a time", (socket) => drip(socket, "a", `${POST}\r\nHost: localhost\r\nX: `)],
    ["sends a header after the other", (socket) => drip(socket, "a: b\r\n", `${POST}\r\nHost: localhost\r\n`)],
    ["stops within its body", (socket) => socket.write(rawRequest(POST, [...HEAD, "Content-Length: 1000"], BODY))],
    ["sends its body a byte at a time", (socket) => drip(socket, "a", rawRequest(POST, [...HEAD, "Content-Length: 90000"]))],
    ["sends chunks without end", (socket) => drip(socket, "1\r\na\r\n", rawRequest(POST, [...HEAD, "Transfer-Encoding: chunked"]))],
  ])("one that %s", async (_, use) => {
    const answers = await untilClosed(use);
    expect(answers.map(({ status }) => status)).toEqual([408]);
    expect(JSON.parse(answers[0]?.body ?? "")).toMatchObject({ errors: [{ extensions: { code: "BAD_REQUEST" } }] });
  });

  test("one that keeps its connection and has nothing to ask", async () => {
    const answers = await untilClosed((socket) => socket.write(rawRequest(POST, [...HEAD, `Content-Length: ${BODY.length}`], BODY)));
    expect(answers.map(({ status }) => status)).toEqual([200]);
  });

  test("one that does not read its answer", async () => {
    const query = '{"query":"{ large }"}';
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined).pause();
    socket.write(rawRequest(POST, [...HEAD, `Content-Length: ${query.length}`], query));
    // What waits on our side is less than the whole: the server gave up in the middle.
    await new Promise((resolve) => setTimeout(resolve, 3 * LIMITS.silenceMs));
    let read = 0;
    socket.on("data", (chunk: Buffer) => (read += chunk.length)).resume();
    await new Promise((resolve) => socket.on("close", resolve));
    expect(read).toBeLessThan(50_000_000);
  });
});

test("an answer that does not come is a 503, and what comes later hurts nobody", async () => {
  const ask = async (query: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, body: await response.json() };
  };
  expect(await ask("{ never }")).toMatchObject({ status: 503, body: { errors: [{ extensions: { code: "UNAVAILABLE" } }] } });
  answerLate();
  expect(await ask("{ quick }")).toEqual({ status: 200, body: { data: { quick: "now" } } });
});

test("each time encloses those of the work inside it", () => {
  const { headersMs, requestMs, answerMs, silenceMs, keepAliveMs } = HTTP_LIMITS;
  const inner = [DATABASE_LIMITS.lockTimeoutMs, DATABASE_LIMITS.statementTimeoutMs, DATABASE_LIMITS.transactionTimeoutMs, answerMs, silenceMs, keepAliveMs];
  expect(inner).toEqual([...inner].sort((one, other) => one - other));
  expect(new Set(inner).size).toBe(inner.length);
  expect(headersMs).toBeLessThan(requestMs);
  expect(requestMs).toBeLessThan(silenceMs);
});
