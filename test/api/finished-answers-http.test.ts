import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, type Gateway } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { listening, untilKept, EVERY_LAYER, pathOf, whatIsTold, type Listening } from "../support/finished.js";
import { bearer } from "../support/limited.js";
import { ANNOUNCED, SMALL_CATALOG } from "../support/small-catalog.js";

const MARKET = "edges { cursor node { id key name kind countryCode currency timeZone taxRate } }";
const QUERY = `{ plans(first: 3) { totalCount edges { cursor node { id key name description kind rank } } } a: markets(first: 3) { ${MARKET} } b: markets(first: 4) { ${MARKET} } }`;
const WIDE = { perSecond: 1_000, burst: 10_000_000 };
const PAGE = "https://shop.example";

let gateway: Gateway;
let stop: () => Promise<void>;
let kept: Listening;
let plain: Listening;
/** With limits, and letting others keep answers for a minute. */
let limited: Listening;
let key: string;

beforeAll(async () => {
  ({ gateway, stop } = await startTestGateway("empty"));
  gateway.clock.set("2026-06-01T00:00:00Z");
  for (const files of [SMALL_CATALOG, ANNOUNCED]) await publish(gateway.database, files, {}, gateway.clock);
  gateway.clock.set("2026-12-31T23:59:00Z");
  kept = await listening(gateway, { ...EVERY_LAYER, corsOrigins: [PAGE] });
  plain = await listening(gateway, { corsOrigins: [PAGE] });
  limited = await listening(gateway, {
    ...EVERY_LAYER,
    finishedAnswers: { bytes: 1e7, maxAgeSeconds: 3_600 },
    rateLimits: { anonymous: WIDE, customer: WIDE, credential: WIDE, service: null },
  });
  key = await bearer(gateway.app, "frontend");
}, 60_000);

afterAll(async () => {
  await Promise.all([kept, plain, limited].map((one) => one.close()));
  await stop();
});

describe("by GET", () => {
  test("answers have a tag, and who has it is told so without a body", async () => {
    const { headers, bytes } = await untilKept(kept, () => kept.get(QUERY));
    const etag = String(headers.etag);
    expect(etag).toMatch(/^W\/"[\w-]{20,}"$/);
    expect(bytes.length).toBeGreaterThan(1_000);
    for (const said of [etag, etag.slice(2), `"other", ${etag}`, ` W/"x" ,${etag.slice(2)}`, "*"]) {
      const { status, headers: told, bytes: none } = await kept.get(QUERY, { "if-none-match": said });
      expect({ status, length: none.length, etag: told.etag, type: told["content-length"] }, said).toEqual({ status: 304, length: 0, etag, type: undefined });
      expect(told).toMatchObject({ "catalog-release": "2", age: "0", "cache-control": headers["cache-control"], vary: headers.vary });
    }
    for (const said of [`"other"`, etag.slice(0, -2), ""]) expect((await kept.get(QUERY, { "if-none-match": said })).status, said).toBe(200);
    expect((await kept.post(QUERY, { "if-none-match": etag })).status).toBe(200);
  });

  test("so it is for an answer that is made for this caller", async () => {
    const query = `${QUERY} # made`;
    const { headers } = await kept.get(query);
    const { status, bytes, headers: told } = await (await listeningAnew()).get(query, { "if-none-match": String(headers.etag) });
    expect({ status, length: bytes.length, "content-length": told["content-length"] }).toEqual({ status: 304, length: 0, "content-length": undefined });
  });

  test("the answers of anonymous callers are for all, and say nothing of one; those of others are for them alone", async () => {
    // A key that is shown for the first time is looked up on the long way.
    await limited.get(QUERY, { authorization: key });
    for (let time = 1; time <= 4; time++) {
      const { headers, text } = await limited.get(QUERY);
      expect(headers["cache-control"], `time ${time}`).toMatch(/^public, max-age=/);
      expect({ ratelimit: headers["ratelimit"], policy: headers["ratelimit-policy"] }, `time ${time}`).toEqual({ ratelimit: undefined, policy: undefined });
      expect(text).toMatch(/"limit":\d+,"remaining":null\}\}\}\n$/);
      const own = await limited.get(QUERY, { authorization: key });
      expect(own.headers["cache-control"]).toMatch(/^private, max-age=/);
      expect(own.headers["ratelimit"]).toBeDefined();
      expect(own.text).toMatch(/"remaining":\d+\}\}\}\n$/);
      for (const { vary = "" } of [headers, own.headers])
        expect(vary.split(", ").sort()).toEqual(["accept", "accept-encoding", "authorization", "catalog-consistency", "catalog-min-release", "origin"]);
    }
  });

  test("nobody may keep them beyond their horizon, and a strict read is for nobody to keep", async () => {
    // A price begins with 2027, a minute from now.
    const maxAgeAt = async (time: string, headers = {}): Promise<number> => {
      gateway.clock.set(time);
      await limited.get(QUERY, headers);
      return Number(/max-age=(\d+)/.exec(String((await limited.get(QUERY, headers)).headers["cache-control"]))?.[1]);
    };
    expect(await maxAgeAt("2026-12-31T23:59:00.000Z")).toBe(60);
    expect(await maxAgeAt("2026-12-31T23:59:50.001Z")).toBe(9);
    expect(await maxAgeAt("2026-12-31T23:59:59.999Z")).toBe(0);
    expect(await maxAgeAt("2026-12-31T22:00:00.000Z")).toBe(3_600);
    expect(await maxAgeAt("2026-12-31T22:00:00.000Z", { "catalog-consistency": "strict" })).toBe(0);
    expect((await limited.post(QUERY)).headers["cache-control"]).toBe("no-store");
    gateway.clock.set("2026-12-31T23:59:00Z");
  });

  test("a page that did not ask whether it may is refused, also where the answer is kept", async () => {
    await untilKept(kept, () => kept.get(QUERY));
    for (const headers of [{ "apollo-require-preflight": "" }, { "apollo-require-preflight": "", "content-type": "text/plain" }]) {
      const [one, other] = [await kept.get(QUERY, headers), await plain.get(QUERY, headers)];
      expect(whatIsTold(one)).toEqual(whatIsTold(other));
      expect(one.status).toBe(400);
    }
  });
});

describe("codings", () => {
  const decode = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes: Buffer) => bytes } as const;

  test.for([
    ["br", "br"],
    ["gzip", "gzip"],
    ["gzip, deflate, br", "br"],
    ["br;q=0, gzip", "gzip"],
    ["br;q=0.000, gzip;q=0.0", "identity"],
    ["BR", "br"],
    ["gzip ; q=0.5", "gzip"],
    ["zstd, deflate, x-brotli", "identity"],
    ["*", "identity"],
    ["*;q=0, identity", "identity"],
    ["", "identity"],
  ] as const)("to who accepts %s the answer is sent as %s", async ([accepted, coding]) => {
    const ends = new Set<string>();
    for (const method of ["POST", "GET"]) {
      const send = () => limited.send({ method, query: QUERY, headers: { "accept-encoding": accepted, authorization: key } });
      await untilKept(limited, send);
      // It is compressed after it was sent.
      await expect.poll(async () => (await send()).headers["content-encoding"] ?? "identity").toBe(coding);
      for (let time = 1; time <= 3; time++) {
        const { headers, bytes } = await send();
        expect(headers["content-length"]).toBe(String(bytes.length));
        expect(headers["content-encoding"]).toBe(coding === "identity" ? undefined : coding);
        const text = decode[coding](bytes).toString("utf8");
        const identity = await limited.send({ method, query: QUERY, headers: { authorization: key } });
        expect(text.replace(/"remaining":\d+/, "")).toBe(identity.text.replace(/"remaining":\d+/, ""));
        ends.add(/"remaining":\d+/.exec(text)?.[0] ?? "");
      }
    }
    expect(ends.size).toBeGreaterThan(3);
  });
});

test.for([undefined, PAGE, "https://evil.example", "null"])("a page of %s is told the same with and without what is kept", async (origin) => {
  const ids = new Set<unknown>();
  for (const method of ["POST", "GET"]) {
    const send = (to: Listening) => to.send({ method, query: QUERY, headers: origin === undefined ? {} : { origin } });
    const expected = await send(plain);
    for (let time = 1; time <= 4; time++) {
      const reply = await send(kept);
      const without = method === "GET" ? ["cache-control", "etag", "age", "vary"] : [];
      expect(whatIsTold(reply, without), `${method}, time ${time}`).toEqual(whatIsTold(expected, without));
      const names = reply.raw.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
      expect(new Set(names).size, names.join()).toBe(names.length);
      ids.add(reply.headers["x-request-id"]);
    }
  }
  expect(ids.size).toBe(8);
});

async function listeningAnew(): Promise<Listening> {
  await kept.close();
  kept = await listening(gateway, { ...EVERY_LAYER, corsOrigins: [PAGE] });
  return kept;
}

test("the address is taken as it was sent", async () => {
  await untilKept(kept, () => kept.get(QUERY));
  for (const path of [
    `${pathOf(QUERY)}&query=x`,
    pathOf(QUERY).replace("/graphql", "/graphql/"),
    pathOf(QUERY).replace("/graphql", "//graphql"),
    "/graphql?",
    "/graphql",
  ]) {
    const [one, other] = [await kept.send({ method: "GET", path }), await plain.send({ method: "GET", path })];
    expect(whatIsTold(one), path).toEqual(whatIsTold(other));
  }
});
