import type { DiscountApplication, DiscountChoice } from "../../src/catalog/discounts/discount-policy.js";
import type { PriceModel } from "../../src/catalog/prices/price.js";
import { ratio, type Rational } from "./rational.js";

/** A quote to be reckoned twice, in numbers that belong to neither side. Amounts are minor units, rates major ones. */
export interface Story {
  readonly currency: string;
  readonly digits: number;
  readonly taxRate: Rational | null;
  readonly now: Date;
  readonly periods: number;
  readonly choice: DiscountChoice;
  readonly application: DiscountApplication;
  readonly lines: readonly StoryLine[];
  readonly discounts: readonly StoryDiscount[];
}

export interface StoryLine {
  readonly plan: string;
  readonly interval: string;
  readonly quantity: Rational;
  readonly since: Date | null;
  readonly price: StoryPrice;
  /** A change of the price: for new ones, and for existing ones. */
  readonly change: { readonly from: Date; readonly existing: Date | null; readonly price: StoryPrice } | null;
}

export interface StoryPrice {
  readonly model: PriceModel;
  readonly taxIncluded: boolean;
  readonly fixed: bigint;
  readonly rate: Rational;
  readonly packageSize: Rational;
  readonly free: Rational;
  readonly minimum: bigint | null;
  readonly maximum: bigint | null;
  readonly tiers: readonly { readonly upTo: Rational | null; readonly rate: Rational; readonly fee: bigint }[];
}

export interface StoryDiscount {
  readonly key: string;
  readonly kind: "PERCENT" | "AMOUNT" | "FIXED_PRICE" | "FREE_PERIODS";
  readonly percent: Rational;
  readonly minor: bigint;
  /** Null = for ever. */
  readonly periods: number | null;
  /** Empty = all. */
  readonly plans: readonly string[];
  readonly group: string | null;
  readonly exclusive: boolean;
  readonly priority: number;
}

/** Draws whole numbers below a bound; the same ones for the same seed (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function drawStory(draw: (below: number) => number): Story {
  const one = <T>(...of: readonly [T, ...T[]]): T => of[draw(of.length)] ?? of[0];
  const chance = (percent: number): boolean => draw(100) < percent;
  const minor = (): bigint => BigInt(one(draw(30), draw(3_000), draw(3_000), draw(1_000_000_000)));
  const rate = (): Rational => ratio(BigInt(draw(one(50, 5_000, 2_000_000))), one(1n, 100n, 1_000n, 1_000_000n));
  const units = (): Rational => ratio(BigInt(draw(one(20, 300, 50_000))), one(1n, 1n, 1n, 10n, 1_000n));
  const midnight = (month: number, date: number): Date => new Date(Date.UTC(2026, month, date));

  const drawPrice = (taxIncluded: boolean): StoryPrice => {
    let end = 0n;
    const ends = Array.from({ length: draw(4) }, () => (end += BigInt(1 + draw(one(5, 200))))).map((upTo) => ratio(upTo));
    const bounds = [minor(), minor()].sort((a, b) => (a < b ? -1 : 1));
    return {
      ...{ model: one("FLAT", "FLAT", "PER_UNIT", "GRADUATED", "VOLUME", "PACKAGE"), taxIncluded, fixed: minor(), rate: rate() },
      ...{ packageSize: ratio(BigInt(1 + draw(12)), one(1n, 1n, 2n)), free: chance(25) ? units() : ratio(0n) },
      ...{ minimum: chance(15) ? (bounds[0] ?? 0n) : null, maximum: chance(15) ? (bounds[1] ?? 0n) : null },
      tiers: [...ends, null].map((upTo) => ({ upTo, rate: rate(), fee: chance(50) ? minor() : 0n })),
    };
  };
  const drawLine = (index: number, now: Date): StoryLine => {
    const taxIncluded = chance(70);
    const from = midnight(draw(12), 1 + draw(28));
    const existing = chance(70) ? new Date(from.getTime() + draw(90) * 86_400_000) : null;
    return {
      plan: `p${(index * 3 + 1) % 4}`,
      interval: one("P1M", "P1M", "P1M", "P1Y", "P1W", "P10D", "P3M", "ONCE"),
      ...{ quantity: ratio(1n + BigInt(draw(one(3, 200))), one(1n, 1n, 8n)), since: chance(30) ? new Date(now.getTime() - draw(500) * 86_400_000) : null },
      ...{ price: drawPrice(taxIncluded), change: chance(40) ? { from, existing, price: drawPrice(taxIncluded) } : null },
    };
  };
  const drawDiscount = (index: number, plans: readonly string[]): StoryDiscount => {
    const kind = one("PERCENT", "PERCENT", "AMOUNT", "AMOUNT", "FIXED_PRICE", "FREE_PERIODS");
    return {
      ...{ key: `d${(index * 3) % 4}`, kind, percent: ratio(1n + BigInt(draw(one(100, 10_000))), one(1n, 100n)), minor: minor() },
      periods: kind === "FREE_PERIODS" ? 1 + draw(3) : one(null, null, 1, 2, 4),
      plans: chance(50) ? [] : plans.filter(() => chance(60)),
      ...{ group: chance(40) ? one("g", "h") : null, exclusive: chance(8), priority: draw(3) },
    };
  };

  const [currency, digits] = one(["EUR", 2], ["EUR", 2], ["JPY", 0], ["KWD", 3]);
  const now = midnight(draw(12), 1 + draw(31));
  const lines = Array.from({ length: 1 + draw(4) }, (_none, index) => drawLine(index, now));
  const plans = lines.map(({ plan }) => plan);
  return {
    ...{ currency, digits, now, lines, periods: one(1, 1, 2, 4), taxRate: chance(15) ? null : ratio(BigInt(draw(3_000)), 100n) },
    ...{ choice: chance(15) ? "BEST_FOR_CUSTOMER" : "IN_PRIORITY_ORDER", application: one("PERCENT_FIRST", "AMOUNT_FIRST") },
    discounts: Array.from({ length: draw(5) }, (_none, index) => drawDiscount(index, plans)).map((discount) =>
      isLarge(discount) ? { ...discount, percent: ratio(100n) } : discount,
    ),
  };
}

/** The same prices and discounts, asked for at another time by another customer. */
export function askedAgain(story: Story, draw: (below: number) => number): Story {
  const now = new Date(Date.UTC(2026, draw(12), 1 + draw(31)));
  return {
    ...{ ...story, now, periods: [1, 1, 2, 4][draw(4)] ?? 1, choice: draw(100) < 15 ? "BEST_FOR_CUSTOMER" : "IN_PRIORITY_ORDER" },
    ...{ application: draw(2) === 0 ? "PERCENT_FIRST" : "AMOUNT_FIRST", taxRate: draw(100) < 15 ? null : ratio(BigInt(draw(3_000)), 100n) },
    lines: story.lines.map((line) => ({
      ...{ ...line, quantity: ratio(1n + BigInt(draw(200)), draw(3) === 0 ? 8n : 1n) },
      since: draw(100) < 30 ? new Date(now.getTime() - draw(500) * 86_400_000) : null,
    })),
  };
}

function isLarge({ percent }: StoryDiscount): boolean {
  return percent.n > 100n * percent.d;
}
