import { describe, expect, test } from "vitest";
import { withinReach, type PredicateResult } from "../../src/catalog/discounts/discount-eligibility.js";
import { marketsInReach } from "../../src/catalog/markets/market.js";
import { ALL_IN_REACH, coversReach } from "../../src/catalog/releases/reach.js";

const TREE = new Map(
  Object.entries({ world: null, europe: "world", nordics: "europe", se: "nordics", no: "nordics", de: "europe", island: null }).map(
    ([key, parentKey]): [string, { key: string; parentKey: string | null }] => [key, { key, parentKey }],
  ),
);

test.each`
  why                                      | named               | reached
  ${"a country brings those above it"}     | ${["se"]}           | ${"europe nordics se world"}
  ${"a group brings those below it, too"}  | ${["nordics"]}      | ${"europe no nordics se world"}
  ${"the top brings all that is below it"} | ${["world"]}        | ${"de europe no nordics se world"}
  ${"several bring what each does, once"}  | ${["de", "island"]} | ${"de europe island world"}
  ${"a key of no market brings nothing"}   | ${["atlantis"]}     | ${""}
  ${"nothing brings nothing"}              | ${[]}               | ${""}
`("$why", ({ named, reached }: { named: string[]; reached: string }) => {
  expect(marketsInReach(TREE, named).sort().join(" ")).toBe(reached);
});

describe("a reach covers another", () => {
  const music = { markets: null, products: ["music"], plans: ["basic", "premium"] };
  test.each`
    why                                   | reach                             | other                                  | covers
    ${"everything covers everything"}     | ${ALL_IN_REACH}                   | ${ALL_IN_REACH}                        | ${true}
    ${"everything covers a part"}         | ${ALL_IN_REACH}                   | ${music}                               | ${true}
    ${"a part does not cover everything"} | ${music}                          | ${ALL_IN_REACH}                        | ${false}
    ${"a part covers itself"}             | ${music}                          | ${music}                               | ${true}
    ${"a part covers less"}               | ${music}                          | ${{ ...music, markets: ["se"] }}       | ${true}
    ${"and not more"}                     | ${{ ...music, markets: ["se"] }}  | ${{ ...music, markets: ["de", "se"] }} | ${false}
    ${"nor more plans of its products"}   | ${{ ...music, plans: ["basic"] }} | ${music}                               | ${false}
  `("$why", ({ reach, other, covers }) => {
    expect(coversReach(reach, other)).toBe(covers);
  });
});

test("of conditions only what is within reach is named", () => {
  const found = (predicate: PredicateResult["predicate"], required: string): PredicateResult => ({ predicate, line: null, required, actual: "se", held: true });
  const told = withinReach([found("MARKET", "de or nordics or se"), found("PLAN", "cinema or premium"), found("SEGMENT", "de or us")], {
    markets: ["nordics", "se"],
    plans: ["premium"],
  });
  expect(told.map(({ required }) => required)).toEqual(["nordics or se", "premium", "de or us"]);
});
