import { expect, test } from "vitest";
import type { DiscountConditions } from "../../src/catalog/discounts/discount.js";
import { checkEligibility, type Cart, type Exhaustion } from "../../src/catalog/discounts/discount-eligibility.js";
import { aDiscount, amount, day, dec, NOW, percent } from "../support/quotes.js";

type Said = Parameters<typeof aDiscount>[2];

const CART: Cart = {
  ...{ currency: "EUR", marketPath: ["se", "nordics", "world"], channel: "web", segments: ["student"], isNewCustomer: true, at: NOW },
  lines: [
    { planKey: "premium", interval: "P1M", quantity: dec(1) },
    { planKey: "seats", interval: "P1Y", quantity: dec("2.5") },
  ],
};

const when = (conditions: Partial<DiscountConditions>): Said => ({ conditions });
const from = (text: string, until: string | null = null): Said => ({ effective: { from: day(text), until: until === null ? null : day(until) } });
const budget = (currency: string): Said => ({ limits: { budget: { amountMinor: 100n, currency } } });

test.each`
  why                                            | said                                                 | cart                        | lines     | failed
  ${"no conditions"}                             | ${{}}                                                | ${{}}                       | ${[0, 1]} | ${[]}
  ${"the first instant of the offer"}            | ${from("2026-06-01")}                                | ${{}}                       | ${[0, 1]} | ${[]}
  ${"before the offer"}                          | ${from("2026-06-02")}                                | ${{}}                       | ${[]}     | ${["IN_FORCE"]}
  ${"the first instant after the offer"}         | ${from("2026-01-01", "2026-06-01")}                  | ${{}}                       | ${[]}     | ${["IN_FORCE"]}
  ${"a market above"}                            | ${when({ marketKeys: ["nordics"] })}                 | ${{}}                       | ${[0, 1]} | ${[]}
  ${"a market beside"}                           | ${when({ marketKeys: ["no"] })}                      | ${{}}                       | ${[]}     | ${["MARKET"]}
  ${"the channel"}                               | ${when({ channels: ["app-store", "web"] })}          | ${{}}                       | ${[0, 1]} | ${[]}
  ${"another channel"}                           | ${when({ channels: ["app-store"] })}                 | ${{}}                       | ${[]}     | ${["CHANNEL"]}
  ${"a channel that nobody said"}                | ${when({ channels: ["web"] })}                       | ${{ channel: null }}        | ${[]}     | ${["CHANNEL"]}
  ${"one of the segments"}                       | ${when({ segments: ["loyal", "student"] })}          | ${{}}                       | ${[0, 1]} | ${[]}
  ${"none of the segments"}                      | ${when({ segments: ["loyal"] })}                     | ${{}}                       | ${[]}     | ${["SEGMENT"]}
  ${"for who is new"}                            | ${when({ newCustomersOnly: true })}                  | ${{}}                       | ${[0, 1]} | ${[]}
  ${"not for who is not"}                        | ${when({ newCustomersOnly: true })}                  | ${{ isNewCustomer: false }} | ${[]}     | ${["NEW_CUSTOMER"]}
  ${"nor where nobody said"}                     | ${when({ newCustomersOnly: true })}                  | ${{ isNewCustomer: null }}  | ${[]}     | ${["NEW_CUSTOMER"]}
  ${"one of the plans"}                          | ${when({ planKeys: ["seats"] })}                     | ${{}}                       | ${[1]}    | ${["PLAN 0"]}
  ${"another plan"}                              | ${when({ planKeys: ["family"] })}                    | ${{}}                       | ${[]}     | ${["PLAN 0", "PLAN 1"]}
  ${"an interval"}                               | ${when({ intervals: ["P1M"] })}                      | ${{}}                       | ${[0]}    | ${["INTERVAL 1"]}
  ${"enough of it"}                              | ${when({ minimumQuantity: 2 })}                      | ${{}}                       | ${[1]}    | ${["QUANTITY 0"]}
  ${"not quite enough"}                          | ${when({ minimumQuantity: 3 })}                      | ${{}}                       | ${[]}     | ${["QUANTITY 0", "QUANTITY 1"]}
  ${"a plan and an interval of one line"}        | ${when({ planKeys: ["seats"], intervals: ["P1M"] })} | ${{}}                       | ${[]}     | ${["PLAN 0", "INTERVAL 1"]}
  ${"a budget in its currency"}                  | ${budget("EUR")}                                     | ${{}}                       | ${[0, 1]} | ${[]}
  ${"a budget in another"}                       | ${budget("SEK")}                                     | ${{}}                       | ${[]}     | ${["BUDGET_CURRENCY"]}
  ${"a whole that fails, and a line that holds"} | ${when({ planKeys: ["seats"], channels: ["app"] })}  | ${{}}                       | ${[]}     | ${["CHANNEL", "PLAN 0"]}
`("$why", ({ said, cart, lines, failed }: { said: Said; cart: Partial<Cart>; lines: number[]; failed: string[] }) => {
  const found = checkEligibility(aDiscount("d", percent(10), said), { ...CART, ...cart }, new Set());
  expect(found.lines).toEqual(lines);
  expect(found.predicates.filter(({ held }) => !held).map(({ predicate, line }) => (line === null ? predicate : `${predicate} ${line}`))).toEqual(failed);
});

test("an amount is for its currencies only", () => {
  expect(checkEligibility(aDiscount("d", amount(100n, "SEK")), CART, new Set()).lines).toEqual([]);
  expect(checkEligibility(aDiscount("d", amount(100n, "SEK")), { ...CART, currency: "SEK" }, new Set()).lines).toEqual([0, 1]);
});

test.each<{ used: Exhaustion; limits: NonNullable<Said>["limits"] }>([
  { used: "TOTAL_LIMIT", limits: { total: 1 } },
  { used: "CUSTOMER_LIMIT", limits: { perCustomer: 1 } },
  { used: "BUDGET", limits: { budget: { amountMinor: 1n, currency: "EUR" } } },
])("$used: what is used up does not apply, unless the limit was lifted", ({ used, limits }) => {
  const limited = aDiscount("d", percent(10), { limits: limits ?? {} });
  expect(checkEligibility(limited, CART, new Set([used])).lines).toEqual([]);
  expect(checkEligibility(limited, CART, new Set()).lines).toEqual([0, 1]);
  expect(checkEligibility(aDiscount("d", percent(10)), CART, new Set([used])).lines).toEqual([0, 1]);
});
