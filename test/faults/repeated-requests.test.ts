import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Exchange, Front } from "../../src/platform/http/exchange.js";
import { HTTP_LIMITS } from "../../src/platform/http/http-limits.js";
import { createHttpServer } from "../../src/platform/http/http-server.js";
import { KeptConnection } from "../support/kept-connection.js";
import { rawRequest } from "../support/raw-http.js";

/** What Node's own timers make of connections that its parser sees little of. */

const limits = { ...HTTP_LIMITS, headersMs: 300, requestMs: 600, keepAliveMs: 1_500 };
let again = 0;
const heads: object[] = [];
let delayMs = 0;
let bodyBytes = 3;
const front: Front = {
  receive: (exchange) => exchange.readBody(() => answer(exchange)),
  receiveAgain: (exchange) => {
    again++;
    heads.push({ ...exchange.raw.headers });
    if (delayMs === 0) answer(exchange);
    else void sleep(delayMs).then(() => answer(exchange));
  },
};
const newServer = () => createHttpServer(pino({ level: "silent" }), { limits, front, repeatedBytes: 1e6 });
const listen = async (one: typeof server): Promise<number> => Number(new URL(await one.listen({ host: "127.0.0.1", port: 0 })).port);
const server = newServer();
let port = 0;

beforeAll(async () => {
  port = await listen(server);
});

afterAll(() => server.close());

function answer(exchange: Exchange): void {
  exchange.answer(200, { shared: [], own: ["x-body", String(exchange.body?.length ?? 0)] }, [Buffer.alloc(bodyBytes, "{}\n")], false);
}

const request = (body: string): string => rawRequest("POST /graphql HTTP/1.1", ["host: localhost", `content-length: ${body.length}`], body);

test("a connection that asks the same for longer than any limit is not cut", async () => {
  const connection = await KeptConnection.open(port);
  again = 0;
  for (let time = 1; time <= 60; time++) {
    expect((await connection.ask(request("same"))).status).toBe(200);
    await sleep(25);
  }
  expect(again).toBeGreaterThan(50);
  // The parser is asked in between, too.
  expect((await connection.ask(request("another"))).head).toContain("x-body: 7");
  await sleep(700);
  expect((await connection.ask(request("same"))).head).toContain("x-body: 4");
  connection.close();
});

test("a connection that rests for too long is cut", async () => {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const closed = once(socket, "close");
  for (let time = 1; time <= 5; time++) {
    socket.write(request("same"));
    await once(socket, "data");
  }
  await closed;
});

test("an answer may take longer than a request may, and whoever goes away is noticed", async () => {
  const connection = await KeptConnection.open(port);
  for (let time = 1; time <= 3; time++) await connection.ask(request("slow"));
  delayMs = 1_000;
  try {
    expect((await connection.ask(request("slow"))).status).toBe(200);
    const leaving = connect({ port, host: "127.0.0.1" });
    await once(leaving, "connect");
    leaving.write(request("slow"));
    await once(leaving, "data");
    leaving.write(request("slow"), () => leaving.resetAndDestroy());
    await once(leaving, "close");
    await sleep(1_200);
    expect((await connection.ask(request("slow"))).status).toBe(200);
  } finally {
    delayMs = 0;
    connection.close();
  }
});

test("half a request is waited for no longer than otherwise", async () => {
  const connection = await KeptConnection.open(port);
  for (let time = 1; time <= 4; time++) await connection.ask(request("same"));
  await expect(connection.ask(request("same").slice(0, 30))).rejects.toThrow("closed");
});

test("a client that does not read its answer is cut as soon as otherwise, and one that does may rest", async () => {
  const impatient = createHttpServer(pino({ level: "silent" }), { limits: { ...limits, silenceMs: 300, keepAliveMs: 10_000 }, front, repeatedBytes: 1e6 });
  const to = await listen(impatient);
  // More than the buffers of both systems hold.
  bodyBytes = 64_000_000;
  const connections = (): Promise<number> => new Promise((resolve) => impatient.server.getConnections((_error, count) => resolve(count)));
  try {
    const before = again;
    const socket = connect({ port: to, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    let received = 0;
    socket.on("data", (chunk) => (received += chunk.length));
    await once(socket, "connect");
    for (let asked = 1; asked <= 4; asked++) {
      socket.write(request("large"));
      while (received < asked * bodyBytes) await sleep(5);
      await sleep(50);
    }
    expect(again).toBeGreaterThan(before);
    await sleep(1_000);
    expect(await connections()).toBe(1);
    const last = again;
    socket.pause();
    socket.write(request("large"));
    await sleep(2_500);
    expect(again).toBe(last + 1);
    expect(await connections()).toBe(0);
    socket.destroy();
  } finally {
    bodyBytes = 3;
    await impatient.close();
  }
}, 15_000);

test("what comes behind the end of a connection, read before it, reaches no parser", async () => {
  const known = await KeptConnection.open(port);
  for (let time = 1; time <= 3; time++) await known.ask(request("slow"));
  known.close();
  const faults: unknown[] = [];
  const note = (fault: unknown): void => void faults.push(fault);
  // A fault in an event of a socket ends a process.
  process.prependListener("uncaughtException", note);
  delayMs = 200;
  try {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const closed = once(socket, "close");
    await once(socket, "connect");
    socket.write(request("slow"));
    await once(socket, "data");
    // Each is read for itself, and kept until the first is answered. With CONNECT Node puts the parser away.
    for (const piece of [request("slow"), request("held"), "CONNECT other:1 HTTP/1.1\r\nhost: other:1\r\n\r\n", request("late"), request("later")]) {
      socket.write(piece);
      await sleep(20);
    }
    await closed;
    expect(faults).toEqual([]);
  } finally {
    delayMs = 0;
    process.off("uncaughtException", note);
  }
});

test("a server that closes answers what it has begun", async () => {
  const closing = newServer();
  const connection = await KeptConnection.open(await listen(closing));
  for (let time = 1; time <= 3; time++) await connection.ask(request("slow"));
  delayMs = 300;
  try {
    const before = again;
    const asked = connection.ask(request("slow"));
    await sleep(50);
    expect(again).toBe(before + 1);
    const closed = closing.close();
    expect((await asked).status).toBe(200);
    connection.close();
    await closed;
  } finally {
    delayMs = 0;
  }
});

test("credentials are not kept", async () => {
  const connection = await KeptConnection.open(port);
  const secrets = ["authorization: Bearer secret", "cookie: secret", "proxy-authorization: secret", "x-other: kept", "content-length: 2"];
  heads.length = 0;
  for (let time = 1; time <= 3; time++) await connection.ask(rawRequest("POST /graphql HTTP/1.1", ["host: localhost", ...secrets], "{}"));
  expect(heads).toEqual([{ host: "localhost", "x-other": "kept", "content-length": "2" }]);
  connection.close();
});
