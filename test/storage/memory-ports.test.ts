import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ListOrder, Page, PageRequest } from "../../src/kernel/page.js";
import type { MaybePromise } from "../../src/kernel/maybe-promise.js";
import { PgFeatureRepository } from "../../src/catalog/features/storage/pg-feature.repository.js";
import { ALL_IN_REACH } from "../../src/catalog/releases/reach.js";
import type { CatalogSight } from "../../src/catalog/releases/release.js";
import type { ReleaseStore } from "../../src/catalog/releases/storage/memory/release-store.js";
import type { CatalogRepositories } from "../../src/graphql/schema/resolvers.js";
import { INSTANTS, publishByChance, startMemoryWorld, type MemoryWorld } from "../support/memory-world.js";

const RELEASES = 7;
/** What the store began with; what comes after is brought to it one by one. */
const LOADED_AT = 2;
const RUNS = { numRuns: 400, seed: 7 };

let world: MemoryWorld;
let store: ReleaseStore;
let memory: CatalogRepositories;
beforeAll(async () => {
  world = await startMemoryWorld();
  ({ store, repositories: memory } = world.open());
  await publishByChance(world, 1, 1, LOADED_AT);
  for (let release = LOADED_AT; release <= RELEASES; release++) {
    if (release > LOADED_AT) await publishByChance(world, 1, release, release);
    expect(await store.bringTo(release)).toBe(release);
  }
}, 60_000);
afterAll(() => world.close());

const among = (values: readonly string[]) => fc.option(fc.subarray([...values, "nowhere"], { minLength: 0 }), { nil: null, freq: 2 });
const keys = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const PRICE_KEYS = ["pl0/m1/EUR/P1M/*/*/x", "pl1/m2/SEK/P1M/web/*/x", "pl2/m3/USD/P1Y/*/student/x"];
const instants = fc.constantFrom(...INSTANTS).chain((at) => fc.constantFrom(-1, 0, 1).map((more) => new Date(Date.parse(at) + more)));

const sights: fc.Arbitrary<CatalogSight> = fc.record({
  point: fc.record({ release: fc.integer({ min: LOADED_AT, max: RELEASES }), time: instants }),
  seesUpcoming: fc.boolean(),
  reach: fc.oneof(
    fc.constant(ALL_IN_REACH),
    fc.record({
      markets: fc.option(fc.subarray(keys("m", 6)), { nil: null }),
      products: fc.option(fc.subarray(["p0", "p1"]), { nil: null }),
      plans: fc.option(fc.subarray(keys("pl", 8)), { nil: null }),
    }),
  ),
});
const periods = fc.option(fc.subarray(["PAST", "CURRENT", "UPCOMING"] as const), { nil: null });

interface Listing {
  listKeys(filter: object, order: ListOrder<string>, page: PageRequest, sight: CatalogSight): MaybePromise<Page>;
  count(filter: object, sight: CatalogSight): MaybePromise<number>;
}

/** The lists of the API: their filters and orders. */
const LISTS: Readonly<Partial<Record<keyof CatalogRepositories, { readonly filter: fc.Arbitrary<object>; readonly orders: readonly string[] }>>> = {
  markets: {
    filter: fc.record({
      keys: among(keys("m", 6)),
      kinds: among(["COUNTRY", "GROUP"]).map(enums),
      parents: among(keys("m", 3)),
      currencies: among(["EUR", "SEK"]),
      countryCodes: among(["SE", "DE"]),
    }),
    orders: ["KEY", "NAME"],
  },
  products: { filter: fc.record({ keys: among(["p0", "p1"]) }), orders: ["KEY", "NAME"] },
  plans: {
    filter: fc.record({ keys: among(keys("pl", 8)), products: among(["p0", "p1"]), kinds: among(["BASE", "ADD_ON"]).map(enums) }),
    orders: ["RANK", "KEY", "NAME"],
  },
  features: {
    filter: fc.record({ keys: among(keys("f", 6)), kinds: among(["SWITCH", "CAP"]).map(enums), categories: among(["a", "b"]) }),
    orders: ["POSITION", "KEY", "NAME"],
  },
  entitlements: {
    filter: fc.record({
      plans: among(keys("pl", 8)),
      features: among(keys("f", 6)),
      markets: among(keys("m", 6)),
      everywhere: fc.option(fc.boolean(), { nil: null }),
    }),
    orders: ["KEY", "FEATURE"],
  },
  prices: {
    filter: fc.record({
      ...{
        keys: fc.option(fc.subarray(PRICE_KEYS), { nil: null, freq: 9 }),
        plans: among(keys("pl", 8)),
        markets: among(keys("m", 6)),
        currencies: among(["EUR", "SEK"]),
      },
      ...{ intervals: among(["P1M", "P1Y"]), channels: among(["web"]), segments: among(["student"]), models: among(["FLAT", "PACKAGE"]).map(enums), periods },
    }),
    orders: ["KEY", "EFFECTIVE_FROM", "AMOUNT"],
  },
  discounts: {
    filter: fc.record({
      ...{ keys: among(keys("d", 25)), plans: among(keys("pl", 8)), markets: among(keys("m", 6)), periods },
      ...{ benefits: among(["PERCENT", "AMOUNT"]).map(enums), activations: among(["AUTOMATIC", "CODE"]).map(enums) },
    }),
    orders: ["KEY", "NAME", "PRIORITY", "EFFECTIVE_FROM"],
  },
};

/** Prisma refuses words that an enum does not have; so does the schema, before. */
function enums(values: readonly string[] | null): readonly string[] | null {
  return values?.filter((value) => value !== "nowhere") ?? null;
}

describe.each(Object.keys(LISTS) as (keyof CatalogRepositories)[])("a list of %s", (concept) => {
  const { filter = fc.constant({}), orders = [] } = LISTS[concept] ?? {};
  const listing = (repositories: CatalogRepositories): Listing => repositories[concept] as unknown as Listing; // Each has its own filter and words.

  test("has the same pages and counts in memory, all the way through from either end", { timeout: 120_000 }, async () => {
    const order = fc.record({ field: fc.constantFrom(...orders), direction: fc.constantFrom("asc" as const, "desc" as const) });
    await fc.assert(
      fc.asyncProperty(
        filter,
        order,
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom("START" as const, "END" as const),
        sights,
        async (wanted, by, size, from, sight) => {
          let request: PageRequest = { size, from, beyond: null };
          for (let page = 0; page < 4; page++) {
            const { entities, ...stored } = await listing(world.stored).listKeys(wanted, by, request, sight);
            expect(entities).toEqual(await byKeys(world.stored[concept], stored.items, sight));
            expect(atOnce(listing(memory).listKeys(wanted, by, request, sight))).toEqual(stored);
            const last = from === "START" ? stored.items.at(-1) : stored.items[0];
            if (!last) break;
            request = { ...request, beyond: last.sortValues };
          }
          expect(atOnce(listing(memory).count(wanted, sight))).toBe(await listing(world.stored).count(wanted, sight));
        },
      ),
      RUNS,
    );
  });

  test("goes on after any cursor, and refuses the same ones", { timeout: 120_000 }, async () => {
    const texts = fc.oneof(
      fc.constantFrom("", "\0", "\ud800", "😀", "\ue000", "m3", "pl1", "d9", "0", "1000", "-1", "99999999999", INSTANTS[1], "2026-02-30", "p0"),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...orders),
        fc.array(texts, { minLength: 1, maxLength: 3 }),
        fc.constantFrom("START" as const, "END" as const),
        sights,
        async (field, beyond, from, sight) => {
          const ask = async (repositories: CatalogRepositories): Promise<unknown> => {
            try {
              const { items, hasNextPage, hasPreviousPage } = await listing(repositories).listKeys(
                {},
                { field, direction: "asc" },
                { size: 3, from, beyond },
                sight,
              );
              return { items, hasNextPage, hasPreviousPage };
            } catch (error) {
              return String(error);
            }
          };
          expect(await ask(memory)).toEqual(await ask(world.stored));
        },
      ),
      RUNS,
    );
  });
});

type Ask = (repositories: CatalogRepositories, sight: CatalogSight, some: { plans: string[]; markets: string[] }) => MaybePromise<unknown>;

/** What loaders ask for. Where the port promises no order, the answers are put in one. */
const ASKS: Readonly<Record<string, Ask>> = {
  "markets by key": ({ markets }, sight, some) => byKey(markets.findAll(some.markets, sight)),
  "markets by parent": ({ markets }, sight, some) => markets.listByParents(some.markets, sight),
  "products by key": ({ products }, sight) => byKey(products.findAll(["p1", "p0", "p9"], sight)),
  "features by key": ({ features }, { point }) => byKey(features.findAll(["f1", "f0", "f9"], point.release)),
  "plans by key": ({ plans }, sight, some) => byKey(plans.findAll(some.plans, sight)),
  "plans by product": ({ plans }, sight) => plans.listByProducts(["p0"], sight),
  "plans of products": async ({ plans }, { point }) => [...(await plans.listKeysOfProducts(["p0", "p1"], point.release))].sort(),
  "add-ons of a plan": ({ plans }, sight, some) => withoutKeys(plans.listAddOnOffers("planKey", some.plans.slice(0, 1), sight)),
  "plans of an add-on": ({ plans }, sight) => withoutKeys(plans.listAddOnOffers("addOnKey", ["pl5"], sight)),
  "entitlements by plan": ({ entitlements }, sight, some) => entitlements.listByPlans(some.plans, sight),
  "entitlements by key": ({ entitlements }, sight) => byKey(entitlements.findAll(["pl0/f0/*", "pl1/f1/m0", "pl2/f2/*", "pl3/f3/m3"], sight)),
  "prices by key": ({ prices }, sight) => byKey(prices.findAll(PRICE_KEYS, sight)),
  "prices in force": ({ prices }, sight, some) => prices.listInForce(some.plans, some.markets, sight),
  "versions of prices": ({ prices }, sight, some) => prices.listVersions(some.plans, some.markets, false, sight),
  "history of prices": ({ prices }, sight, some) => prices.listVersions(some.plans, some.markets, true, sight),
  "discounts by key": ({ discounts }, sight) => byKey(discounts.findAll(keys("d", 25), sight)),
  "automatic discounts": ({ discounts }, sight, some) => discounts.listAutomatic(some.plans, sight),
  "codes of a discount": ({ discounts }, { point }) => withoutKeys(discounts.listCodes(["d3"], point.release)),
  "codes by word": async ({ discounts }, { point }) => new Set(await discounts.findCodes(keys("CODE", 30), point.release)),
  "the policy of discounts": async ({ discounts }, { point }) => withoutKey(await discounts.findPolicy(point.release)),
  "the next boundary": ({ releases }, { point }) => releases.findNextBoundary(point.release, point.time),
  "a release": ({ releases }, { point }) => releases.findAll([point.release]),
  "a reign": ({ releases }, { point }) => releases.findReign(point.release),
  "a reign at a time": ({ releases }, { point }) => releases.findReignAt(point.time),
};

test.each(Object.entries(ASKS))("%s are the same in memory", { timeout: 120_000 }, async (_, ask) => {
  const some = fc.record({ plans: fc.subarray(keys("pl", 8), { minLength: 1 }), markets: fc.subarray(keys("m", 6), { minLength: 1 }) });
  await fc.assert(
    fc.asyncProperty(sights, some, async (sight, wanted) => {
      expect(await ask(memory, sight, wanted)).toEqual(await ask(world.stored, sight, wanted));
    }),
    { ...RUNS, numRuns: 150 },
  );
});

test("counts that are remembered are counted again when something comes into force or ends, and for another sight", async () => {
  const times = INSTANTS.flatMap((at) => [-1, 0, 1].map((more) => new Date(Date.parse(at) + more)));
  const reaches = [ALL_IN_REACH, { markets: ["m1", "m2", "m3"], products: null, plans: null }, { markets: ["m1", "m2", "m4"], products: null, plans: null }];
  for (const time of [...times, ...times.toReversed()]) {
    for (const reach of reaches) {
      for (const [release, seesUpcoming] of [
        [RELEASES, true],
        [RELEASES - 1, false],
      ] as const) {
        const sight: CatalogSight = { point: { release, time }, seesUpcoming, reach };
        for (const filter of [{}, { periods: ["UPCOMING", "PAST"] as const }, { currencies: ["EUR", "SEK"] }]) {
          expect(atOnce(memory.prices.count(filter, sight))).toBe(await world.stored.prices.count(filter, sight));
        }
      }
    }
  }
});

test("the tree of markets is the same in memory, and the same array for as long as it says the same", async () => {
  for (let release = LOADED_AT; release <= RELEASES; release++) {
    const tree = atOnce(memory.markets.listTree(release));
    const stored = await world.stored.markets.listTree(release);
    expect(tree.map(({ key, parentKey, currency, timeZone, taxRate }) => ({ key, parentKey, currency, timeZone, taxRate }))).toEqual(
      [...stored].sort((a, b) => (a.key < b.key ? -1 : 1)),
    );
    expect(memory.markets.listTree(release)).toBe(tree);
  }
  expect(memory.markets.listTree(RELEASES)).not.toBe(memory.markets.listTree(RELEASES - 1));
});

test("releases that are not in memory are read from the database, with the same answers", async () => {
  const sight: CatalogSight = { point: { release: 1, time: new Date(INSTANTS[2]) }, seesUpcoming: true, reach: ALL_IN_REACH };
  expect(store.covers(1)).toBe(false);
  const statements = await world.countStatements(async () => {
    const found = await memory.prices.listInForce(["pl0"], ["m1"], sight);
    expect(found).toEqual(await world.stored.prices.listInForce(["pl0"], ["m1"], sight));
  });
  expect(statements).toHaveLength(2);
});

/** What a page brings along is what loading by its keys would bring. */
async function byKeys(repository: CatalogRepositories[keyof CatalogRepositories], items: Page["items"], sight: CatalogSight): Promise<readonly unknown[]> {
  const { findAll } = repository as unknown as { findAll(keys: readonly string[], sight: unknown): MaybePromise<readonly { readonly key: string }[]> };
  const found = await findAll.call(
    repository,
    items.map(({ key }) => key),
    repository instanceof PgFeatureRepository ? sight.point.release : sight, // Features know no reach.
  );
  return items.map(({ key }) => found.find((entity) => entity.key === key));
}

/** What memory has is there at once: a promise would be asked of the database. */
function atOnce<T>(answer: MaybePromise<T>): T {
  if (answer instanceof Promise) throw new Error("this is not answered from memory");
  return answer;
}

async function byKey<T extends { readonly key: string }>(answer: MaybePromise<readonly T[]>): Promise<readonly T[]> {
  return [...(await answer)].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Rows of relations have keys in memory, which no port speaks of. */
async function withoutKeys(answer: MaybePromise<readonly object[]>): Promise<readonly object[]> {
  return (await answer).map(withoutKey);
}

function withoutKey(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== "key"));
}
