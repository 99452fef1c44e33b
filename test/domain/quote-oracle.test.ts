import { expect, test } from "vitest";
import type { PriceVersion } from "../../src/catalog/prices/price-resolution.js";
import { computeQuote } from "../../src/catalog/quotes/quote-calculation.js";
import type { QuoteCatalog } from "../../src/catalog/quotes/quote-facts.js";
import type { Quote } from "../../src/catalog/quotes/quote.js";
import { Decimal } from "../../src/kernel/decimal.js";
import { aCatalog, aDiscount, anItem, aPrice, aRequest, day, NO_FACTS } from "../support/quotes.js";
import { askedAgain, drawStory, seeded, type Story, type StoryDiscount, type StoryLine, type StoryPrice } from "../support/random-quote.js";
import type { Rational } from "../support/rational.js";
import { clash, reckonAgain, type Reckoned } from "../support/reckoned-again.js";

const CATALOGS = 25_000;
const QUOTES = 4 * CATALOGS;

const decimal = ({ n, d }: Rational): Decimal => new Decimal(n.toString()).div(d.toString());

function pricesOf({ plan, interval, price, change }: StoryLine, currency: string): PriceVersion[] {
  const laidOut = ({ model, taxIncluded, fixed, rate, packageSize, free, minimum, maximum, tiers }: StoryPrice): Partial<PriceVersion> => ({
    ...{ planKey: plan, interval, currency, model, taxIncluded, amountMinor: fixed, freeUnits: decimal(free), minimumMinor: minimum, maximumMinor: maximum },
    ...{ unitRate: decimal(rate), packageSize: decimal(packageSize) },
    tiers: tiers.map((tier) => ({ upTo: tier.upTo === null ? null : decimal(tier.upTo), unitRate: decimal(tier.rate), flatFeeMinor: tier.fee })),
  });
  const from = day("2000-01-01");
  if (change === null) return [aPrice({ ...laidOut(price), effective: { from, until: null } })];
  return [
    aPrice({ ...laidOut(price), effective: { from, until: change.from } }),
    aPrice({ ...laidOut(change.price), effective: { from: change.from, until: null }, existingFrom: change.existing }),
  ];
}

function discountOf({ key, kind, percent, minor, periods, plans, ...stacking }: StoryDiscount, currency: string) {
  const amounts = [{ amountMinor: minor, currency }];
  const benefit = kind === "PERCENT" ? { kind, percent: decimal(percent) } : kind === "FREE_PERIODS" ? { kind } : { kind, amounts };
  const duration = periods === null ? "FOREVER" : periods === 1 ? "ONCE" : "REPEATING";
  return aDiscount(key, benefit, { duration, periods: duration === "REPEATING" ? periods : null, conditions: { planKeys: plans }, stacking });
}

function catalogOf({ lines, discounts, currency }: Story): QuoteCatalog {
  const offered = discounts.map((discount) => discountOf(discount, currency));
  return aCatalog(
    lines.flatMap((line) => pricesOf(line, currency)),
    { discounts: offered, market: { currency } },
  );
}

function reckon({ now, periods, choice, application, taxRate, lines }: Story, offered: QuoteCatalog): Quote {
  const market = { ...offered.market, taxRate: taxRate === null ? null : decimal(taxRate) };
  const catalog = { ...offered, point: { release: 1, time: now }, policy: { choice, application }, market };
  const items = lines.map(({ plan: planKey, interval, quantity, since }) => anItem({ planKey, interval, quantity: decimal(quantity), since }));
  const quote = computeQuote(aRequest({ items, periods }), catalog, NO_FACTS);
  if ("invoices" in quote) return quote;
  throw new Error(`refused: ${JSON.stringify(quote)}`);
}

function agrees({ invoices }: Quote, { invoices: again }: Reckoned): boolean {
  return (
    invoices.length === again.length &&
    invoices.every(({ at, lines }, index) => {
      const other = again[index];
      return (
        at.getTime() === other?.at.getTime() &&
        lines.length === other.lines.length &&
        lines.every(({ line, period, listMinor, amountMinor, tax: { netMinor, taxMinor, grossMinor } }, position) => {
          const same = other.lines[position];
          const isSameLine = line === same?.line && period === same.period && listMinor === same.list && amountMinor === same.amount;
          return isSameLine && netMinor === same.net && taxMinor === same.tax && grossMinor === same.gross;
        })
      );
    })
  );
}

const written = (value: unknown): string => JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? part.toString() : part));

/** What could be chosen, each combination by its keys. */
function combinations([first, ...rest]: readonly StoryDiscount[]): StoryDiscount[][] {
  if (first === undefined) return [[]];
  const others = combinations(rest);
  return [...others, ...others.filter((some) => some.every((one) => !clash(one, first))).map((some) => [first, ...some])];
}

test(`${QUOTES} random quotes agree to the minor unit with a second opinion in exact fractions`, () => {
  const seen = { discounted: 0, changed: 0, best: 0, invoices: 0 };
  let drawn = drawStory(seeded(1));
  let offered = catalogOf(drawn);
  for (let seed = 1; seed <= QUOTES; seed++) {
    const isNew = seed % 4 === 0;
    if (isNew) drawn = drawStory(seeded(seed));
    if (isNew) offered = catalogOf(drawn);
    const story = isNew ? drawn : askedAgain(drawn, seeded(seed));
    const quote = reckon(story, offered);
    const chosen = quote.grants.map(({ discountKey }) => discountKey);
    const isBest = story.choice === "BEST_FOR_CUSTOMER";
    const again = reckonAgain(story, isBest ? chosen : null);
    const [ours, theirs] = [chosen, again.chosen].map((keys) => [...keys].sort().join(" "));
    if (!agrees(quote, again) || ours !== theirs)
      throw new Error(`seed ${seed}: ${written(story)}\n the code: ${ours} ${written(quote.invoices)}\nin fractions: ${theirs} ${written(again.invoices)}`);
    if (isBest && again.helpful.length > 1) {
      const paid = combinations(again.helpful).map((some) => again.yearWith(some.map(({ key }) => key)));
      if (paid.some((total) => total < again.yearWith(chosen))) throw new Error(`seed ${seed}: ${written(story)}\n ${chosen.join(", ")} is not the best`);
      seen.best++;
    }
    if (chosen.length > 0) seen.discounted++;
    if (quote.invoices.some(({ lines }) => lines.some(({ line, priceKey }) => priceKey !== quote.lines[line]?.price.key))) seen.changed++;
    seen.invoices += quote.invoices.length;
  }
  // A second opinion on nothing but plain prices would be worth little.
  expect(seen.discounted).toBeGreaterThan(QUOTES / 2);
  expect(seen.changed).toBeGreaterThan(QUOTES / 100);
  expect(seen.best).toBeGreaterThan(QUOTES / 50);
  expect(seen.invoices).toBeGreaterThan(QUOTES * 1.5);
}, 600_000);
