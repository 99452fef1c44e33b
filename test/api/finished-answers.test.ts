import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Role } from "../../src/access/permission.js";
import { permissionsOf, type CatalogReach } from "../../src/access/viewer.js";
import { startTestGateway, type Gateway } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { everyRead } from "../support/every-read.js";
import { authorizationOf, EVERY_LAYER, listening, untilKept, whatIsTold, withKey, type Listening, type Reply } from "../support/finished.js";
import { callerReaching } from "../support/reach.js";
import { ANNOUNCED, DEARER_AND_FEWER, SMALL_CATALOG } from "../support/small-catalog.js";
import { explore, type Universe } from "../support/universe.js";

const PLANS = "{ plans(first: 10) { totalCount edges { node { key name } } } }";
const POINTS = ["{ release: 2 }", `{ time: "2027-02-01T00:00:00Z" }`, "{ release: 9 }"];
/** Fields of Query whose answers are of one caller, of live data, or may be of either. */
const NEVER_KEPT: ReadonlySet<string> = new Set([
  ...["node", "nodes", "quote", "explainPrice", "apiKeys", "rateLimit", "quoteSigningKeys", "storedQuote", "replayQuote", "customer", "codeReport"],
]);

interface Audience {
  readonly role: Role;
  readonly reach?: CatalogReach;
}

const AUDIENCES: readonly Audience[] = [
  { role: "anonymous" },
  { role: "frontend" },
  { role: "editor" },
  { role: "partner", reach: { markets: ["se"], products: ["music"] } },
  { role: "customer" },
];

let gateway: Gateway;
let stop: () => Promise<void>;
let kept: Listening;
let plain: Listening;
/** Answers by plans, and keeps nothing. */
let planned: Listening;
let universe: Universe;

beforeAll(async () => {
  ({ gateway, stop } = await startTestGateway("empty"));
  for (const [at, files] of [
    ["2026-02-01T00:00:00Z", SMALL_CATALOG],
    ["2026-05-01T00:00:00Z", DEARER_AND_FEWER],
    ["2026-06-01T00:00:00Z", ANNOUNCED],
  ] as const) {
    gateway.clock.set(at);
    await publish(gateway.database, files, {}, gateway.clock);
  }
  gateway.clock.set("2026-11-21T00:00:00Z");
  [kept, plain] = [await listening(gateway), await listening(gateway, {})];
  planned = await listening(gateway, { ...EVERY_LAYER, memory: null, finishedAnswers: null });
  universe = await explore(await gateway.as("admin"), gateway.app.schema);
}, 60_000);

afterAll(async () => {
  await kept.close();
  await plain.close();
  await planned.close();
  await stop();
});

async function headersOf({ role, reach }: Audience): Promise<Record<string, string>> {
  if (!reach || role === "anonymous" || role === "customer") return withKey(await authorizationOf(gateway, role));
  return { authorization: (await callerReaching(gateway, role, reach)).authorization };
}

/** Whether the same answer is good for everybody who may see as much, until something is published or begins. */
function isForOthers(field: string, document: string, { status, body }: Reply): boolean {
  // What is used up of a discount is live.
  return status === 200 && !body.errors && !NEVER_KEPT.has(field) && !document.includes(" uses {") && !(field === "catalogPoint" && / time\b/.test(document));
}

describe("every read is answered the same from what is kept", () => {
  test.for(AUDIENCES)("to $role reaching $reach", { timeout: 300_000 }, async (audience) => {
    const headers = await headersOf(audience);
    const asked = { schema: gateway.app.schema, universe, market: "se", points: POINTS, codes: ["NY27"] };
    // Everyone also asks for what only others may read.
    const all = [
      ...everyRead({ ...asked, permissions: permissionsOf([audience.role]) }).filter((_, at) => audience.role === "anonymous" || at % 2 === 0),
      ...everyRead({ ...asked, permissions: permissionsOf(["admin"]) }).filter((_, at) => at % 5 === 0),
    ];
    const reads = [...new Map(all.map((read) => [read.document, read])).values()];
    const keptFields = new Set<string>();
    for (const [index, { field, document }] of reads.entries()) {
      const method = index % 4 === 0 && document.length < 5_000 ? "GET" : "POST";
      const expected = await plain.send({ method, query: document, headers });
      const before = kept.counts();
      for (let time = 1; time <= 4; time++) {
        const reply = await kept.send({ method, query: document, headers });
        const see = (one: Reply): object => whatIsTold(one, method === "GET" ? ["cache-control", "etag", "age", "vary"] : []);
        // Of a request that fails in part, some is not executed any more: how much depends on what failed first.
        if (expected.body.errors) expect(reply.status).toBe(expected.status);
        else expect(see(reply), `${field}, time ${time}: ${method} ${document}`).toEqual(see(expected));
        const byPlan = await planned.send({ method, query: document, headers });
        if (expected.body.errors) expect(byPlan.status).toBe(expected.status);
        else expect(see(byPlan), `by plan, ${field}, time ${time}: ${method} ${document}`).toEqual(see(expected));
      }
      const after = kept.counts();
      const isKept = isForOthers(field, document, expected);
      // A caller that is new to the gateway goes the long way once more.
      const hits = isKept ? [1, 2] : [0];
      expect({ kept: after.kept - before.kept, hits: hits.includes(after.hits - before.hits) }, `${field}: ${document}`).toEqual({
        kept: isKept ? 1 : 0,
        hits: true,
      });
      if (isKept) keptFields.add(field);
    }
    expect(keptFields.size).toBeGreaterThan(12);
    expect(planned.app.compiled?.early).toBeGreaterThan(reads.length);
  });
});

test.for([
  "{ catalogPoint { time release { number } } }",
  "{ plans(first: 1) { totalCount } rateLimit { remaining } }",
  "{ __schema { queryType { name } } plans(first: 1) { totalCount } }",
  "{ __typename }",
  `{ nodes(ids: []) { id } }`,
  `{ plans(first: 1) { totalCount } p: plan(key: "premium") { ...Q } } fragment Q on Plan { internalNote }`,
])("is never kept: %s", async (query) => {
  const before = kept.counts();
  for (let time = 1; time <= 4; time++) expect((await kept.post(query)).status).toBeLessThan(500);
  expect({ ...kept.counts(), misses: 0 }).toEqual({ ...before, misses: 0 });
});

describe("who may have an answer that is kept", () => {
  /** How often asking was answered from what is kept. */
  const hitsOf = async (query: string, headers: Record<string, string>): Promise<number> => {
    const before = kept.counts().hits;
    expect((await kept.post(query, headers)).status).toBe(200);
    return kept.counts().hits - before;
  };

  test("another key of the same role has, others have not", async () => {
    const query = `${PLANS} # shared by a role`;
    const key = (audience: Audience): Promise<Record<string, string>> => headersOf(audience);
    const one = await key({ role: "editor" });
    await untilKept(kept, () => kept.post(query, one));
    const another = await key({ role: "editor" });
    // The first time a key is shown it goes the long way.
    await hitsOf("{ release { number } }", another);
    expect(await hitsOf(query, another)).toBe(1);
    for (const other of [
      {},
      await key({ role: "frontend" }),
      await key({ role: "editor", reach: { markets: ["nordics"], products: null } }),
      await key({ role: "customer" }),
    ]) {
      await hitsOf("{ release { number } }", other);
      expect(await hitsOf(query, other)).toBe(0);
    }
  });

  test("what one role may read, another is refused, also where it is kept", async () => {
    const query = `{ plan(key: "premium") { internalNote } }`;
    const editor = await headersOf({ role: "editor" });
    await untilKept(kept, () => kept.post(query, editor));
    for (const other of [{}, await headersOf({ role: "frontend" })]) {
      for (let time = 1; time <= 3; time++) expect((await kept.post(query, other)).body.errors).toHaveLength(1);
    }
  });

  test("a key that was revoked, or a credential that never was one, is refused", async () => {
    const { key, record } = await gateway.app.apiKeys.create({ name: "soon revoked", role: "frontend", expiresAt: null });
    const headers = { authorization: `Bearer ${key}` };
    await untilKept(kept, () => kept.post(PLANS, headers));
    await kept.app.apiKeys.revoke(record.id);
    for (const authorization of [headers.authorization, `Bearer ${key}x`, "Bearer nonsense", "Basic eDp4", ""]) {
      const [one, other] = [await kept.post(PLANS, { authorization }), await plain.post(PLANS, { authorization })];
      expect(one.status, authorization).toBe(401);
      expect(whatIsTold(one)).toEqual(whatIsTold(other));
    }
  });
});
