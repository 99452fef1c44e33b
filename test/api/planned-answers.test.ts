import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AppParts } from "../../src/app.js";
import { hashDocument } from "../../src/graphql/arrival/trusted-documents.js";
import { startTestGateway, type Gateway } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { EVERY_LAYER, listening, whatIsTold, withKey, type Asking, type Listening } from "../support/finished.js";
import { bearer, LIMITS } from "../support/limited.js";
import { SMALL_CATALOG } from "../support/small-catalog.js";

/** Queries answered by their plans before the server proper, and what only looks like one. */

const QUERY = "query Plans($first: Int = 2) { plans(first: $first) { totalCount edges { node { key name } } } }";
const TWO = `${QUERY} query Other { plans(first: 1) { totalCount } }`;

let gateway: Gateway;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ gateway, stop } = await startTestGateway("empty"));
  gateway.clock.set("2026-06-01T00:00:00Z");
  await publish(gateway.database, SMALL_CATALOG, {}, gateway.clock);
}, 60_000);

afterAll(() => stop());

interface Pair {
  readonly planned: Listening;
  readonly plain: Listening;
}

/** Runs with a gateway that answers by plans and one that does not. Each has been asked these bodies until they are planned. */
async function withPair(
  parts: Partial<AppParts>,
  bodies: readonly object[],
  headers: Record<string, string>,
  run: (pair: Pair) => Promise<void>,
): Promise<void> {
  const { finishedAnswers: _answers, ...byPlans } = EVERY_LAYER;
  const [planned, plain] = [await listening(gateway, { ...parts, ...byPlans }), await listening(gateway, parts)];
  try {
    for (const body of bodies) for (let time = 1; time <= 2; time++) await planned.send({ body: JSON.stringify(body), headers });
    await run({ planned, plain });
  } finally {
    await planned.close();
    await plain.close();
  }
}

function early({ app }: Listening): number {
  return app.compiled?.early ?? 0;
}

const json = (body: unknown): Asking => ({ body: JSON.stringify(body) });

describe("are answered early", () => {
  const USUAL: Readonly<Record<string, Asking>> = {
    "a query": json({ query: QUERY }),
    "with variables": json({ query: QUERY, variables: { first: 1 } }),
    "with nothing said of what there is not": json({ query: QUERY, variables: null, operationName: null }),
    "by its only name": json({ query: QUERY, operationName: "Plans" }),
    "one of two": json({ query: TWO, operationName: "Other" }),
    strictly: { ...json({ query: QUERY }), headers: { "catalog-consistency": "strict" } },
    "from a release on": { ...json({ query: QUERY }), headers: { "catalog-min-release": "1" } },
    "with a charset": { ...json({ query: QUERY }), headers: { "content-type": "application/json; charset=utf-8" } },
  };
  test("what is usual, as by the server proper", async () => {
    const bodies = [...Object.values(USUAL).map(({ body }) => JSON.parse(String(body)) as object)];
    await withPair({}, bodies, {}, async ({ planned, plain }) => {
      for (const [what, asking] of Object.entries(USUAL)) {
        const before = early(planned);
        const [reply, expected] = [await planned.send(asking), await plain.send(asking)];
        expect(whatIsTold(reply), what).toEqual(whatIsTold(expected));
        expect(reply.body.data, what).toBeDefined();
        expect(early(planned) - before, what).toBe(1);
      }
    });
  });

  test("in each form of answer that was seen before", async () => {
    await withPair({}, [{ query: QUERY }], {}, async ({ planned, plain }) => {
      for (const accept of ["application/json", "application/graphql-response+json", "*/*"]) {
        const asking = { ...json({ query: QUERY }), headers: { accept } };
        const expected = whatIsTold(await plain.send(asking));
        const before = early(planned);
        for (let time = 1; time <= 3; time++) expect(whatIsTold(await planned.send(asking)), accept).toEqual(expected);
        expect(early(planned) - before, accept).toBe(2);
      }
    });
  });

  test("pages of other origins are told whether they may read it", async () => {
    const parts = { corsOrigins: ["https://shop.example", "https://other.example"] };
    await withPair(parts, [{ query: QUERY }], {}, async ({ planned, plain }) => {
      for (const origin of ["https://shop.example", "https://evil.example", "https://other.example", "https://evil.example", "null"]) {
        const asking = { ...json({ query: QUERY }), headers: { origin } };
        const expected = whatIsTold(await plain.send(asking));
        for (let time = 1; time <= 3; time++) expect(whatIsTold(await planned.send(asking)), origin).toEqual(expected);
      }
    });
  });
});

test("what is unusual in any way is answered by the server proper", async () => {
  const text = JSON.stringify({ query: QUERY });
  const unusual: Readonly<Record<string, Asking>> = {
    "a key that reaches a prototype": { body: `{"__proto__":{"x":1},${text.slice(1)}` },
    "such a key among the variables": { body: `${text.slice(0, -1)},"variables":{"__proto__":{"first":1}}}` },
    "such a key in escapes": { body: `${text.slice(0, -1)},"variables":{"\\u005f_proto__":{"first":1}}}` },
    "a constructor": { body: `${text.slice(0, -1)},"variables":{"constructor":{"prototype":{}}}}` },
    "another key": json({ query: QUERY, more: 1 }),
    extensions: json({ query: QUERY, extensions: {} }),
    "a name that is not there": json({ query: QUERY, operationName: "Other" }),
    "an empty name": json({ query: QUERY, operationName: "" }),
    "no name for one of two": json({ query: TWO }),
    "a name that is none": json({ query: QUERY, operationName: 1 }),
    "variables that are a list": json({ query: QUERY, variables: [] }),
    "variables that are a text": json({ query: QUERY, variables: "{}" }),
    "a value of the wrong kind": json({ query: QUERY, variables: { first: "1" } }),
    "a page that is too large": json({ query: QUERY, variables: { first: 100_000 } }),
    "a list of queries": { body: `[${text}]` },
    "no JSON": { body: `${text}}` },
    "no UTF-8": { body: Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])]) },
    "a document by an unknown name": json({ documentId: hashDocument(QUERY) }),
    "both a name and a text": json({ documentId: hashDocument(QUERY), query: QUERY }),
    "a word that is none": { ...json({ query: QUERY }), headers: { "catalog-consistency": "perhaps" } },
    "a release that is not here": { ...json({ query: QUERY }), headers: { "catalog-min-release": "99" } },
    "a bad credential": { ...json({ query: QUERY }), headers: { authorization: "Bearer cgk_none" } },
  };
  await withPair({}, [{ query: QUERY }, { query: TWO, operationName: "Other" }], {}, async ({ planned, plain }) => {
    const before = early(planned);
    for (const [what, asking] of Object.entries(unusual)) {
      for (let time = 1; time <= 2; time++) expect(whatIsTold(await planned.send(asking)), what).toEqual(whatIsTold(await plain.send(asking)));
    }
    expect(early(planned)).toBe(before);
  });
});

test("points are taken as the server proper takes them, to the last", async () => {
  const wrong = { query: `query Wrong($key: Key = "premium") { plan(key: $key) { internalNote } }` };
  // Costs more to look at than to answer.
  const long = { query: `{ rateLimit { remaining } } # ${"x".repeat(4_000)}` };
  const asked = [{ query: QUERY }, long, { query: QUERY, variables: { first: 40 } }, wrong, { query: QUERY, variables: { first: 7 } }];
  await withPair({ rateLimits: LIMITS }, [], {}, async ({ planned, plain }) => {
    const told: object[][] = [];
    for (const listener of [planned, plain]) {
      // Each gateway has a caller of its own, since gateways share what callers have left.
      const headers = withKey(await bearer(listener.app, "frontend"));
      const seen: object[] = [];
      for (let time = 0; time < 30; time++) {
        const { status, headers: got, body } = await listener.send({ ...json(asked[time % asked.length]), headers });
        seen.push({ status, ratelimit: got["ratelimit"], policy: got["ratelimit-policy"], cost: body.extensions, data: body.data });
      }
      told.push(seen);
    }
    expect(told[0]).toEqual(told[1]);
    expect(told[0]).toContainEqual(expect.objectContaining({ status: 429 }));
    expect(early(planned)).toBeGreaterThan(4);
  });
});

describe("where documents have to be trusted", () => {
  const trustedDocuments = new Map([[hashDocument(QUERY), QUERY]]);

  test("they are, by name or by text, and no others for who may not send any", async () => {
    const other = { query: "{ plans(first: 1) { totalCount } }" };
    const editor = withKey(await bearer(gateway.app, "admin"));
    await withPair({ trustedDocuments }, [{ query: QUERY }], {}, async ({ planned, plain }) => {
      // Planned, because somebody may send it.
      // A gateway that has just begun to listen for changes of keys forgets those that it knew.
      await expect
        .poll(async () => {
          const before = early(planned);
          expect((await planned.send({ ...json(other), headers: editor })).status).toBe(200);
          return early(planned) - before;
        })
        .toBe(1);
      const before = early(planned);
      for (const asking of [json({ documentId: hashDocument(QUERY) }), json({ query: QUERY }), json(other), { ...json(other), headers: editor }]) {
        expect(whatIsTold(await planned.send(asking))).toEqual(whatIsTold(await plain.send(asking)));
      }
      expect((await planned.send(json(other))).status).toBe(403);
      expect(early(planned) - before).toBe(3);
    });
  });
});
