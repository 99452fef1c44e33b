import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, type Gateway } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { EVERY_LAYER, listening, pathOf, untilKept, whatIsTold, type Asking, type Listening } from "../support/finished.js";
import { rawRequest, readAnswers, type RawAnswer } from "../support/raw-http.js";
import { SMALL_CATALOG } from "../support/small-catalog.js";

const QUERY = "{ plans(first: 10) { totalCount edges { node { key name } } } }";
const BODY = JSON.stringify({ query: QUERY });
const HEADERS = ["host: localhost", "content-type: application/json"];
const POST = rawRequest("POST /graphql HTTP/1.1", [...HEADERS, `content-length: ${BODY.length}`], BODY);
const GET = rawRequest(`GET ${pathOf(QUERY)} HTTP/1.1`, ["host: localhost", "apollo-require-preflight: 1"]);

let gateway: Gateway;
let stop: () => Promise<void>;
let kept: Listening;
let plain: Listening;

beforeAll(async () => {
  ({ gateway, stop } = await startTestGateway("empty"));
  gateway.clock.set("2026-06-01T00:00:00Z");
  await publish(gateway.database, SMALL_CATALOG, {}, gateway.clock);
  [kept, plain] = [await listening(gateway), await listening(gateway, {})];
  await untilKept(kept, () => kept.post(QUERY));
  await untilKept(kept, () => kept.get(QUERY));
}, 60_000);

afterAll(async () => {
  await kept.close();
  await plain.close();
  await stop();
});

function told({ status, headers, body }: RawAnswer): object {
  const others = [...headers].filter(
    ([name]) => !["x-request-id", "date", "cache-control", "etag", "age", "vary", "content-length", "keep-alive"].includes(name),
  );
  return { status, headers: Object.fromEntries(others), body: body.replace(/"requestId":"[^"]*"/g, "") };
}

/** Writes bytes and reads until the other side closes. Does not end before that: who is gone is not answered. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  await once(socket, "close");
  return Buffer.concat(chunks).toString();
}

const close = "connection: close";
const CLOSING = rawRequest("POST /graphql HTTP/1.1", [...HEADERS, close, `content-length: ${BODY.length}`], BODY);
const chunked = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
describe("bytes are answered like those that nothing is kept for", () => {
  test.for(
    Object.entries({
      pipelined: POST + GET + POST + rawRequest("POST /graphql HTTP/1.1", [...HEADERS, "content-length: 2"], "{}") + GET + CLOSING,
      "more than was said": POST + "x\r\n\r\n",
      "an expectation": rawRequest("POST /graphql HTTP/1.1", [...HEADERS, "expect: 100-continue", close, `content-length: ${BODY.length}`], BODY),
      "another expectation": rawRequest("POST /graphql HTTP/1.1", [...HEADERS, "expect: magic", close, `content-length: ${BODY.length}`], BODY),
      chunked: rawRequest("POST /graphql HTTP/1.1", [...HEADERS, close, "transfer-encoding: chunked"], chunked),
      "chunked and a length": rawRequest("POST /graphql HTTP/1.1", [...HEADERS, close, "transfer-encoding: chunked", "content-length: 3"], chunked),
      "two lengths": rawRequest("POST /graphql HTTP/1.1", [...HEADERS, close, `content-length: ${BODY.length}`, "content-length: 3"], BODY),
      "two types": rawRequest("POST /graphql HTTP/1.1", [...HEADERS, close, "content-type: text/plain", `content-length: ${BODY.length}`], BODY),
      "two credentials": rawRequest(
        "POST /graphql HTTP/1.1",
        [...HEADERS, close, "authorization: Bearer a", "authorization: Bearer b", `content-length: ${BODY.length}`],
        BODY,
      ),
      "two releases": rawRequest(
        "POST /graphql HTTP/1.1",
        [...HEADERS, close, "catalog-min-release: 1", "catalog-min-release: 2", `content-length: ${BODY.length}`],
        BODY,
      ),
      "a folded header": rawRequest("POST /graphql HTTP/1.1", [...HEADERS, close, "accept: */*\r\n x", `content-length: ${BODY.length}`], BODY),
      "a coding": rawRequest("POST /graphql HTTP/1.1", [...HEADERS, close, "content-encoding: gzip", `content-length: ${BODY.length}`], BODY),
      "no host": rawRequest("POST /graphql HTTP/1.1", ["content-type: application/json", close, `content-length: ${BODY.length}`], BODY),
      "HTTP/1.0": rawRequest("POST /graphql HTTP/1.0", [...HEADERS, `content-length: ${BODY.length}`], BODY),
      "GET with a body": rawRequest(
        `GET ${pathOf(QUERY)} HTTP/1.1`,
        ["host: localhost", "apollo-require-preflight: 1", close, "content-type: application/json", `content-length: ${BODY.length}`],
        BODY,
      ),
      HEAD: rawRequest(`HEAD ${pathOf(QUERY)} HTTP/1.1`, ["host: localhost", "apollo-require-preflight: 1", close]),
      OPTIONS: rawRequest("OPTIONS /graphql HTTP/1.1", ["host: localhost", close]),
      "an address with a host": rawRequest(`GET http://localhost${pathOf(QUERY)} HTTP/1.1`, ["host: localhost", "apollo-require-preflight: 1", close]),
    }),
  )("%s", async ([what, bytes]) => {
    const [one, other] = await Promise.all(
      [kept, plain].map(async ({ port }) => readAnswers((await exchange(port, bytes)).replace(/HTTP\/1\.1 100 Continue\r\n\r\n/g, ""))),
    );
    if (what === "HEAD") expect(one?.map(({ status }) => status)).toEqual(other?.map(({ status }) => status));
    else expect(one?.map(told)).toEqual(other?.map(told));
    expect(one?.length).toBeGreaterThan(0);
  });

  const bodies: Readonly<Record<string, string | Buffer>> = {
    "the key of another request": `GET ${pathOf(QUERY)}`,
    "the same with a line before": `\nGET ${pathOf(QUERY)}`,
    "no UTF-8": Buffer.concat([Buffer.from(BODY), Buffer.from([0xff])]),
    "a NUL": `${BODY}\0`,
    "a prototype": `{"__proto__":{},"query":${JSON.stringify(QUERY)}}`,
    nothing: "",
    "100 kB": JSON.stringify({ query: QUERY, variables: { x: "y".repeat(99_000) } }),
    "too much": JSON.stringify({ query: QUERY, variables: { x: "y".repeat(101_000) } }),
    "many requests": `[${BODY}]`,
  };
  test.for(Object.keys(bodies))("a body of %s", async (what) => {
    for (let time = 1; time <= 3; time++) {
      const asking: Asking = { body: bodies[what] ?? "" };
      const [one, other] = [await kept.send(asking), await plain.send(asking)];
      expect(whatIsTold(one), `time ${time}`).toEqual(whatIsTold(other));
    }
  });
});

test("a body that comes byte by byte is answered from what is kept; one that never ends, or is given up, harms nobody", async () => {
  const before = kept.counts().hits;
  const socket = connect(kept.port, "127.0.0.1").setNoDelay(true);
  const answered = once(socket, "data");
  for (const byte of POST) {
    socket.write(byte);
    await sleep(0);
  }
  const answer = String((await answered)[0]);
  socket.destroy();
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(kept.counts().hits).toBe(before + 1);
  for (const cut of [1, 20, POST.length - 1]) {
    const leaving = connect(kept.port, "127.0.0.1", () => leaving.write(POST.slice(0, cut), () => leaving.resetAndDestroy()));
    await once(leaving, "close");
  }
  expect((await kept.post(QUERY)).status).toBe(200);
});

test("who has nothing left is refused, also where the answer is kept; a kept one costs what looking at it costs", async () => {
  const small = { perSecond: 1, burst: 4_000 };
  const limited = await listening(gateway, { ...EVERY_LAYER, rateLimits: { anonymous: small, customer: small, credential: small, service: null } });
  try {
    const query = "{ products(first: 2) { totalCount } }";
    const left = ({ text }: { text: string }): number => Number(/"remaining":(\d+)/.exec(text)?.[1]);
    const first = left(await untilKept(limited, () => limited.post(query)));
    const looking = 10 + Math.ceil(query.length / 20);
    expect(first - left(await limited.post(query))).toBe(looking);
    // Nor does it cost more to look at what was sent with it.
    const padded = JSON.stringify({ query, variables: { unused: "x".repeat(1_000) } });
    const other = left(await untilKept(limited, () => limited.send({ body: padded })));
    expect(other - left(await limited.send({ body: padded }))).toBe(looking);
    let refused = await limited.post(query);
    for (let time = 0; time < 500 && refused.status === 200; time++) refused = await limited.post(query);
    expect({ status: refused.status, code: refused.body.errors[0].extensions.code, after: refused.headers["retry-after"] }).toMatchObject({
      status: 429,
      code: "RATE_LIMITED",
    });
    expect((await limited.get(query)).status).toBe(429);
    const { statements } = await gateway.countStatements(() => limited.post(query, { "catalog-consistency": "strict" }));
    expect(statements.filter((text) => text.includes("catalog_head"))).toEqual([]);
  } finally {
    await limited.close();
  }
});

test("a gateway that drains says that the connection ends, whatever is kept", async () => {
  const draining = await listening(gateway);
  await untilKept(draining, () => draining.post(QUERY));
  const closed = draining.app.close(300);
  expect((await draining.post(QUERY)).headers.connection).toBe("close");
  await closed;
});
