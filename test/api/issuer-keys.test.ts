import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { rename, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { JwtVerifier } from "../../src/access/tokens/jwt-verifier.service.js";
import { KeysUnavailable } from "../../src/access/tokens/keys-unavailable.js";
import type { KeyLocation } from "../../src/access/tokens/token-issuer.js";
import { issuerOf, jwksOf, makePair, tokenOf, type SigningPair } from "../support/token-issuer.js";
import { makeTemporaryFolder } from "../support/temporary-folder.js";

// An issuer's keys over HTTP and in a file, while they change, break and come back. Time passes only where a test says so.

const [old, next] = [makePair("old"), makePair("next")];
const MINUTE = 60_000;

let server: Server;
let url: string;
let folder: string;
let requests: IncomingMessage[];
let answer: RequestListener;
let now: Date;
let failures: unknown[];

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  [requests, failures, now] = [[], [], new Date("2026-06-10T12:00:00Z")];
  serve(jwksOf(old));
});
afterEach(() => server.closeAllConnections());

function serve(text: string): void {
  answer = (_request, response) => response.setHeader("content-type", "application/jwk-set+json").end(text);
}

function fail(status = 500): void {
  answer = (_request, response) => response.writeHead(status).end("no");
}

function pass(ms: number): void {
  now = new Date(now.getTime() + ms);
}

function verifierOf(keys: KeyLocation = { kind: "URL", url }): (pair: SigningPair) => Promise<"good" | "bad" | "unknown"> {
  const issuer = issuerOf([old, next], { keys });
  const verifier = new JwtVerifier({ issuers: [issuer], clock: { now: () => now }, onKeysUnavailable: (_issuer, error) => failures.push(error) });
  return async (pair) => {
    try {
      return (await verifier.verify(tokenOf(pair, now, { roles: ["editor"] }))) === null ? "bad" : "good";
    } catch (error) {
      if (error instanceof KeysUnavailable) return "unknown";
      throw error;
    }
  };
}

describe("keys by HTTP", () => {
  test("are asked for once, however many ask at once", async () => {
    const ask = verifierOf();
    expect(await Promise.all(Array.from({ length: 20 }, () => ask(old)))).toEqual(Array<string>(20).fill("good"));
    pass(5 * MINUTE - 1);
    expect(await ask(old)).toBe("good");
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers).toMatchObject({ accept: "application/jwk-set+json, application/json" });
  });

  test("that are new are found at the first token, though not more often than every ten seconds", async () => {
    const ask = verifierOf();
    expect(await ask(old)).toBe("good");
    expect(await ask(next)).toBe("bad");
    serve(jwksOf(old, next));
    pass(9_999);
    expect(await ask(next)).toBe("bad");
    expect(requests).toHaveLength(1);
    pass(1);
    expect(await ask(next)).toBe("good");
    for (let index = 0; index < 100; index++) expect(await ask(makePair(`stranger-${index}`))).toBe("bad");
    expect(requests).toHaveLength(2);
  });

  test("that are withdrawn are good for five minutes at most, also for tokens that were good before", async () => {
    const ask = verifierOf();
    const [longLived] = [tokenOf(old, now, { roles: ["editor"] })];
    const issuer = issuerOf([old], { keys: { kind: "URL", url } });
    const verifier = new JwtVerifier({ issuers: [issuer], clock: { now: () => now }, onKeysUnavailable: () => undefined });
    expect([await ask(old), (await verifier.verify(longLived)) !== null]).toEqual(["good", true]);
    serve(jwksOf(next));
    pass(5 * MINUTE - 1);
    expect([await ask(old), (await verifier.verify(longLived)) !== null]).toEqual(["good", true]);
    pass(1);
    expect([await ask(old), (await verifier.verify(longLived)) !== null]).toEqual(["bad", false]);
    expect(await ask(next)).toBe("good");
  });

  test("that are all withdrawn leave none, and the operator is told", async () => {
    const ask = verifierOf();
    expect(await ask(old)).toBe("good");
    serve('{"keys":[]}');
    pass(5 * MINUTE);
    expect(await ask(old)).toBe("bad");
    expect(failures.map(String)).toEqual([expect.stringContaining("none of its keys can be used")]);
  });

  test("another key under the same name is another key", async () => {
    const ask = verifierOf();
    const token = tokenOf(old, now, { roles: ["editor"] });
    const issuer = issuerOf([old], { keys: { kind: "URL", url } });
    const verifier = new JwtVerifier({ issuers: [issuer], clock: { now: () => now }, onKeysUnavailable: () => undefined });
    expect([await ask(old), (await verifier.verify(token)) !== null]).toEqual(["good", true]);
    const twin = makePair("old");
    serve(jwksOf(twin));
    pass(5 * MINUTE);
    expect([await ask(old), (await verifier.verify(token)) !== null, await ask(twin)]).toEqual(["bad", false, "good"]);
  });

  test("a clock that was set back is no reason to believe old keys for longer", async () => {
    const ask = verifierOf();
    expect(await ask(old)).toBe("good");
    serve(jwksOf(next));
    pass(-60 * MINUTE);
    expect(await ask(old)).toBe("bad");
  });
});

/** What an endpoint may do instead of answering with keys. */
const BROKEN: Readonly<Record<string, RequestListener>> = {
  "an error": (_request, response) => response.writeHead(500).end("no"),
  "no content": (_request, response) => response.writeHead(204).end(),
  nothing: (_request, response) => response.end(""),
  garbage: (_request, response) => response.end("<html>"),
  "JSON that is no key set": (_request, response) => response.end('{"keys":{}}'),
  "a hundred keys and one": (_request, response) => response.end(jwksOf(...Array<SigningPair>(101).fill(old))),
  "text that is not UTF-8": (_request, response) => response.end(Buffer.from([0xff, 0xfe])),
  "more than fits": (_request, response) => response.end(JSON.stringify({ keys: [], filler: "f".repeat(300_000) })),
  "no end": endless,
  "half of it": (_request, response) => {
    response.writeHead(200, { "content-length": "1000" }).write("{");
    setImmediate(() => response.destroy());
  },
  "the way to another place": (request, response) =>
    request.url === "/there" ? response.end(jwksOf(old)) : response.writeHead(302, { location: "/there" }).end(),
  "no answer": (request) => request.socket.destroy(),
  silence: () => undefined,
};

function endless(_request: IncomingMessage, response: ServerResponse): void {
  const go = (): void => {
    while (!response.destroyed && response.write(" ".repeat(65_536)));
    if (!response.destroyed) response.once("drain", go);
  };
  go();
}

describe.each(Object.entries(BROKEN))("an issuer that answers with %s", (_what, listener) => {
  test("at the first token leaves it unknown, until it answers", async () => {
    answer = listener;
    const ask = verifierOf();
    expect(await ask(old)).toBe("unknown");
    expect(failures).toHaveLength(1);
    expect(await ask(old)).toBe("unknown");
    expect(requests).toHaveLength(1);
    serve(jwksOf(old));
    pass(10_000);
    expect(await ask(old)).toBe("good");
  });

  test("later is lived without for an hour; what it may have changed meanwhile is unknown", async () => {
    const ask = verifierOf();
    expect(await ask(old)).toBe("good");
    answer = listener;
    pass(60 * MINUTE - 1);
    expect(await ask(old)).toBe("good");
    expect(await ask(next)).toBe("unknown");
    expect(failures).toHaveLength(1);
    pass(1);
    expect(await ask(old)).toBe("unknown");
    serve(jwksOf(next));
    pass(10_000);
    expect([await ask(old), await ask(next)]).toEqual(["bad", "good"]);
  });
});

test("an issuer that begins to answer and never ends is not waited for", async () => {
  answer = (_request, response) => response.write('{"keys":[');
  expect(await verifierOf()(old)).toBe("unknown");
  expect(String(failures[0])).toMatch(/abort/i);
});

test("while an issuer is away, its callers wait for it once and not each time", async () => {
  const ask = verifierOf();
  expect(await ask(old)).toBe("good");
  fail();
  pass(5 * MINUTE);
  expect(await ask(old)).toBe("good");
  let release: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = (_request, response) => {
      release = () => response.end(jwksOf(next));
      resolve();
    };
  });
  pass(10_000);
  // Answered while the issuer still thinks.
  expect(await ask(old)).toBe("good");
  await asked;
  release();
  await expect.poll(() => ask(old)).toBe("bad");
});

describe("keys in a file", () => {
  test("are read again when they have changed; half a file is not believed", async () => {
    const path = join(folder, "jwks.json");
    const ask = verifierOf({ kind: "FILE", path });
    expect(await ask(old)).toBe("unknown");
    await write(path, jwksOf(old));
    pass(1_000);
    expect(await ask(old)).toBe("good");
    await write(path, jwksOf(next).slice(0, 40));
    pass(1_000);
    expect(await ask(old)).toBe("good");
    await write(path, jwksOf(next));
    pass(1_000);
    // The last attempt failed, so this one is not waited for.
    await expect.poll(() => ask(old)).toBe("bad");
    expect(await ask(next)).toBe("good");
  });
});

async function write(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
