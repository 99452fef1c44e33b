import type { AddressInfo } from "node:net";
import { describe, expect } from "vitest";
import { rawRequest, readAnswers, sendBytes, type RawAnswer } from "../support/raw-http.js";
import { test, type Gateway } from "../support/api.js";

const BODY = '{"query":"{ __typename }"}';
const HEADERS = ["Host: localhost", "Content-Type: application/json"];
const LENGTH = `Content-Length: ${BODY.length}`;
const POST = "POST /graphql HTTP/1.1";
const HIDDEN = rawRequest("GET /healthz HTTP/1.1", ["Host: localhost"]);
const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

async function exchange(gateway: Gateway, bytes: string | Buffer): Promise<RawAnswer[]> {
  if (!gateway.app.server.server.listening) await gateway.app.listen("127.0.0.1", 0);
  return readAnswers(await sendBytes((gateway.app.server.server.address() as AddressInfo).port, bytes));
}

function expectError(answer: RawAnswer | undefined, status: number): void {
  expect(answer?.status).toBe(status);
  expect(answer?.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(answer?.headers.get("connection")).toBe("close");
  expect(JSON.parse(answer?.body ?? "")).toMatchObject({ errors: [{ extensions: { code: "BAD_REQUEST" } }] });
}

describe("what can be read in two ways is refused, and nothing behind it is read", () => {
  const SMUGGLED = [
    ["a length and chunks", rawRequest(POST, [...HEADERS, LENGTH, "Transfer-Encoding: chunked"], `0\r\n\r\n${HIDDEN}`)],
    ["chunks and a length", rawRequest(POST, [...HEADERS, "Transfer-Encoding: chunked", LENGTH], `0\r\n\r\n${HIDDEN}`)],
    ["two lengths", rawRequest(POST, [...HEADERS, LENGTH, "Content-Length: 0"], BODY + HIDDEN)],
    ["two equal lengths", rawRequest(POST, [...HEADERS, LENGTH, LENGTH], BODY + HIDDEN)],
    ["a list of lengths", rawRequest(POST, [...HEADERS, `Content-Length: ${BODY.length}, ${BODY.length}`], BODY + HIDDEN)],
    ["a length with a sign", rawRequest(POST, [...HEADERS, `Content-Length: +${BODY.length}`], BODY + HIDDEN)],
    ["a length below nothing", rawRequest(POST, [...HEADERS, "Content-Length: -1"], BODY + HIDDEN)],
    ["a length in sixteens", rawRequest(POST, [...HEADERS, "Content-Length: 0x1a"], BODY + HIDDEN)],
    ["a length beyond every number", rawRequest(POST, [...HEADERS, "Content-Length: 99999999999999999999999"], BODY + HIDDEN)],
    ["chunks that are not chunked", rawRequest(POST, [...HEADERS, "Transfer-Encoding: xchunked"], CHUNKED + HIDDEN)],
    ["chunks, then something else", rawRequest(POST, [...HEADERS, "Transfer-Encoding: chunked, identity"], CHUNKED + HIDDEN)],
    ["chunked twice", rawRequest(POST, [...HEADERS, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], CHUNKED + HIDDEN)],
    ["a space before a colon", rawRequest(POST, [...HEADERS, "Transfer-Encoding : chunked"], CHUNKED + HIDDEN)],
    ["a header that goes on in the next line", rawRequest(POST, [...HEADERS, "Transfer-Encoding:", " chunked"], CHUNKED + HIDDEN)],
    ["a tab before chunked, and a length", rawRequest(POST, [...HEADERS, LENGTH, "Transfer-Encoding:\tchunked"], `0\r\n\r\n${HIDDEN}`)],
    ["lines that end in half", rawRequest(POST, [...HEADERS, LENGTH], BODY + HIDDEN).replaceAll("\r\n", "\n")],
    ["a line that ends early", rawRequest(POST, [...HEADERS, "X: a\rTransfer-Encoding: chunked", LENGTH], BODY + HIDDEN)],
    ["a NUL in a header", rawRequest(POST, [...HEADERS, "X: a\0b", LENGTH], BODY + HIDDEN)],
    ["a chunk of no size", rawRequest(POST, [...HEADERS, "Transfer-Encoding: chunked"], `\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`)],
    ["a chunk of a size that is none", rawRequest(POST, [...HEADERS, "Transfer-Encoding: chunked"], `zz\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`)],
    ["a chunk larger than numbers", rawRequest(POST, [...HEADERS, "Transfer-Encoding: chunked"], `ffffffffffffffffff\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`)],
    ["a chunk that ends in half", rawRequest(POST, [...HEADERS, "Transfer-Encoding: chunked"], `${CHUNKED.replaceAll("\r\n", "\n")}${HIDDEN}`)],
    ["no host", rawRequest(POST, ["Content-Type: application/json", LENGTH], BODY + HIDDEN)],
    ["two hosts", rawRequest(POST, [...HEADERS, "Host: elsewhere", LENGTH], BODY + HIDDEN)],
    ["two credentials", rawRequest(POST, [...HEADERS, "Authorization: Bearer a", "authorization: Bearer b", LENGTH], BODY + HIDDEN)],
    ["two types", rawRequest(POST, [...HEADERS, "Content-Type: text/plain", LENGTH], BODY + HIDDEN)],
    [
      "two wishes how fresh an answer is to be",
      rawRequest(POST, [...HEADERS, "Catalog-Consistency: strict", "Catalog-Consistency: eventual", LENGTH], BODY + HIDDEN),
    ],
    ["two releases that it must not be before", rawRequest(POST, [...HEADERS, "Catalog-Min-Release: 1", "catalog-min-release: 2", LENGTH], BODY + HIDDEN)],
    ["two origins", rawRequest(POST, [...HEADERS, "Origin: https://a.example", "Origin: https://b.example", LENGTH], BODY + HIDDEN)],
  ] as const;
  for (const [what, bytes] of SMUGGLED) {
    test(what, async ({ gateway }) => {
      const answers = await exchange(gateway, bytes);
      // What was hidden would be a second answer.
      expect(answers.length).toBe(1);
      expectError(answers[0], 400);
    });
  }
});

describe("what is no HTTP", () => {
  const NONSENSE = [
    ["noise", Buffer.from("00ff13370d0a0d0a", "hex"), 400],
    ["the greeting of TLS", Buffer.from("16030100c8010000c40303", "hex"), 400],
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    ["HTTP/0.9", "GET /graphql\r\n\r\n", 400],
    ["HTTP/7.3", rawRequest("GET / HTTP/7.3", ["Host: localhost"]), 400],
    ["a method that there is not", rawRequest("FETCH /graphql HTTP/1.1", ["Host: localhost"]), 400],
    ["a space in the address", rawRequest("GET /graphql?query={ __typename } HTTP/1.1", ["Host: localhost"]), 400],
    ["half a request", "POST /graphql HTTP/1.1\r\nHost: loc", 400],
    ["half a body", rawRequest(POST, [...HEADERS, "Content-Length: 1000"], BODY), 400],
    ["headers larger than 16 kB", rawRequest(POST, [...HEADERS, `X: ${"a".repeat(17_000)}`, LENGTH], BODY), 431],
    ["an address larger than 16 kB", rawRequest(`GET /${"a".repeat(17_000)} HTTP/1.1`, ["Host: localhost"]), 431],
    ["a thousand headers", rawRequest(POST, [...HEADERS, ...Array.from({ length: 1_000 }, (_, at) => `a${at}:`), LENGTH], BODY), 431],
    ["an expectation that nobody knows", rawRequest(POST, [...HEADERS, "Expect: tea", LENGTH], BODY), 417],
  ] as const;
  for (const [what, bytes, status] of NONSENSE) {
    test(`${what} is ${status}`, async ({ gateway }) => {
      const answers = await exchange(gateway, bytes);
      expect(answers).toHaveLength(1);
      expectError(answers[0], status);
      expect(answers[0]?.headers.get("x-content-type-options")).toBe("nosniff");
    });
  }
  test("a tunnel is not dug", async ({ gateway }) => {
    expect(await exchange(gateway, rawRequest("CONNECT localhost:5432 HTTP/1.1", ["Host: localhost:5432"]))).toEqual([]);
  });
});

describe("what is HTTP, if of a rare kind, is answered", () => {
  const GET = "/graphql?query=%7B__typename%7D";
  const PREFLIGHT = ["Host: localhost", "apollo-require-preflight: 1"];
  const RARE = [
    ["HTTP/1.0, without a host", rawRequest("POST /graphql HTTP/1.0", ["Content-Type: application/json", LENGTH], BODY)],
    ["a whole address", rawRequest(`GET http://elsewhere.example:81${GET} HTTP/1.1`, PREFLIGHT)],
    ["chunks", rawRequest(POST, [...HEADERS, "Transfer-Encoding: chunked"], CHUNKED)],
    ["chunks with an end of their own", rawRequest(POST, [...HEADERS, "Transfer-Encoding: chunked", "Trailer: X"], CHUNKED.replace(/\r\n$/, "X: 1\r\n\r\n"))],
    ["a body that waits to be asked for", rawRequest(POST, [...HEADERS, "Expect: 100-continue", LENGTH], BODY)],
    ["a host that is no name", rawRequest(`GET ${GET} HTTP/1.1`, ["Host: %%%:x", "apollo-require-preflight: 1"])],
    [
      "a protocol that there is not",
      rawRequest(`GET ${GET} HTTP/1.1`, [...PREFLIGHT, "Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]),
    ],
    [
      "headers of others on the way",
      rawRequest(`GET ${GET} HTTP/1.1`, [...PREFLIGHT, "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: x", "Forwarded: for=_"]),
    ],
    ["an empty line before", `\r\n${rawRequest(`GET ${GET} HTTP/1.1`, PREFLIGHT)}`],
  ] as const;
  for (const [what, bytes] of RARE) {
    test(what, async ({ gateway }) => {
      const answers = await exchange(gateway, bytes);
      expect(answers.map(({ status, body }) => ({ status, body: JSON.parse(body) as unknown }))).toEqual([
        { status: 200, body: { data: { __typename: "Query" }, extensions: expect.any(Object) as unknown } },
      ]);
    });
  }
  test("and what is sent behind it is answered in its order", async ({ gateway }) => {
    const both = rawRequest(POST, [...HEADERS, LENGTH], BODY) + HIDDEN;
    expect((await exchange(gateway, both)).map(({ body }) => body.slice(0, 10))).toEqual(['{"data":{"', '{"status":']);
  });
});
