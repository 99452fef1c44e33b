import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ALL_IN_REACH } from "../../src/catalog/releases/reach.js";
import type { CatalogSight } from "../../src/catalog/releases/release.js";
import type { ReleaseStore } from "../../src/catalog/releases/storage/memory/release-store.js";
import type { CatalogRepositories } from "../../src/graphql/schema/resolvers.js";
import { drawRows, INSTANTS, publishByChance, publishRows, startMemoryWorld, type MemoryWorld } from "../support/memory-world.js";

const PAGE = { size: 100, from: "START", beyond: null } as const;
const BY_KEY = { field: "KEY", direction: "asc" } as const;

let world: MemoryWorld;
let store: ReleaseStore;
let memory: CatalogRepositories;
beforeAll(async () => {
  world = await startMemoryWorld();
  await publishByChance(world, 3, 1, 2);
});
afterAll(() => world.close());
beforeEach(async () => {
  ({ store, repositories: memory } = world.open());
  await store.bringTo(await head());
});

/** Something of everything that a release says, read as its editor. */
async function everything(repositories: CatalogRepositories, release: number): Promise<unknown> {
  const sight: CatalogSight = { point: { release, time: new Date(INSTANTS[2]) }, seesUpcoming: true, reach: ALL_IN_REACH };
  const all = { periods: ["PAST", "CURRENT", "UPCOMING"] } as const;
  const { markets, products, plans, features, entitlements, prices, discounts } = repositories;
  const said: readonly unknown[] = await Promise.all([
    ...[markets.listKeys({}, { field: "NAME", direction: "asc" }, PAGE, sight), products.listKeys({}, BY_KEY, PAGE, sight)],
    ...[plans.listByProducts(["p0"], sight), plans.listKeys({}, BY_KEY, PAGE, sight)],
    ...[features.listKeys({}, { field: "NAME", direction: "desc" }, PAGE, sight), entitlements.listByPlans(["pl0", "pl1"], sight)],
    ...[
      prices.listKeys(all, { field: "AMOUNT", direction: "asc" }, PAGE, sight),
      prices.count(all, sight),
      prices.listVersions(["pl0"], ["m1", "m2"], false, sight),
    ],
    ...[
      discounts.listKeys(all, { field: "PRIORITY", direction: "asc" }, PAGE, sight),
      discounts.listAutomatic(["pl1"], sight),
      discounts.findAll(["d3"], sight),
    ],
  ]);
  // From the database what stands on a page comes along with its keys; that it is the right thing is shown in memory-ports.test.ts.
  return said.map((answer) => (typeof answer === "object" && answer !== null && "entities" in answer ? { ...answer, entities: undefined } : answer));
}

async function head(): Promise<number> {
  return world.stored.releases.getHead();
}

/** Another release of what chance drew. */
async function publishNext(): Promise<number> {
  const next = (await head()) + 1;
  await publishByChance(world, 3, next, next);
  return next;
}

/** Holds the prices so that nobody can read them while `body` runs: whoever loads a release stops there, with much of it read. */
async function whilePricesAreLocked(body: () => Promise<void>): Promise<void> {
  await world.database.withLongClient(async (client) => {
    await client.query("begin; lock table price in access exclusive mode");
    await body();
    await client.query("rollback");
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}

/** Loads that wait for the prices; nobody else of whom the database has some at work. */
const WAITING = `from pg_locks join pg_stat_activity using (pid)
  where relation = 'price'::regclass and not granted and datname = current_database() and application_name = 'catalog-gateway (releases)'`;

async function countWaiting(): Promise<number> {
  const { rows } = await world.database.pool.query(`select pid ${WAITING}`);
  return rows.length;
}

async function killLoads(): Promise<void> {
  await world.database.pool.query(`select pg_terminate_backend(pid, 5000) ${WAITING}`);
}

test("a release is seen when it was brought, and the one before still answers as before", async () => {
  const before = await head();
  const old = await everything(memory, before);
  const next = await publishNext();
  expect(store.covers(next)).toBe(false);
  expect(await store.bringTo(next)).toBe(next);
  expect(await everything(memory, next)).toEqual(await everything(world.stored, next));
  expect(await everything(memory, next)).not.toEqual(old);
  expect(await everything(memory, before)).toEqual(old);
  expect(await world.countStatements(() => Promise.all([everything(memory, next), everything(memory, before)]))).toEqual([]);
});

test("several releases at once are brought as one by one", async () => {
  const from = await head();
  const last = (await publishNext(), await publishNext(), await publishNext());
  expect(await store.bringTo(last)).toBe(last);
  for (let release = from; release <= last; release++) expect(await everything(memory, release)).toEqual(await everything(world.stored, release));
});

test("while a release is brought, readers see the one before, whole", async () => {
  const before = await head();
  const old = await everything(memory, before);
  const next = await publishNext();
  await whilePricesAreLocked(async () => {
    const bringing = store.bringTo(next);
    await until(async () => (await countWaiting()) > 0);
    expect(store.covers(next)).toBe(false);
    expect(await world.countStatements(async () => expect(await everything(memory, before)).toEqual(old))).toEqual([]);
    void bringing.catch(() => undefined);
    await killLoads();
    // The connection had been kept, so it is tried again on a fresh one.
    await until(async () => (await countWaiting()) > 0);
    await killLoads();
    await expect(bringing).rejects.toThrow();
  });
  // Much of it had been read when it failed. That is neither seen nor in the way.
  expect(store.covers(next)).toBe(false);
  expect(await everything(memory, before)).toEqual(old);
  expect(await store.bringTo(next)).toBe(next);
  expect(await everything(memory, next)).toEqual(await everything(world.stored, next));
  expect(await everything(memory, before)).toEqual(old);
});

test("at every turn of the event loop readers see the whole old release or the whole new one", async () => {
  const before = await head();
  // With a turn between any two steps.
  const { store: slow, repositories } = world.open({ sliceMs: 0 });
  await slow.bringTo(before);
  const old = await everything(repositories, before);
  const next = await publishNext();
  const bringing = slow.bringTo(next);
  let looks = 0;
  const concepts = Object.values(repositories).filter((repository) => repository.isAtHand);
  expect(concepts).toHaveLength(7);
  for (let turns = 0; !slow.covers(next); turns++) {
    expect(concepts.filter((repository) => repository.isAtHand?.(next))).toEqual([]);
    if (turns % 20 === 0) {
      expect(await everything(repositories, before)).toEqual(old);
      looks++;
    }
    await turn();
  }
  expect(await everything(repositories, next)).toEqual(await everything(world.stored, next));
  await bringing;
  expect(await everything(repositories, before)).toEqual(old);
  expect(looks).toBeGreaterThan(20);
});

test("who asks at once shares one load", async () => {
  const next = await publishNext();
  const statements = await world.countStatements(() => Promise.all(Array.from({ length: 20 }, () => store.bringTo(next))));
  expect(statements.filter((text) => text.startsWith("begin"))).toHaveLength(1);
});

test("who asks for a release that was published during a load is not put off with that load", async () => {
  const first = await publishNext();
  await whilePricesAreLockedThen(() => store.bringTo(first));
  const second = await publishNext();
  expect(await Promise.all([store.bringTo(second), store.bringTo(second)])).toEqual([second, second]);
});

/** The load that `body` begins goes on when the prices are free again. */
async function whilePricesAreLockedThen(body: () => Promise<unknown>): Promise<void> {
  let load: Promise<unknown> = Promise.resolve();
  await whilePricesAreLocked(async () => {
    load = body();
    await until(async () => (await countWaiting()) > 0);
  });
  await load;
}

describe("the connection that releases are read over", () => {
  const KEPT = `from pg_stat_activity where application_name = 'catalog-gateway (releases)' and datname = current_database()`;
  const pids = async (): Promise<number[]> => (await world.database.pool.query<{ pid: number }>(`select pid ${KEPT}`)).rows.map(({ pid }) => pid);

  test("is kept from one release to the next", async () => {
    const before = await pids();
    expect(before).toHaveLength(1);
    await store.bringTo(await publishNext());
    expect(await pids()).toEqual(before);
  });

  test("is made again after the database ended it while nobody used it", async () => {
    const before = await pids();
    const next = await publishNext();
    await world.database.pool.query(`select pg_terminate_backend(pid, 5000) ${KEPT}`);
    expect(await store.bringTo(next)).toBe(next);
    expect(await everything(memory, next)).toEqual(await everything(world.stored, next));
    expect(await pids()).not.toEqual(before);
  });

  test("is made again after the database ended it while a release was read", async () => {
    const next = await publishNext();
    let bringing: Promise<number> = Promise.resolve(0);
    await whilePricesAreLocked(async () => {
      bringing = store.bringTo(next);
      await until(async () => (await countWaiting()) > 0);
      await killLoads();
    });
    expect(await bringing).toBe(next);
    expect(await everything(memory, next)).toEqual(await everything(world.stored, next));
  });
});

test("a release that does not exist is not waited for", async () => {
  expect(await store.bringTo((await head()) + 5)).toBe(await head());
});

test("only the latest releases stay, and what others had is forgotten", async () => {
  const first = await head();
  const bytes = store.bytes;
  for (let count = 0; count < 20; count++) {
    await publishRows(world, INSTANTS[0], { product: [{ ...product("p0"), name: `Name ${count}` }], price: [price(count)] });
    await store.bringTo(await head());
  }
  const last = await head();
  expect([store.covers(last), store.covers(last - 15), store.covers(last - 16), store.covers(first)]).toEqual([true, true, false, false]);
  for (const release of [last, last - 15, last - 16]) expect(await everything(memory, release)).toEqual(await everything(world.stored, release));
  // Of 20 changed products and prices, 16 are at hand, and one of each was there before.
  expect(store.bytes - bytes).toBeLessThan(16 * 3_000);
});

const product = (key: string) => ({ ...drawRows(1).product[0], key, name: "", name_translations: {}, description: "", description_translations: {} });
const price = (count: number) => {
  const [drawn] = drawRows(1).price;
  if (!drawn) throw new Error("chance drew no price");
  return {
    ...drawn,
    key: "pl0/m1/NOK/P1M/*/*/x",
    plan_key: "pl0",
    market_key: "m1",
    currency: "NOK",
    interval: "P1M",
    channel: null,
    segment: null,
    amount_minor: String(count),
  };
};

describe("what does not fit", () => {
  test("is read from the database, and told", async () => {
    const left: string[] = [];
    const small = world.open({ bytes: 60_000, onLeft: (table) => left.push(table) });
    await small.store.bringTo(await head());
    expect(left).toContain("price");
    expect(left).not.toContain("market");
    expect(await everything(small.repositories, await head())).toEqual(await everything(world.stored, await head()));
    expect(small.repositories.prices.isAtHand?.(await head())).toBe(false);
    expect(small.repositories.markets.isAtHand?.(await head())).toBe(true);
    expect(small.store.bytes).toBeLessThanOrEqual(60_000);
  });

  test("any more is left when it has grown too large", async () => {
    const left: string[] = [];
    const growing = world.open({ bytes: store.bytes + 5_000, onLeft: (table) => left.push(table) });
    await growing.store.bringTo(await head());
    expect(left).toEqual([]);
    const next = await publishNext();
    await growing.store.bringTo(next);
    expect(left).not.toEqual([]);
    expect(await everything(growing.repositories, next)).toEqual(await everything(world.stored, next));
    expect(growing.store.bytes).toBeLessThanOrEqual(store.bytes + 5_000);
  });
});
