import { expect, test } from "vitest";
import { taxRateOf, type Market } from "../../src/catalog/markets/market.js";
import { Decimal } from "../../src/kernel/decimal.js";

/** "key < parent: rate", the rate left out where a market gives none. */
function markets(...lines: readonly string[]): ReadonlyMap<string, Pick<Market, "key" | "parentKey" | "taxRate">> {
  return new Map(
    lines.map((line) => {
      const [, key = "", parentKey = null, rate] = /^([a-z]+)(?: < ([a-z]+))?(?:: (.+))?$/.exec(line) ?? [];
      return [key, { key, parentKey, taxRate: rate === undefined ? null : new Decimal(rate) }];
    }),
  );
}

const WORLD = markets("world", "europe < world: 20", "alps < europe: 8.1", "ch < alps", "li < alps: 7.7", "free < europe: 0", "campione < free", "us < world");

test.each`
  why                                                         | market        | rate
  ${"its own"}                                                | ${"europe"}   | ${"20"}
  ${"its own before that of its parent"}                      | ${"li"}       | ${"7.7"}
  ${"the nearest above, not one further up"}                  | ${"ch"}       | ${"8.1"}
  ${"a rate of nothing is a rate, and ends the search"}       | ${"free"}     | ${"0"}
  ${"a rate of nothing above ends the search too"}            | ${"campione"} | ${"0"}
  ${"none, where neither it nor a market above it gives one"} | ${"us"}       | ${null}
  ${"none for the root, whatever is below it"}                | ${"world"}    | ${null}
  ${"none for a market that is not there"}                    | ${"atlantis"} | ${null}
`("$market: $why", ({ market, rate }: { market: string; rate: string | null }) => {
  expect(taxRateOf(WORLD, market)?.toFixed() ?? null).toBe(rate);
});

test("markets within each other give none, and do not hang", () => {
  expect(taxRateOf(markets("a < b", "b < a"), "a")).toBeNull();
});
