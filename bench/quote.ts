import { Decimal } from "../src/kernel/decimal.js";
import type { Discount, DiscountBenefit } from "../src/catalog/discounts/discount.js";
import type { PriceVersion } from "../src/catalog/prices/price-resolution.js";
import { computeQuote } from "../src/catalog/quotes/quote-calculation.js";
import type { QuoteCatalog } from "../src/catalog/quotes/quote-facts.js";
import type { QuoteRequest } from "../src/catalog/quotes/quote-request.js";

// How many quotes are reckoned in a second of one core's time, with what they are reckoned from at hand: five plans with twenty prices each
// and ten discounts; without the working, which is written when it is asked for, and with it. `node --import tsx bench/quote.ts`

const AT = new Date("2026-11-22T10:00:00Z");
const PLANS = 5;
const PRICES = 20;
const SECONDS = 3;
/** Between two looks at the clock. */
const AT_ONCE = 50;

function price(plan: number, index: number): PriceVersion {
  return {
    key: `plan-${plan}/m${index % 3}/EUR/P1M/*/s${index}`,
    ...{ planKey: `plan-${plan}`, marketKey: `m${index % 3}`, currency: "EUR", interval: "P1M", channel: null, segment: index < 3 ? null : `s${index}` },
    effective: { from: new Date("2024-01-01"), until: null },
    ...{ existingFrom: null, model: "FLAT", taxIncluded: true, amountMinor: BigInt(999 + plan * 100 + index), unitRate: null, packageSize: null },
    ...{ freeUnits: new Decimal(0), minimumMinor: null, maximumMinor: null, tiers: null, knownFrom: null, knownUntil: null },
  };
}

function discount(index: number): Discount {
  const benefits: DiscountBenefit[] = [
    { kind: "PERCENT", percent: new Decimal(10 + index) },
    { kind: "AMOUNT", amounts: [{ amountMinor: 100n, currency: "EUR" }] },
    { kind: "FIXED_PRICE", amounts: [{ amountMinor: 399n, currency: "EUR" }] },
    { kind: "FREE_PERIODS" },
  ];
  const benefit = benefits[index % benefits.length] ?? { kind: "FREE_PERIODS" };
  return {
    key: `discount-${index}`,
    ...{ name: { text: "", translations: {} }, description: { text: "", translations: {} }, benefit, duration: "REPEATING", periods: 1 + (index % 4) },
    ...{ activation: "AUTOMATIC", secretCodes: false },
    conditions: {
      ...{ planKeys: [`plan-${index % PLANS}`], marketKeys: ["m0"], intervals: ["P1M"], segments: [], channels: [] },
      ...{ minimumQuantity: null, newCustomersOnly: false },
    },
    stacking: { group: `group-${index % 4}`, priority: index, exclusive: index === 9 },
    limits: { total: null, perCustomer: null, budget: null },
    ...{ effective: { from: new Date("2024-01-01"), until: null }, internalNote: null },
  };
}

function catalogOf(choice: QuoteCatalog["policy"]["choice"]): QuoteCatalog {
  const plans = Array.from({ length: PLANS }, (_, plan) => plan);
  return {
    ...{ point: { release: 1, time: AT }, seenUntil: AT, policy: { choice, application: "PERCENT_FIRST" } },
    market: { key: "m0", path: ["m0", "m1", "m2"], currency: "EUR", timeZone: "Europe/Berlin", taxRate: new Decimal(19) },
    plans: new Map(plans.map((plan) => [`plan-${plan}`, { key: `plan-${plan}`, productKey: `product-${plan}`, kind: "BASE" as const }])),
    addOnOf: new Map(),
    prices: new Map(plans.map((plan) => [`plan-${plan}`, Array.from({ length: PRICES }, (_, index) => price(plan, index))])),
    discounts: Array.from({ length: 10 }, (_, index) => discount(index)),
  };
}

const request: QuoteRequest = {
  items: Array.from({ length: PLANS }, (_, plan) => ({ planKey: `plan-${plan}`, quantity: new Decimal(1), interval: "P1M", since: null })),
  ...{ marketKey: "m0", currency: null, channel: "web", segments: [], isNewCustomer: true, customerId: null, codes: [], periods: 1 },
};

/** By the time of the processor: what others do on the machine counts as little as can be. */
function rateOf(body: () => void): number {
  for (let index = 0; index < 1_000; index++) body();
  const before = process.cpuUsage();
  for (let count = AT_ONCE; ; count += AT_ONCE) {
    for (let index = 0; index < AT_ONCE; index++) body();
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1_000_000;
    if (seconds >= SECONDS) return count / seconds;
  }
}

for (const choice of ["IN_PRIORITY_ORDER", "BEST_FOR_CUSTOMER"] as const) {
  for (const periods of [1, 3, 12]) {
    const catalog = catalogOf(choice);
    const reckon = (): ReturnType<typeof computeQuote> => computeQuote({ ...request, periods }, catalog, { codes: [], exhausted: [] });
    const explain = (): unknown => {
      const quote = reckon();
      return "working" in quote && quote.working;
    };
    const [plain, explained] = [reckon, explain].map((body) => rateOf(body).toFixed(0).padStart(7));
    process.stdout.write(`${choice.padEnd(18)} ${String(periods).padStart(2)} invoices  ${plain} quotes/s, with the working ${explained}\n`);
  }
}
