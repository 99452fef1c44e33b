import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_DISCOUNT_POLICY } from "../../src/catalog/discounts/discount-policy.js";
import { PgDiscountRepository } from "../../src/catalog/discounts/storage/pg-discount.repository.js";
import { PgMarketRepository } from "../../src/catalog/markets/storage/pg-market.repository.js";
import { importWorld, type ImportWorld } from "./import-world.js";

const market = (key: string, more = ""): string => `  - { key: ${key}, kind: GROUP, name: Market, currency: EUR, timeZone: Europe/Paris${more} }\n`;
const markets = (...lines: readonly string[]): Record<string, string> => ({ "markets.yaml": `markets:\n${lines.join("")}` });
const policy = (choice: string, application: string): Record<string, string> => ({
  "policy.yaml": `policies:\n  - { key: discounts, choice: ${choice}, application: ${application} }\n`,
});

let world: ImportWorld;
beforeEach(async () => {
  world = await importWorld();
});
afterEach(() => world.stop());

describe("the tax rate of a market", () => {
  const rates = (): Promise<object[]> => world.query("select key, tax_rate, since_release, until_release from market order by key, since_release");

  test("is kept as it is written, from none to all of the price, and may be left out", async () => {
    await world.publish(markets(market("a", ", taxRate: 0"), market("b", ", taxRate: 100"), market("c", ", taxRate: 14.9425"), market("d", ", taxRate:")));
    expect(await world.query("select key, tax_rate from market order by key")).toEqual([
      { key: "a", tax_rate: "0.0000" },
      { key: "b", tax_rate: "100.0000" },
      { key: "c", tax_rate: "14.9425" },
      { key: "d", tax_rate: null },
    ]);
  });

  test("makes a release when it changes or is taken away, and none when it is only spelled otherwise", async () => {
    await world.publish(markets(market("a", ", taxRate: 25")));
    expect(await world.import(markets(market("a", ", taxRate: '25.00000'")))).toEqual({ outcome: "UNCHANGED", release: 1 });
    await world.publish(markets(market("a", ", taxRate: 25.5")));
    await world.publish(markets(market("a")));
    expect(await rates()).toEqual([
      { key: "a", tax_rate: "25.0000", since_release: 1n, until_release: 2n },
      { key: "a", tax_rate: "25.5000", since_release: 2n, until_release: 3n },
      { key: "a", tax_rate: null, since_release: 3n, until_release: null },
    ]);
  });

  test("comes with the whole tree of a release", async () => {
    await world.publish(markets(market("europe", ", taxRate: 20"), market("alps", ", parent: europe"), market("gone")));
    await world.publish({ ...markets(market("alps", ", parent: europe, taxRate: 8.1")), "retire.yaml": "retire: { markets: [gone] }\n" });
    const repository = new PgMarketRepository(world.database.pool, world.database.pool);
    const tree = async (release: number): Promise<object[]> =>
      (await repository.listTree(release)).map(({ taxRate, ...rest }) => ({ ...rest, taxRate: taxRate?.toFixed() ?? null })).sort(byKey);
    const said = { currency: "EUR", timeZone: "Europe/Paris" };
    expect(await tree(1)).toEqual([
      { key: "alps", parentKey: "europe", taxRate: null, ...said },
      { key: "europe", parentKey: null, taxRate: "20", ...said },
      { key: "gone", parentKey: null, taxRate: null, ...said },
    ]);
    expect(await tree(2)).toEqual([
      { key: "alps", parentKey: "europe", taxRate: "8.1", ...said },
      { key: "europe", parentKey: null, taxRate: "20", ...said },
    ]);
  });
});

describe("the policy of discounts", () => {
  const found = (release: number) => new PgDiscountRepository(world.database.pool, world.database.pool).findPolicy(release);
  const BEST = { choice: "BEST_FOR_CUSTOMER", application: "AMOUNT_FIRST" };

  test("is the default until a release says it, and what each release said after that", async () => {
    await world.publish(markets(market("a")));
    const { changes } = await world.publish(policy("BEST_FOR_CUSTOMER", "AMOUNT_FIRST"));
    expect(changes.policy).toEqual({ added: 1, changed: 0, ended: 0 });
    expect(await world.import(policy("BEST_FOR_CUSTOMER", "AMOUNT_FIRST"))).toEqual({ outcome: "UNCHANGED", release: 2 });
    await world.publish(policy("BEST_FOR_CUSTOMER", "PERCENT_FIRST"));
    expect(await Promise.all([0, 1, 2, 3].map(found))).toEqual([
      DEFAULT_DISCOUNT_POLICY,
      DEFAULT_DISCOUNT_POLICY,
      BEST,
      { ...BEST, application: "PERCENT_FIRST" },
    ]);
  });

  test("stays when no file names it, and is retired by its key", async () => {
    await world.publish(policy("BEST_FOR_CUSTOMER", "AMOUNT_FIRST"));
    await world.publish(markets(market("a")));
    expect(await found(2)).toEqual(BEST);
    const retiring = { "retire.yaml": "retire: { policies: [discounts] }\n" };
    expect((await world.publish(retiring)).changes.policy).toEqual({ added: 0, changed: 0, ended: 1 });
    expect(await Promise.all([2, 3].map(found))).toEqual([BEST, DEFAULT_DISCOUNT_POLICY]);
    expect(await world.import(retiring)).toEqual({ outcome: "UNCHANGED", release: 3 });
  });

  test("ends with --replace when the files do not name it", async () => {
    await world.publish(policy("BEST_FOR_CUSTOMER", "AMOUNT_FIRST"));
    expect((await world.publish(markets(market("a")), { replace: true })).changes.policy.ended).toBe(1);
    expect(await found(2)).toEqual(DEFAULT_DISCOUNT_POLICY);
  });
});

test("with one bad rate or policy nothing of the files is written", async () => {
  const good = policy("BEST_FOR_CUSTOMER", "AMOUNT_FIRST");
  expect(await world.refuse({ ...good, ...markets(market("a"), market("b", ", taxRate: 101")) })).toEqual([
    "markets.yaml:3 NUMBER_OUT_OF_RANGE markets[1].taxRate",
  ]);
  expect(await world.refuse({ ...policy("BEST", "AMOUNT_FIRST"), ...markets(market("a", ", taxRate: 20")) })).toEqual([
    "policy.yaml:2 CHOICE_UNKNOWN policies[0].choice",
  ]);
  expect(await world.content()).toEqual([]);
  expect(await world.query("select * from release")).toEqual([]);
});

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : 1;
}
