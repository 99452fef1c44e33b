import { ceiling, halfEven, isLess, least, minus, over, plus, ratio, times, type Rational } from "./rational.js";
import type { Story, StoryDiscount, StoryLine, StoryPrice } from "./random-quote.js";

/**
 * The money of a quote, reckoned again from its description, in exact fractions, sharing no line with the code: a second opinion.
 * Amounts are minor units.
 */
export interface ReckonedLine {
  readonly line: number;
  readonly period: number;
  readonly list: bigint;
  readonly amount: bigint;
  readonly net: bigint | null;
  readonly tax: bigint | null;
  readonly gross: bigint | null;
}

export interface Reckoned {
  readonly invoices: readonly { readonly at: Date; readonly lines: readonly ReckonedLine[] }[];
  /** Keys of the discounts that come off. */
  readonly chosen: readonly string[];
  /** What is paid over twelve intervals at the amounts of the first, with these discounts. */
  readonly yearWith: (keys: readonly string[]) => bigint;
  /** Those that come off something, each alone. */
  readonly helpful: readonly StoryDiscount[];
}

export function reckonAgain(story: Story, givenChoice: readonly string[] | null): Reckoned {
  const starts = story.lines.map((line) => startsOf(line, story));
  const first = story.lines.map((line) => listOf(line, story.now, story));
  const isOnce = story.lines.map(({ interval }) => interval === "ONCE");
  const rhythm = ({ interval, since }: StoryLine): string => `${interval} ${since?.getTime() ?? "now"}`;
  // All lines meet on the first invoice; afterwards those of one rhythm do.
  const inPeriod = (discounts: readonly StoryDiscount[], period: number): bigint[] => {
    const lines = first.flatMap((list, line) =>
      period > 1 && isOnce[line] ? [] : [{ line, period, left: list, price: priceOf(story.lines[line], story.now, story) }],
    );
    const rhythms = period === 1 ? [null] : [...new Set(story.lines.map(rhythm))];
    const taken = rhythms.map((one) =>
      takenOff(
        discounts,
        lines.filter(({ line }) => one === null || rhythm(story.lines[line] ?? fail()) === one),
        story,
      ),
    );
    return discounts.map((_discount, index) => taken.reduce((sum, each) => sum + (each[index] ?? 0n), 0n));
  };
  // Nothing of a story lasts for more than four periods and yet ends, so the fifth is like all after it.
  const effects = (discounts: readonly StoryDiscount[]): bigint[] => {
    const off = discounts.map(() => 0n);
    for (let period = 1; discounts.length > 0 && period <= 5; period++)
      for (const [index, took] of inPeriod(discounts, period).entries()) off[index] = (off[index] ?? 0n) + took * (period === 5 ? 8n : 1n);
    return off;
  };
  const idleOf = (discounts: readonly StoryDiscount[]): StoryDiscount[] => {
    const off = effects(discounts);
    return discounts.filter((_one, index) => off[index] === 0n);
  };
  let helpful = story.discounts.filter((one) => idleOf([one]).length === 0);
  const alone = helpful;
  let chosen = inOrder(helpful);
  for (let idle = idleOf(chosen); idle.length > 0; idle = idleOf(chosen)) {
    const useless = idle;
    helpful = helpful.filter((one) => !useless.includes(one));
    chosen = inOrder(helpful);
  }
  if (givenChoice !== null) chosen = story.discounts.filter(({ key }) => givenChoice.includes(key));

  const instants = [...new Set(starts.flat().map((at) => at.getTime()))].sort((a, b) => a - b).slice(0, story.periods);
  const invoices = instants.map((time) => {
    const due = story.lines.flatMap((line, index) => {
      const at = (starts[index] ?? []).findIndex((start) => start.getTime() === time);
      const list = at === -1 ? 0n : listOf(line, new Date(time), story);
      return at === -1 ? [] : [{ line: index, period: at + 1, list, left: list, price: priceOf(line, new Date(time), story) }];
    });
    takenOff(chosen, due, story);
    return {
      at: new Date(time),
      lines: due.map(({ line, period, list, left }) => ({ line, period, list, amount: left, ...taxOf(left, story.lines[line], story) })),
    };
  });
  const total = first.reduce((sum, list, line) => sum + list * (isOnce[line] ? 1n : 12n), 0n);
  const yearWith = (keys: readonly string[]): bigint => {
    return effects(story.discounts.filter(({ key }) => keys.includes(key))).reduce((left, off) => left - off, total);
  };
  return { invoices, chosen: chosen.map(({ key }) => key), yearWith, helpful: alone };
}

export function clash(a: StoryDiscount, b: StoryDiscount): boolean {
  return a.exclusive || b.exclusive || (a.group !== null && a.group === b.group);
}

const byRank = (a: StoryDiscount, b: StoryDiscount): number => (a.priority !== b.priority ? b.priority - a.priority : a.key < b.key ? -1 : 1);

function inOrder(discounts: readonly StoryDiscount[]): StoryDiscount[] {
  const taken: StoryDiscount[] = [];
  for (const one of [...discounts].sort(byRank)) if (taken.every((other) => !clash(one, other))) taken.push(one);
  return taken;
}

interface Due {
  readonly line: number;
  readonly period: number;
  left: bigint;
  readonly price: StoryPrice;
}

/** Takes discounts off what is due, and says what each took. */
function takenOff(discounts: readonly StoryDiscount[], due: readonly Due[], { lines, application }: Story): bigint[] {
  const phases = application === "PERCENT_FIRST" ? "FREE_PERIODS FIXED_PRICE PERCENT AMOUNT" : "FREE_PERIODS FIXED_PRICE AMOUNT PERCENT";
  const order = [...discounts].sort((a, b) => phases.indexOf(a.kind) - phases.indexOf(b.kind) || byRank(a, b));
  const took = new Map<string, bigint>();
  for (const { key, kind, percent, minor, periods, plans } of order) {
    const name = ({ line }: Due): string => `${lines[line]?.plan} ${lines[line]?.interval}`;
    const mine = due
      .filter(({ line, period }) => (plans.length === 0 || plans.includes(lines[line]?.plan ?? "")) && (periods === null || period <= periods))
      .sort((a, b) => (name(a) < name(b) ? -1 : 1));
    const before = mine.reduce((sum, { left }) => sum + left, 0n);
    if (kind === "FREE_PERIODS") for (const one of mine) one.left = 0n;
    if (kind === "FIXED_PRICE") {
      for (const one of mine) {
        const units = one.price.model === "FLAT" ? ratio(1n) : (lines[one.line]?.quantity ?? fail());
        const fixed = times(ratio(minor), units);
        if (isLess(fixed, ratio(one.left))) one.left = halfEven(fixed);
      }
    }
    if (kind === "PERCENT") spread(halfEven(times(ratio(before), over(percent, ratio(100n)))), before, mine);
    if (kind === "AMOUNT") spread(minor < before ? minor : before, before, mine);
    took.set(key, before - mine.reduce((sum, { left }) => sum + left, 0n));
  }
  return discounts.map(({ key }) => took.get(key) ?? 0n);
}

/** By largest remainder: everyone's whole share, then one each to those who are furthest from theirs. */
function spread(off: bigint, whole: bigint, among: readonly Due[]): void {
  if (off === 0n) return;
  const shares = among.map((due, index) => ({ due, index, gets: (due.left * off) / whole, lacks: (due.left * off) % whole }));
  let rest = off - shares.reduce((sum, { gets }) => sum + gets, 0n);
  for (const share of [...shares].sort((a, b) => (a.lacks > b.lacks ? -1 : a.lacks < b.lacks ? 1 : a.index - b.index))) {
    if (rest-- > 0n) share.gets += 1n;
  }
  for (const { due, gets } of shares) due.left -= gets;
}

function taxOf(amount: bigint, line: StoryLine | undefined, { taxRate }: Story): Pick<ReckonedLine, "net" | "tax" | "gross"> {
  const isIn = line?.price.taxIncluded === true;
  if (taxRate === null) return { net: isIn ? null : amount, tax: null, gross: isIn ? amount : null };
  const tax = halfEven(over(times(ratio(amount), taxRate), isIn ? plus(taxRate, ratio(100n)) : ratio(100n)));
  return isIn ? { net: amount - tax, tax, gross: amount } : { net: amount, tax, gross: amount + tax };
}

function listOf(line: StoryLine, at: Date, story: Story): bigint {
  return halfEven(inMinor(priceOf(line, at, story), line.quantity, 10n ** BigInt(story.digits)));
}

function priceOf(line: StoryLine | undefined, at: Date, { now }: Story): StoryPrice {
  const { price, change, since } = line ?? fail();
  const began = since ?? now;
  const hasChanged = change !== null && (began >= change.from || (change.existing !== null && at >= change.existing));
  return hasChanged ? change.price : price;
}

function fail(): never {
  throw new Error("a story has a line for each of its lines");
}

/** What one interval costs, exactly, in minor units; `scale` of them are a major one. */
function inMinor(price: StoryPrice, quantity: Rational, scale: bigint): Rational {
  const units = isLess(price.free, quantity) ? minus(quantity, price.free) : ratio(0n);
  const cost = (rate: Rational, count: Rational): Rational => times(times(rate, count), ratio(scale));
  let amount = ratio(price.fixed);
  if (price.model === "PER_UNIT") amount = plus(amount, cost(price.rate, units));
  if (price.model === "PACKAGE") amount = plus(amount, cost(price.rate, ratio(ceiling(over(units, price.packageSize)))));
  if (price.model === "GRADUATED" || price.model === "VOLUME") {
    let below = ratio(0n);
    for (const { upTo, rate, fee } of price.tiers) {
      const isReached = isLess(below, units);
      const isLast = upTo === null || !isLess(upTo, units);
      const inTier = price.model === "VOLUME" ? units : minus(least(units, upTo ?? units), below);
      if (isReached && (price.model === "GRADUATED" || isLast)) amount = plus(amount, plus(cost(rate, inTier), ratio(fee)));
      if (upTo !== null) below = upTo;
    }
  }
  if (price.minimum !== null && isLess(amount, ratio(price.minimum))) return ratio(price.minimum);
  return price.maximum !== null && isLess(ratio(price.maximum), amount) ? ratio(price.maximum) : amount;
}

/** Days of UTC: the first interval begins now, the others when those of the subscription do. */
function startsOf({ interval, since }: StoryLine, { now, periods }: Story): Date[] {
  const anchor = since ?? now;
  const [, count = "0", unit = ""] = /^P(\d+)([DWMY])$/.exec(interval) ?? [];
  const starts = [now];
  for (let index = 1; unit !== "" && starts.length < periods; index++) {
    const months = Number(count) * index * (unit === "Y" ? 12 : 1);
    const days = Number(count) * index * (unit === "W" ? 7 : 1);
    const [year, month, date] = [anchor.getUTCFullYear(), anchor.getUTCMonth(), anchor.getUTCDate()];
    const lastOfMonth = new Date(Date.UTC(year, month + months + 1, 0)).getUTCDate();
    const isByMonth = unit === "M" || unit === "Y";
    const start = isByMonth ? Date.UTC(year, month + months, Math.min(date, lastOfMonth)) : Date.UTC(year, month, date + days);
    if (start > now.getTime()) starts.push(new Date(start));
  }
  return starts;
}
