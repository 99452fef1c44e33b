import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, type Gateway } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { connectDatabase } from "../../src/platform/database/database.js";
import { openLossyProxy } from "../support/lossy-proxy.js";
import { deaf } from "../support/deaf.js";
import { EVERY_LAYER, listening, untilKept, whatIsTold, type Listening } from "../support/finished.js";
import { bearer } from "../support/limited.js";
import { ANNOUNCED, SMALL_CATALOG } from "../support/small-catalog.js";

const PRICES = `{ prices(first: 10, filter: { periods: [CURRENT] }) { totalCount edges { node { key amount { amountMinor } effectiveFrom effectiveUntil } } } }`;
const ALL = `{ discounts(first: 10, filter: { periods: [CURRENT, UPCOMING, PAST] }) { edges { node { key } } } prices(first: 20) { edges { node { key effectiveUntil } } } }`;
const OTHER = { "other.yaml": "products: [{ key: other, name: Other }]" };
/** When the announced prices begin and the others end, when the discount ends, and when those who pay the old price pay the new one. */
const BOUNDARIES = ["2027-01-01T00:00:00.000Z", "2027-02-01T00:00:00.000Z", "2027-03-01T00:00:00.000Z"];

let gateway: Gateway;
let stop: () => Promise<void>;
let kept: Listening;
let plain: Listening;
let editor: string;

beforeAll(async () => {
  ({ gateway, stop } = await startTestGateway("empty"));
  gateway.clock.set("2026-06-01T00:00:00Z");
  for (const files of [SMALL_CATALOG, ANNOUNCED]) await publish(gateway.database, files, {}, gateway.clock);
  [kept, plain] = [await listening(gateway), await listening(gateway, {})];
  editor = await bearer(gateway.app, "editor");
}, 60_000);

afterEach(() => gateway.clock.set("2026-12-01T00:00:00Z"));

afterAll(async () => {
  await kept.close();
  await plain.close();
  await stop();
});

describe("the clock", () => {
  for (const boundary of BOUNDARIES) {
    test.for(["anonymous", "editor"])(`at ${boundary} nothing from before is sent to %s, nor anything from then before`, async (who) => {
      const headers: Record<string, string> = who === "editor" ? { authorization: editor } : {};
      const at = new Date(boundary).getTime();
      for (const query of [PRICES, ALL]) {
        const answers: string[] = [];
        // Over the boundary, back, and over it again.
        for (const ms of [-1_000, -1, 0, 1, -1, 0, 86_400_000, -1_000]) {
          gateway.clock.set(new Date(at + ms).toISOString());
          const expected = await plain.post(query, headers);
          for (let time = 1; time <= 3; time++) expect((await kept.post(query, headers)).text, `${ms} ms`).toBe(expected.text);
          answers.push(expected.text);
        }
        if (query === PRICES && boundary === BOUNDARIES[0]) expect(answers[1]).not.toBe(answers[2]);
      }
    });
  }

  test("what was kept 1 ms before is sent until then, and made anew at the boundary", async () => {
    gateway.clock.set("2026-12-31T23:59:59.000Z");
    await untilKept(kept, () => kept.post(`${PRICES} # to the last`));
    for (const [instant, hits] of [
      ["2026-12-31T23:59:59.999Z", 1],
      ["2027-01-01T00:00:00.000Z", 0],
      ["2027-01-01T00:00:00.001Z", 1],
    ] as const) {
      gateway.clock.set(instant);
      const before = kept.counts().hits;
      await kept.post(`${PRICES} # to the last`);
      expect(kept.counts().hits - before, instant).toBe(hits);
    }
  });
});

describe("a publish", () => {
  test("is in the next answer after a gateway knows of it", async () => {
    await untilKept(kept, () => kept.get(ALL));
    const release = await publish(gateway.database, OTHER, {}, gateway.clock);
    await kept.app.currentRelease?.look();
    for (const method of ["GET", "POST"]) {
      const { headers } = await kept.send({ method, query: ALL });
      expect(headers["catalog-release"]).toBe(String(release));
    }
  });

  test("is in a strict read at once, in one of at least this release, and in no other, while nobody has told", async () => {
    const alone = await listening({ ...gateway, open: (parts) => gateway.open({ ...parts, database: deaf(gateway.database) }) }, EVERY_LAYER);
    try {
      const query = "{ products(first: 10) { edges { node { key name } } } }";
      const first = await untilKept(alone, () => alone.post(query));
      const old = Number(first.headers["catalog-release"]);
      const sayName = async (name: string): Promise<number> =>
        publish(gateway.database, { "o.yaml": `products: [{ key: other, name: ${name} }]` }, {}, gateway.clock);
      const next = await sayName("Second");
      expect((await alone.post(query)).headers["catalog-release"]).toBe(String(old));
      const least = await alone.post(query, { "catalog-min-release": String(next) });
      expect(least.headers["catalog-release"]).toBe(String(next));
      expect(least.text).toContain("Second");
      await untilKept(alone, () => alone.post(query));
      const last = await sayName("Third");
      const strict = await alone.post(query, { "catalog-consistency": "strict" });
      expect(strict.headers["catalog-release"]).toBe(String(last));
      expect(strict.text).toContain("Third");
      // What is kept is good enough for whoever asks for no more, and for strict ones as long as nothing is published.
      const before = alone.counts().hits;
      for (const headers of [{ "catalog-consistency": "strict" }, { "catalog-min-release": String(last) }, { "catalog-consistency": "eventual" }])
        await untilKept(alone, () => alone.post(query, headers));
      expect(alone.counts().hits).toBeGreaterThan(before);
      for (const headers of [
        { "catalog-min-release": String(last + 1) },
        { "catalog-consistency": "maybe" },
        { "catalog-min-release": "-1" },
        { "catalog-min-release": "9999999999" },
      ]) {
        const [one, other] = [await alone.post(query, headers), await plain.post(query, headers)];
        expect(one.status).toBeGreaterThanOrEqual(400);
        expect(whatIsTold(one)).toEqual(whatIsTold(other));
      }
    } finally {
      await alone.close();
    }
  });
});

test("of 50 at once one is executed, and one that fails is not shared", async () => {
  const together = async (query: string): Promise<number[]> => {
    const before = kept.counts();
    const replies = await Promise.all(Array.from({ length: 50 }, () => kept.post(query)));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text.replace(/"requestId":"[^"]*"/, "")}`)).size).toBe(1);
    const { misses, shared, hits } = kept.counts();
    return [misses - before.misses, shared - before.shared + hits - before.hits];
  };
  // What is seen for the first time is not kept: one that comes after the first answer causes another.
  const [executions = 0, others] = await together(`${ALL} # cold`);
  expect(executions).toBeLessThanOrEqual(2);
  expect(others).toBe(50 - executions);
  expect(await together(`${ALL} # cold`)).toEqual([executions === 1 ? 1 : 0, executions === 1 ? 49 : 50]);
  expect(await together(`{ release { author } } # refused`)).toEqual([50, 0]);
  expect(await together(`{ rateLimit { remaining } } # of one caller`)).toEqual([50, 0]);
});

test("who goes away while others wait for the same does not hang them, nor does one who waits", async () => {
  const query = `${ALL} # given up`;
  const body = JSON.stringify({ query });
  const giveUp = async (afterMs: number): Promise<void> => {
    const sent = fetch(`http://127.0.0.1:${kept.port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(afterMs),
    });
    await sent.then((response) => response.text()).catch(() => undefined);
  };
  for (let round = 0; round < 20; round++) {
    const leaving = [giveUp(1 + (round % 5)), giveUp(2), giveUp(3)];
    const staying = Array.from({ length: 5 }, () => kept.post(query));
    await Promise.all(leaving);
    expect(new Set((await Promise.all(staying)).map(({ status }) => status))).toEqual(new Set([200]));
    await publish(gateway.database, { "o.yaml": `products: [{ key: other, name: Round ${round} }]` }, {}, gateway.clock);
  }
});

test("while the database is away what is kept is sent, but to who must have it fresh", async () => {
  const url = new URL(gateway.database.pool.options.connectionString ?? "");
  const wire = await openLossyProxy(Number(url.port));
  url.port = String(wire.port);
  const database = connectDatabase({ url: url.href, maxConnections: 4 });
  const cut = await listening({ ...gateway, open: (parts) => gateway.open({ ...parts, database }) });
  try {
    await untilKept(cut, () => cut.get(ALL));
    wire.reconnectTo(1);
    expect((await cut.get(ALL)).status).toBe(200);
    const { status, body } = await cut.get(ALL, { "catalog-consistency": "strict" });
    expect({ status, code: body.errors[0].extensions.code }).toEqual({ status: 503, code: "UNAVAILABLE" });
  } finally {
    wire.reconnectTo(Number(new URL(gateway.database.pool.options.connectionString ?? "").port));
    await cut.close();
    await database.close();
    await wire.close();
  }
});
