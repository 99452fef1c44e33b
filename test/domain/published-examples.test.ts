import { expect, test } from "vitest";
import { applyDiscounts, inOrderOfApplication } from "../../src/catalog/discounts/discount-application.js";
import { chooseDiscounts } from "../../src/catalog/discounts/discount-choice.js";
import type { DiscountPolicy } from "../../src/catalog/discounts/discount-policy.js";
import type { DiscountBenefit } from "../../src/catalog/discounts/discount.js";
import { amountOf } from "../../src/catalog/prices/price-amount.js";
import type { PriceVersion } from "../../src/catalog/prices/price-resolution.js";
import type { Tier } from "../../src/catalog/prices/price.js";
import { aDiscount, amount, aPrice, dec, percent } from "../support/quotes.js";

/** Worked examples from the public manuals of other systems, in our words. Where one of them goes by another policy, that is said. */

const tier = (upTo: number | null, rate: string, flatFeeMinor = 0n): Tier => ({ upTo: upTo === null ? null : dec(upTo), unitRate: dec(rate), flatFeeMinor });
const fonts = [tier(5, "7"), tier(10, "6.5"), tier(null, "6")];
const volume = { model: "VOLUME", amountMinor: 0n, tiers: fonts };
const graduated = { model: "GRADUATED", amountMinor: 0n, tiers: fonts };
const calls = { model: "PACKAGE", amountMinor: 0n, unitRate: dec(5), packageSize: dec(100), freeUnits: dec(100) };
const tokens = { model: "PACKAGE", amountMinor: 0n, unitRate: dec("1.25"), packageSize: dec(1_000_000) };

test.each`
  system         | what                                | price                                | units        | costs
  ${"Stripe"}    | ${"volume, within the first tier"}  | ${volume}                            | ${1}         | ${"7"}
  ${"Stripe"}    | ${"volume, the end of it"}          | ${volume}                            | ${5}         | ${"35"}
  ${"Stripe"}    | ${"volume, one more"}               | ${volume}                            | ${6}         | ${"39"}
  ${"Stripe"}    | ${"volume, the last tier"}          | ${volume}                            | ${20}        | ${"120"}
  ${"Stripe"}    | ${"volume, further on"}             | ${volume}                            | ${25}        | ${"150"}
  ${"Stripe"}    | ${"graduated, the first tier"}      | ${graduated}                         | ${5}         | ${"35"}
  ${"Stripe"}    | ${"graduated, one more"}            | ${graduated}                         | ${6}         | ${"41.5"}
  ${"Stripe"}    | ${"graduated, the last tier"}       | ${graduated}                         | ${20}        | ${"127.5"}
  ${"Stripe"}    | ${"graduated, further on"}          | ${graduated}                         | ${25}        | ${"157.5"}
  ${"Lago"}      | ${"packages after the free units"}  | ${calls}                             | ${201}       | ${"10"}
  ${"Lago"}      | ${"packages, all of it free"}       | ${calls}                             | ${100}       | ${"0"}
  ${"Chargebee"} | ${"a begun package"}                | ${tokens}                            | ${10}        | ${"1.25"}
  ${"Chargebee"} | ${"a full package"}                 | ${tokens}                            | ${1_000_000} | ${"1.25"}
  ${"Chargebee"} | ${"a package and a half"}           | ${tokens}                            | ${1_500_000} | ${"2.5"}
  ${"ours"}      | ${"no use, no package"}             | ${tokens}                            | ${0}         | ${"0"}
  ${"Chargebee"} | ${"no use, one package: a minimum"} | ${{ ...tokens, minimumMinor: 125n }} | ${0}         | ${"1.25"}
`("$system: $what: $units cost $costs", ({ price, units, costs }: { price: Partial<PriceVersion>; units: number; costs: string }) => {
  expect(amountOf(aPrice({ currency: "USD", ...price }), dec(units)).exact.toFixed()).toBe(costs);
});

/** What is left of lines, in cents, for each of the two orders of application. */
function left(lines: readonly bigint[], benefits: readonly DiscountBenefit[], application: DiscountPolicy["application"]): readonly bigint[] {
  const discounts = benefits.map((benefit, index) => ({ discount: aDiscount(`d${index}`, benefit), lines: lines.map((_line, at) => at) }));
  return applyDiscounts(lines, inOrderOfApplication(discounts, { choice: "IN_PRIORITY_ORDER", application }), "EUR").amounts;
}

test.each`
  system             | what                                       | lines             | benefits                        | application        | rest
  ${"Recurly"}       | ${"10 % and 20 off 100, percents first"}   | ${[10000n]}       | ${[percent(10), amount(2000n)]} | ${"PERCENT_FIRST"} | ${[7000n]}
  ${"Recurly"}       | ${"10 % and 20 off 100, amounts first"}    | ${[10000n]}       | ${[percent(10), amount(2000n)]} | ${"AMOUNT_FIRST"}  | ${[7200n]}
  ${"ours"}          | ${"15 off two lines of 10: in proportion"} | ${[1000n, 1000n]} | ${[amount(1500n)]}              | ${"PERCENT_FIRST"} | ${[250n, 250n]}
  ${"commercetools"} | ${"30 % off 259.99"}                       | ${[25999n]}       | ${[percent(30)]}                | ${"PERCENT_FIRST"} | ${[18199n]}
  ${"commercetools"} | ${"stacking: and 10 % of what is left"}    | ${[25999n]}       | ${[percent(30), percent(10)]}   | ${"PERCENT_FIRST"} | ${[16379n]}
`(
  "$system: $what",
  ({ lines, benefits, application, rest }: { lines: bigint[]; benefits: DiscountBenefit[]; application: DiscountPolicy["application"]; rest: bigint[] }) => {
    expect(left(lines, benefits, application)).toEqual(rest);
  },
);

test("commercetools: of two that do not stack the better deal", () => {
  const stacking = { group: "deal" };
  const discounts = [aDiscount("cart", percent(10), { stacking: { ...stacking, priority: 9 } }), aDiscount("product", percent(30), { stacking })];
  const recurring = { amounts: [25999n], cadences: [null], currency: "EUR" };
  const given = discounts.map((discount) => ({ discount, lines: [0] }));
  const { chosen } = chooseDiscounts(given, recurring, { choice: "BEST_FOR_CUSTOMER", application: "PERCENT_FIRST" });
  expect(chosen.map(({ discount }) => discount.key)).toEqual(["product"]);
});
