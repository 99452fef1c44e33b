import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permissionsOf, type CatalogReach } from "../../src/access/viewer.js";
import type { Role } from "../../src/access/permission.js";
import type { App } from "../../src/app.js";
import { startTestGateway, type Answer, type Caller, type Gateway } from "../support/api.js";
import { publish } from "../support/catalog.js";
import { everyRead } from "../support/every-read.js";
import { publishPartnerCatalog } from "../support/partner-catalog.js";
import { callerReaching } from "../support/reach.js";
import { ANNOUNCED, DEARER_AND_FEWER, SMALL_CATALOG } from "../support/small-catalog.js";
import { explore, type Universe } from "../support/universe.js";

const ENOUGH = { bytes: 64 * 1024 * 1024 };

interface Audience {
  readonly role: Role & ("anonymous" | "editor" | "partner" | "admin");
  readonly reach?: CatalogReach;
}

interface Case {
  readonly what: string;
  readonly template: "empty" | "reference";
  /** Publishes one release after the other; between them the gateway in memory is asked something, so that it takes each as a change. */
  readonly publish: (gateway: Gateway, step: () => Promise<void>) => Promise<void>;
  readonly market: string;
  readonly codes: readonly string[];
  readonly points: readonly string[];
  readonly instants: readonly string[];
  readonly audiences: readonly Audience[];
  /** Of many documents one in so many. */
  readonly oneIn?: number;
}

/** Basic comes back with another name, and a price and a discount are there again that had ended. */
const BACK_AGAIN = {
  "back.yaml": `
plans:
  - { key: basic, product: music, rank: 1, name: Basic again, entitlements: { offline: true } }
prices:
  - { plan: basic, market: se, currency: SEK, interval: P1M, amount: 49, from: 2026-01-01 }
`,
};
const OTHER = { "other.yaml": "products: [{ key: other, name: Other }]" };
const AUTOMATIC = `
discounts:
  - { key: standing, name: Standing, benefit: { percent: 10 }, duration: ONCE, activation: AUTOMATIC, when: { plans: [premium] }, from: 2026-01-01, until: 2026-12-01 }
`;

const CASES: readonly Case[] = [
  {
    what: "a small catalog whose plans end and come back",
    template: "empty",
    publish: async ({ database, clock }, step) => {
      for (const [at, files] of [
        ["2026-02-01T00:00:00Z", { ...SMALL_CATALOG, "more.yaml": AUTOMATIC }],
        ["2026-05-01T00:00:00Z", DEARER_AND_FEWER],
        ["2026-06-01T00:00:00Z", { ...OTHER, ...ANNOUNCED }],
        ["2026-07-01T00:00:00Z", BACK_AGAIN],
        ["2026-08-01T00:00:00Z", { "retire.yaml": "retire: { discounts: [standing, new-year], products: [other] }" }],
        ["2026-09-01T00:00:00Z", { ...ANNOUNCED, "more.yaml": AUTOMATIC }],
      ] as const) {
        clock.set(at);
        await publish(database, files, {}, clock);
        await step();
      }
    },
    market: "se",
    codes: ["NY27", "new-year"],
    points: ["{ release: 6 }", "{ release: 3 }", "{ release: 1 }", `{ time: "2026-05-15T00:00:00Z" }`, `{ release: 6, time: "2027-02-01T00:00:00Z" }`],
    instants: ["2026-11-30T23:59:59.999Z", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z", "2027-03-01T00:00:00.000Z"],
    audiences: [{ role: "anonymous" }, { role: "editor" }, { role: "partner", reach: { markets: ["se"], products: ["music"] } }],
  },
  {
    what: "a catalog of many markets for partners",
    template: "empty",
    publish: async (gateway, step) => {
      await publishPartnerCatalog(gateway);
      await step();
    },
    market: "se",
    codes: ["crossing-26", "announced-26"],
    points: ["{ release: 1 }", `{ time: "2026-04-15T00:00:00Z" }`],
    instants: ["2026-11-21T00:00:00.000Z"],
    audiences: [
      { role: "anonymous" },
      { role: "partner", reach: { markets: ["nordics", "us"], products: ["music", "snacks"] } },
      { role: "partner", reach: { markets: ["de"], products: null } },
      { role: "partner", reach: { markets: ["nowhere"], products: ["atlantis"] } },
    ],
  },
  {
    what: "the reference catalog",
    template: "reference",
    publish: (_, step) => step(),
    market: "se",
    codes: [],
    points: ["{ release: 1 }"],
    instants: ["2026-11-21T00:00:00.000Z"],
    audiences: [{ role: "anonymous" }, { role: "editor", reach: { markets: ["nordics"], products: ["music"] } }],
    oneIn: 23,
  },
];

/** The same is asked of two gateways over one database: one that holds the catalog in memory, shares what it made of it and writes by plans, and one that does not. */
for (const { what, template, instants, audiences, ...rest } of CASES) {
  describe(`with ${what} in memory every answer is the same as without`, () => {
    let stored: Gateway;
    let stop: () => Promise<void>;
    let inMemory: App;
    let universe: Universe;
    beforeAll(async () => {
      ({ gateway: stored, stop } = await startTestGateway(template));
      inMemory = await stored.open({ memory: ENOUGH, compiled: { documents: 2_000 } });
      await rest.publish(stored, async () => {
        await stored.through(inMemory).anonymous.query("{ catalogPoint { release { number } } }");
      });
      universe = await explore(await stored.as("admin"), stored.app.schema);
    }, 60_000);
    afterAll(async () => {
      await inMemory.close();
      await stop();
    });

    for (const now of instants) {
      test.for(audiences)(`to $role reaching $reach at ${now}`, { timeout: 300_000 }, async ({ role, reach }) => {
        stored.clock.set(now);
        const callers = await callersOf(stored, inMemory, role, reach);
        const { market, points, codes, oneIn = 1 } = rest;
        const reads = everyRead({ schema: stored.app.schema, universe, market, permissions: permissionsOf([role]), points, codes });
        for (const { field, document } of reads.filter((_, index) => index % oneIn === 0)) await expectSame(callers, document, `${role} ${field}`);
      });
    }
  });
}

async function callersOf(stored: Gateway, inMemory: App, role: Audience["role"], reach?: CatalogReach): Promise<readonly [Caller, Caller]> {
  const other = stored.through(inMemory);
  if (role === "anonymous") return [stored.anonymous, other.anonymous];
  if (!reach) return [await stored.as(role), await other.as(role)];
  const narrow = await callerReaching(stored, role, reach);
  return [narrow, other.withAuthorization(narrow.authorization)];
}

/** First graphql-js answers, then a plan, which then remembers what it wrote of objects that requests share. */
const TIMES = 3;

async function expectSame([stored, inMemory]: readonly [Caller, Caller], document: string, what: string): Promise<void> {
  const one = await stored.query(document);
  // Of a request that fails in part, some is not executed any more: how much depends on what failed first.
  const textOf = ({ text, errors }: Answer): string => (errors.length > 0 ? text.replace(/"actual":\d+/, "") : text);
  for (let time = 1; time <= TIMES; time++) {
    const other = await inMemory.query(document);
    expect(textOf(other), `${what}, time ${time} ${document}`).toBe(textOf(one));
    expect(other.status).toBe(one.status);
  }
  expect(one.text, document).not.toMatch(/INTERNAL|TOO_COSTLY/);
}

test("a pricing page is answered from memory: the database is only asked which release is current", async () => {
  const { gateway, stop } = await startTestGateway("reference");
  const inMemory = await gateway.open({ memory: ENOUGH });
  try {
    const page = `{ comparePlans(market: "se", product: "music") { features { feature { name } entitlements { value { __typename } } } plans { plan { name addOns { key } } prices { key amount { formatted } } } } prices(first: 20, filter: { markets: ["se"] }) { totalCount edges { node { plan { key } } } } }`;
    const before = await gateway.anonymous.query(page);
    const { result, statements } = await gateway.countStatements(() => gateway.through(inMemory).anonymous.query(page));
    expect(result.errors).toEqual([]);
    expect(result.text).toBe(before.text);
    expect(statements).toEqual(["select release from catalog_head"]);
  } finally {
    await inMemory.close();
    await stop();
  }
});
