import { describe, expect } from "vitest";
import type { App, AppParts } from "../../src/app.js";
import { testEmpty as test, type Gateway } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { deaf, NO_POLL_MS } from "../support/deaf.js";
import { bearer, get, LIMITS, send, type Got } from "../support/limited.js";
import { NOW, PREMIUM, publishQuoteCatalog, QUOTE_CATALOG } from "../support/quote-catalog.js";
import { CREATE_QUOTE } from "../support/stored-quotes.js";

test.beforeEach(async ({ gateway }) => {
  const { rows } = await gateway.database.pool.query("select from release");
  if (rows.length === 0) await publishQuoteCatalog(gateway);
  gateway.clock.set(NOW);
});

const PRODUCT = '{ product(key: "music") { name } }';
const STRICT = { "catalog-consistency": "strict" };
const least = (release: number) => ({ "catalog-min-release": String(release) });

let published = 0;
/** A release by somebody else; returns its number. What it says is in the name of a product. */
async function publishElsewhere({ database }: Gateway): Promise<{ release: number; name: string }> {
  const name = `Music ${++published}`;
  return { name, release: await publish(database, { "music.yaml": `products: [{ key: music, name: ${name} }]` }) };
}

/** A gateway that hears nothing and asks nothing by itself: it knows the release that was current when it started. */
async function behind<T>(gateway: Gateway, body: (app: App) => Promise<T>, parts: Partial<AppParts> = {}): Promise<T> {
  const app = await gateway.open({ database: deaf(gateway.database), currentRelease: { pollMs: NO_POLL_MS }, ...parts });
  try {
    return await body(app);
  } finally {
    await app.close();
  }
}

const seen = ({ headers, data }: Got) => ({ release: Number(headers["catalog-release"]), name: data?.product?.name as unknown });
const headQuestions = (statements: readonly string[]): number => statements.filter((text) => text.includes("from catalog_head")).length;

describe("an answer names the release that it looked at as the current one", () => {
  const modes = { "as it is known": { currentRelease: { pollMs: 1_000 } }, "asked each time": { currentRelease: null } } as const;
  for (const [mode, parts] of Object.entries(modes)) {
    test(`${mode}: by POST and by GET, when it is good and when it has errors`, async ({ gateway }) => {
      const { release, name } = await publishElsewhere(gateway);
      const app = await gateway.open(parts);
      try {
        expect(seen(await send(app, { query: PRODUCT }))).toEqual({ release, name });
        expect(seen(await get(app, { query: PRODUCT }))).toEqual({ release, name });
        const withErrors = await send(app, { query: `{ product(key: "music") { name } none: product(key: "music", at: { release: 999999 }) { name } }` });
        expect(withErrors).toMatchObject({ code: "UNKNOWN_RELEASE", headers: { "catalog-release": String(release) } });
        // A look at another release is not what it says: the request is still pinned.
        const before = await send(app, { query: '{ product(key: "music", at: { release: 1 }) { name } }' });
        expect(seen(before)).toEqual({ release, name: "Music" });
      } finally {
        await app.close();
      }
    });
  }

  test("and names none, and asks for none, when it did not look", async ({ gateway }) => {
    for (const query of ["{ __typename }", "{ nope }", "{", "{ rateLimit { limit } }"]) {
      const { result, statements } = await gateway.countStatements(() => send(gateway.app, { query }));
      expect(result.headers["catalog-release"]).toBeUndefined();
      expect(statements).toEqual([]);
    }
  });

  test("and looks without asking where the release is known", ({ gateway }) =>
    behind(gateway, async (app) => {
      const { statements } = await gateway.countStatements(() => send(app, { query: PRODUCT }));
      expect(headQuestions(statements)).toBe(0);
    }));
});

describe("a gateway that is behind", () => {
  test("says what it knows, and which release that is", ({ gateway }) =>
    behind(gateway, async (app) => {
      const known = seen(await send(app, { query: PRODUCT }));
      const { release } = await publishElsewhere(gateway);
      expect(seen(await send(app, { query: PRODUCT }))).toEqual(known);
      expect(known.release).toBe(release - 1);
      expect(seen(await send(app, { query: PRODUCT }, { headers: { "catalog-consistency": "eventual", ...least(release - 1) } }))).toEqual(known);
    }));

  for (const [how, ask] of [
    ["POST", (app: App, headers: Record<string, string>) => send(app, { query: PRODUCT }, { headers })],
    ["GET", (app: App, headers: Record<string, string>) => get(app, { query: PRODUCT }, { headers })],
  ] as const) {
    test(`asks the database before it answers a strict read by ${how}`, ({ gateway }) =>
      behind(gateway, async (app) => {
        for (let round = 0; round < 3; round++) {
          const now = await publishElsewhere(gateway);
          expect(seen(await ask(app, STRICT))).toEqual(now);
        }
        // What one request has learned, all know.
        expect(seen(await ask(app, {})).name).toBe(`Music ${published}`);
      }));

    test(`catches up with the release that a read by ${how} must see, and only then`, ({ gateway }) =>
      behind(gateway, async (app) => {
        const now = await publishElsewhere(gateway);
        const first = await gateway.countStatements(() => ask(app, least(now.release)));
        expect(seen(first.result)).toEqual(now);
        expect(headQuestions(first.statements)).toBe(1);
        const again = await gateway.countStatements(() => ask(app, least(now.release)));
        expect(seen(again.result)).toEqual(now);
        expect(headQuestions(again.statements)).toBe(0);
      }));

    test(`tells who must see a release that is not there to come again, by ${how}`, ({ gateway }) =>
      behind(gateway, async (app) => {
        const { release } = await publishElsewhere(gateway);
        for (const headers of [least(release + 1), { ...STRICT, ...least(2 ** 31 - 1) }]) {
          const { status, body, headers: told } = await ask(app, headers);
          expect(status).toBe(503);
          expect(told["retry-after"]).toBe("1");
          expect(body.errors).toHaveLength(1);
          expect(body.errors[0].extensions).toEqual({ code: "RELEASE_NOT_HERE_YET", minRelease: Number(headers["catalog-min-release"]), release });
          expect(body.data).toBeUndefined();
        }
      }));
  }

  test("learns at once what is published in its own process", ({ gateway }) =>
    behind(gateway, async (app) => {
      const now = await publishElsewhere(gateway);
      void app.currentRelease?.learn(now.release);
      expect(seen(await send(app, { query: PRODUCT }))).toEqual(now);
    }));

  test("makes no quote of a price that the database no longer has", ({ gateway }) =>
    behind(gateway, async (app) => {
      const authorization = await bearer(app, "service");
      const quoted = async (amount: number) => {
        const quotes = QUOTE_CATALOG["quotes.yaml"].replace("interval: P1M, amount: 119", `interval: P1M, amount: ${amount}, existing: KEEP`);
        const release = await publish(gateway.database, { "quotes.yaml": quotes });
        const { data, headers } = await send(app, { query: CREATE_QUOTE, variables: { input: { quote: PREMIUM, validForSeconds: 60 } } }, { authorization });
        return { release, named: Number(headers["catalog-release"]), amount: data.createQuote.quote.totals.amount.amountMinor as unknown };
      };
      for (const amount of [139, 149]) {
        const { release, ...rest } = await quoted(amount);
        expect(rest).toEqual({ named: release, amount: amount * 100 });
      }
    }));
});

describe("what cannot be meant is refused", () => {
  test.for([
    [{ "catalog-consistency": "Strict" }, /strict or eventual/],
    [{ "catalog-consistency": "linearizable" }, /strict or eventual/],
    [{ "catalog-consistency": "" }, /strict or eventual/],
    [{ "catalog-consistency": "strict, eventual" }, /strict or eventual/],
    [{ "catalog-min-release": "" }, /number of a release/],
    [{ "catalog-min-release": "-1" }, /number of a release/],
    [{ "catalog-min-release": "1.0" }, /number of a release/],
    [{ "catalog-min-release": "1e2" }, /number of a release/],
    [{ "catalog-min-release": "0x10" }, /number of a release/],
    [{ "catalog-min-release": "latest" }, /number of a release/],
    [{ "catalog-min-release": "1, 2" }, /number of a release/],
    [{ "catalog-min-release": "2147483648" }, /number of a release/],
    [{ "catalog-min-release": "99999999999999999999" }, /number of a release/],
  ] as [Record<string, string>, RegExp][])("%j", async ([headers, message], { gateway }) => {
    for (const { status, body } of [
      await send(gateway.app, { query: PRODUCT }, { headers: { ...headers, accept: "application/json" } }),
      await get(gateway.app, { query: PRODUCT }, { headers }),
    ]) {
      expect(status).toBe(400);
      expect(body).toEqual({ errors: [{ message: expect.stringMatching(message) as unknown, extensions: { code: "BAD_REQUEST" } }] });
    }
  });

  test("and nothing more than the least is no demand", async ({ gateway }) => {
    for (const number of ["0", "1", "0001"])
      expect((await send(gateway.app, { query: PRODUCT }, { headers: { "catalog-min-release": number } })).status).toBe(200);
  });
});

describe("strict reads, many at once", () => {
  test("share two questions at most, and all see what was there before they came", ({ gateway }) =>
    behind(gateway, async (app) => {
      const now = await publishElsewhere(gateway);
      const { result, statements } = await gateway.countStatements(() =>
        Promise.all(Array.from({ length: 200 }, () => send(app, { query: PRODUCT }, { headers: STRICT }))),
      );
      for (const answer of result) expect(seen(answer)).toEqual(now);
      expect(headQuestions(statements)).toBeLessThanOrEqual(2);
    }));

  test("wait in one line while the database keeps them waiting", ({ gateway }) =>
    behind(gateway, async (app) => {
      const blocker = await gateway.database.pool.connect();
      const { result, statements } = await gateway.countStatements(async () => {
        await blocker.query("begin; lock table catalog_head in access exclusive mode");
        const asked = Array.from({ length: 100 }, () => send(app, { query: PRODUCT }, { headers: STRICT }));
        // Those who go by what is known do not wait.
        expect((await send(app, { query: PRODUCT })).status).toBe(200);
        await blocker.query("rollback");
        return Promise.all(asked);
      });
      blocker.release();
      expect(new Set(result.map(({ status }) => status))).toEqual(new Set([200]));
      expect(headQuestions(statements.filter((text) => !text.includes("lock")))).toBeLessThanOrEqual(2);
    }));

  test("of somebody who has no points left ask nothing", ({ gateway }) =>
    behind(
      gateway,
      async (app) => {
        const flood = () => send(app, { query: PRODUCT }, { headers: STRICT });
        for (let taken = 0; taken < 150; taken++) await flood();
        const { result, statements } = await gateway.countStatements(() => Promise.all(Array.from({ length: 50 }, flood)));
        expect(new Set(result.map(({ status }) => status))).toEqual(new Set([429]));
        expect(headQuestions(statements)).toBe(0);
      },
      { rateLimits: { ...LIMITS, anonymous: { perSecond: 1, burst: 1_000 } } },
    ));
});
