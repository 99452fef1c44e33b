import { buildSchema, getOperationAST, parse } from "graphql";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ANONYMOUS } from "../../src/access/viewer.js";
import { PlannedOperation } from "../../src/graphql/compiled/planned-operation.js";
import type { PlannedQuestion } from "../../src/graphql/early/planned-question.js";
import { Repeats } from "../../src/graphql/early/repeats.js";
import type { RepeatedRequest } from "../../src/platform/http/exchange.js";
import { publish } from "../support/catalog.js";
import { EVERY_LAYER, listening, type Listening } from "../support/finished.js";
import { KeptConnection } from "../support/kept-connection.js";
import { bearer } from "../support/limited.js";
import { BY_PLANS, get, openRepeatingWorld, post, repeated, untilKnown, type RepeatingWorld } from "../support/repeating.js";

/** Requests that are known by their bytes are answered without Node's parser. Nothing may tell, but for the time that it takes. */

const QUERY = "{ plans(first: 10) { totalCount edges { node { key name } } } }";
const OTHER = "{ products(first: 10) { totalCount edges { node { key name } } } }";

let world: RepeatingWorld;
let kept: Listening;
let planned: Listening;

beforeAll(async () => {
  world = await openRepeatingWorld();
  ({ kept, planned } = world);
}, 60_000);

afterAll(() => world.stop());

/** All bytes of an answer, but for what is another each time. */
function bytesOf({ head, text }: { readonly head: string; readonly text: string }): object {
  return {
    head: head
      .replace(/x-request-id: [-0-9a-f]{36}/, "x-request-id: …")
      .replace(/Date: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/, "Date: …")
      .replace(/"remaining":\d+/, '"remaining":…'),
    text,
  };
}

describe("the answer is the same, byte by byte", () => {
  const all: Readonly<Record<string, string>> = {
    POST: post(QUERY),
    "POST that takes any coding": post(QUERY, ["accept-encoding: gzip, br"]),
    strictly: post(QUERY, ["catalog-consistency: strict"]),
    "from a release on": post(QUERY, ["catalog-min-release: 1"]),
    "with variables": post("query ($key: Key!) { plan(key: $key) { key name } }", [], { key: "premium" }),
    "with words of other alphabets": post(QUERY, ["accept-language: sv"]),
  };
  const ofKept: Readonly<Record<string, string>> = { GET: get(QUERY), "GET of what has not changed": get(QUERY, ["if-none-match: *"]) };
  for (const [way, to, requests] of [
    ["from what is kept", () => kept, { ...all, ...ofKept }],
    ["by its plan", () => planned, all],
  ] as const)
    test.for(Object.entries(requests))(`${way}: %s`, async ([, request]) => {
      const known = await untilKnown(to(), request);
      const before = repeated(to());
      const again = await known.ask(request);
      expect(repeated(to())).toBe(before + 1);
      // The first request of a connection is always read by the parser.
      const other = await KeptConnection.open(to().port);
      const parsed = await other.ask(request);
      expect(repeated(to())).toBe(before + 1);
      expect(bytesOf(again)).toEqual(bytesOf(parsed));
      expect([200, 304]).toContain(again.status);
      known.close();
      other.close();
    });
});

describe("what is another each time is looked at each time", () => {
  test("a key that was revoked is good no more", async () => {
    const { key, record } = await kept.app.apiKeys.create({ name: "to be revoked", role: "frontend", expiresAt: null });
    for (const to of [kept, planned]) {
      const request = post(QUERY, [`authorization: Bearer ${key}`]);
      const known = await untilKnown(to, request);
      expect((await known.ask(request)).status).toBe(200);
      if (to === kept) continue;
      await world.gateway.app.apiKeys.revoke(record.id);
      for (let time = 1; (await known.ask(request)).status !== 401; time++) {
        if (time > 200) throw new Error("is still good");
        await sleep(10);
      }
      known.close();
    }
  });

  test("a key or a token whose time is over is good no more", async () => {
    const { clock } = world.gateway;
    const at = clock.now();
    try {
      for (const to of [kept, planned]) {
        clock.set(at.toISOString());
        const { key } = await to.app.apiKeys.create({ name: "ends soon", role: "frontend", expiresAt: new Date(at.getTime() + 20_000) });
        for (const authorization of [`Bearer ${key}`, world.gateway.authorizationOfCustomer("ada")]) {
          clock.set(at.toISOString());
          const request = post(QUERY, [`authorization: ${authorization}`]);
          const known = await untilKnown(to, request);
          expect((await known.ask(request)).status).toBe(200);
          clock.set(new Date(at.getTime() + 20_000_000).toISOString());
          expect((await known.ask(request)).status).toBe(401);
          known.close();
        }
      }
    } finally {
      clock.set(at.toISOString());
    }
  });

  test("points are taken to the last", async () => {
    const small = { perSecond: 1, burst: 4_000 };
    const limited = await listening(world.gateway, { ...EVERY_LAYER, rateLimits: { anonymous: small, customer: small, credential: small, service: null } });
    try {
      const request = post(QUERY);
      const known = await untilKnown(limited, request);
      const remaining = async (): Promise<number> => Number(/"remaining":(\d+)/.exec((await known.ask(request)).text)?.[1]);
      const first = await remaining();
      expect(first - (await remaining())).toBe(10 + Math.ceil(QUERY.length / 20));
      const statuses = new Set<number>();
      for (let time = 0; time < 500; time++) statuses.add((await known.ask(request)).status);
      expect([...statuses]).toEqual([200, 429]);
      expect((await known.ask(request)).text).toContain("RATE_LIMITED");
    } finally {
      await limited.close();
    }
  });

  test("a new release is in the next answer", async () => {
    const request = post(OTHER);
    for (const to of [kept, planned]) {
      const known = await untilKnown(to, request);
      const name = to === kept ? "Sound" : "Noise";
      const release = await publish(world.gateway.database, { "m.yaml": `products: [{ key: music, name: ${name} }]` }, {}, world.gateway.clock);
      await to.app.currentRelease?.look();
      const { head, text } = await known.ask(request);
      expect(head).toContain(`catalog-release: ${release}`);
      expect(text).toContain(name);
      known.close();
    }
  });

  test("what had to be waited for is kept", async () => {
    const { memory: _memory, ...fromDatabase } = EVERY_LAYER;
    const waiting = await listening(world.gateway, fromDatabase);
    try {
      const request = post(QUERY);
      const known = await untilKnown(waiting, request);
      await publish(world.gateway.database, { "m.yaml": "products: [{ key: music, name: Tunes }]" }, {}, world.gateway.clock);
      await waiting.app.currentRelease?.look();
      const [before, beforeRepeated] = [waiting.counts(), repeated(waiting)];
      for (let time = 1; time <= 5; time++) await known.ask(request);
      expect(repeated(waiting)).toBe(beforeRepeated + 5);
      expect(waiting.counts().kept).toBe(before.kept + 1);
      // The first waits for its answer, and maybe the second, since until when a release is good has to be asked, too.
      const { hits, shared } = waiting.counts();
      expect(hits + shared).toBeGreaterThanOrEqual(before.hits + before.shared + 4);
      known.close();
    } finally {
      await waiting.close();
    }
  });

  test("a gateway that ends answers what it has begun, and says that it was the last", async () => {
    const ending = await listening(world.gateway, BY_PLANS);
    const request = post(QUERY, ["catalog-consistency: strict"]);
    const connections = await Promise.all(Array.from({ length: 10 }, () => untilKnown(ending, request)));
    const resting = await untilKnown(ending, request);
    const asked = connections.map((connection) => connection.ask(request));
    await new Promise(setImmediate);
    const closed = ending.app.close(100);
    for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
    const last = await resting.ask(request);
    expect(last.head).toMatch(/connection: close/i);
    await closed;
  });
});

test("what is asked once is not remembered, nor what is refused or fails", async () => {
  const before = repeated(kept);
  const connection = await KeptConnection.open(kept.port);
  for (const request of [post("{ plans(first: 1) { edges { node { nothing } } } }"), post("{"), post(QUERY, ["authorization: Bearer none"])])
    for (let time = 1; time <= 6; time++) await connection.ask(request);
  expect(repeated(kept)).toBe(before);
  connection.close();
});

describe("more requests are remembered than plans may be kept", () => {
  test("a plan that had to go is used no more", async () => {
    const small = await listening(world.gateway, { ...BY_PLANS, compiled: { documents: 1 } });
    try {
      const connection = await untilKnown(small, post(QUERY));
      const text = (await connection.ask(post(QUERY))).text;
      (await untilKnown(small, post(OTHER))).close();
      const before = repeated(small);
      expect((await connection.ask(post(QUERY))).text).toBe(text);
      expect(repeated(small)).toBe(before);
      connection.close();
    } finally {
      await small.close();
    }
  });

  test("nor is it held", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void; // As V8 declares it.
    const repeats = new Repeats();
    const request: RepeatedRequest = { method: "POST", url: "/graphql", headers: {}, body: null, byteLength: 0 };
    const schema = buildSchema("type Query { one: Int }");
    const newQuestion = (): PlannedQuestion => {
      const document = parse("{ one }");
      const operation = getOperationAST(document);
      if (!operation) throw new Error("there is one");
      const cost = { requested: 1, lists: new Map() };
      const planned = new PlannedOperation("", schema, document, operation, null);
      return { planned, variables: {}, cost, looking: 1, isReleased: false, headers: [], last: null };
    };
    let kept: PlannedOperation | null = null;
    (() => {
      const question = newQuestion();
      kept = question.planned;
      const repeat = { viewer: ANONYMOUS, page: "", key: "k", question: null };
      repeats.keep(request, repeat);
      repeats.keepQuestion(repeat, question);
    })();
    await sleep(1);
    collect();
    expect(repeats.of(request)?.question?.deref()?.planned === kept).toBe(true);
    kept = null;
    await sleep(1);
    collect();
    expect(repeats.of(request)?.question?.deref()).toBeUndefined();
    expect(repeats.of(request)?.key).toBe("k");
  });
});

test("callers with other keys, who send what is the same but for the key, are told apart", async () => {
  const query = '{ plan(key: "premium") { internalNote } plans(first: 1) { totalCount } }';
  const [editor, frontend] = await Promise.all((["editor", "frontend"] as const).map((role) => bearer(kept.app, role)));
  const known = await untilKnown(kept, post(query, [`authorization: ${editor}`]));
  const refused = await known.ask(post(query, [`authorization: ${frontend}`]));
  expect(refused.text).toContain("FORBIDDEN");
  known.close();
});
