import { expect, test } from "vitest";
import type { PriceVersion } from "../../src/catalog/prices/price-resolution.js";
import type { Discount } from "../../src/catalog/discounts/discount.js";
import type { QuoteRequest } from "../../src/catalog/quotes/quote-request.js";
import { aCatalog, aDiscount, amount, anItem, aPrice, aRequest, day, fixedPrice, FREE, percent, quoteOf } from "../support/quotes.js";

const plain = [aPrice()];
const yearly = aPrice({ planKey: "yearly", interval: "P1Y", amountMinor: 10000n });
const weekly = aPrice({ planKey: "weekly", interval: "P1W", amountMinor: 300n });
const boughtOnce = aPrice({ planKey: "pack", interval: "ONCE", amountMinor: 500n });
const announced = [
  aPrice({ effective: { from: day("2020-01-01"), until: day("2026-07-15") } }),
  aPrice({ effective: { from: day("2026-07-15"), until: null }, existingFrom: day("2026-08-01"), amountMinor: 1200n }),
];
const freeMonths = (periods: number): Discount => aDiscount("free", FREE, { duration: "REPEATING", periods });
const intro = aDiscount("intro", fixedPrice(399n), { duration: "REPEATING", periods: 2 });
const halfOnce = aDiscount("half", percent(50), { duration: "ONCE" });
const oneOff = aDiscount("one", amount(100n));

interface Story {
  readonly prices: readonly PriceVersion[];
  readonly discounts?: readonly Discount[];
  readonly items?: QuoteRequest["items"];
  readonly now?: string;
  readonly zone?: string;
  readonly seenUntil?: string;
  readonly bills: readonly string[];
}

const monthly = anItem();
const perYear = anItem({ planKey: "yearly", interval: "P1Y" });
const perWeek = anItem({ planKey: "weekly", interval: "P1W" });
const pack = anItem({ planKey: "pack", interval: "ONCE" });
const since = (text: string): QuoteRequest["items"] => [anItem({ since: day(text) })];

test.each<Story & { why: string }>([
  { why: "month after month", prices: plain, bills: ["2026-06-01 1000", "2026-07-01 1000", "2026-08-01 1000"] },
  { why: "begun on the 31st", prices: plain, now: "2026-01-31", bills: ["2026-01-31 1000", "2026-02-28 1000", "2026-03-31 1000", "2026-04-30 1000"] },
  {
    why: "begun on a leap day",
    prices: [yearly],
    items: [perYear],
    now: "2028-02-29",
    bills: ["2028-02-29 10000", "2029-02-28 10000", "2030-02-28 10000", "2031-02-28 10000", "2032-02-29 10000"],
  },
  { why: "paid once", prices: [boughtOnce], items: [pack], bills: ["2026-06-01 500"] },
  {
    why: "a change to follow at once, published between two invoices of an old subscription",
    prices: [aPrice({ knownUntil: day("2026-06-15") }), aPrice({ knownFrom: day("2026-06-15"), existingFrom: day("2026-02-01"), amountMinor: 1200n })],
    items: since("2026-01-01"),
    bills: ["2026-06-01 1000", "2026-07-01 1200", "2026-08-01 1200"],
  },
  {
    why: "a month and something once",
    prices: [...plain, boughtOnce],
    items: [monthly, pack],
    bills: ["2026-06-01 1000+500", "2026-07-01 1000", "2026-08-01 1000"],
  },
  {
    why: "a month and a week",
    prices: [...plain, weekly],
    items: [monthly, perWeek],
    bills: ["2026-06-01 1000+300", "2026-06-08 300", "2026-06-15 300", "2026-06-22 300", "2026-06-29 300", "2026-07-01 1000"],
  },
  {
    why: "a year beside a month",
    prices: [...plain, yearly],
    items: [perYear, monthly],
    bills: ["2026-06-01 10000+1000", "2026-07-01 1000", "2026-08-01 1000"],
  },
  {
    why: "an announced change reaches who begins before it",
    prices: announced,
    bills: ["2026-06-01 1000", "2026-07-01 1000", "2026-08-01 1200", "2026-09-01 1200"],
  },
  { why: "an announced change under an embargo", prices: announced, seenUntil: "2026-06-01", bills: ["2026-06-01 1000", "2026-07-01 1000", "2026-08-01 1000"] },
  {
    why: "who began in the middle of a month pays now, then on their day",
    prices: plain,
    items: since("2026-03-20"),
    bills: ["2026-06-01 1000", "2026-06-20 1000", "2026-07-20 1000"],
  },
  { why: "who begins a month today pays today once", prices: plain, items: since("2026-05-01"), bills: ["2026-06-01 1000", "2026-07-01 1000"] },
  {
    why: "who began long ago, on the 31st",
    prices: plain,
    items: since("2020-12-31"),
    bills: ["2026-06-01 1000", "2026-06-30 1000", "2026-07-31 1000", "2026-08-31 1000", "2026-09-30 1000"],
  },
  {
    why: "an announced change and an existing subscription",
    prices: announced,
    items: since("2026-03-20"),
    bills: ["2026-06-01 1000", "2026-06-20 1000", "2026-07-20 1000", "2026-08-20 1200"],
  },
  { why: "two free months", prices: plain, discounts: [freeMonths(2)], bills: ["2026-06-01 0", "2026-07-01 0", "2026-08-01 1000", "2026-09-01 1000"] },
  {
    why: "a free month ends into the changed price",
    prices: announced,
    discounts: [freeMonths(2)],
    bills: ["2026-06-01 0", "2026-07-01 0", "2026-08-01 1200"],
  },
  { why: "an introductory price", prices: plain, discounts: [intro], bills: ["2026-06-01 399", "2026-07-01 399", "2026-08-01 1000"] },
  {
    why: "half the first month, one off for ever",
    prices: plain,
    discounts: [halfOnce, oneOff],
    bills: ["2026-06-01 400", "2026-07-01 900", "2026-08-01 900"],
  },
  {
    why: "once is one interval of each line",
    prices: [...plain, weekly],
    items: [monthly, perWeek],
    discounts: [halfOnce],
    bills: ["2026-06-01 500+150", "2026-06-08 300"],
  },
  {
    why: "an amount comes off each invoice, of whatever is on it",
    prices: [...plain, weekly],
    items: [monthly, perWeek],
    discounts: [oneOff],
    bills: ["2026-06-01 923+277", "2026-06-08 200", "2026-06-15 200"],
  },
  {
    why: "two free intervals of a month and a week",
    prices: [...plain, weekly],
    items: [monthly, perWeek],
    discounts: [freeMonths(2)],
    bills: ["2026-06-01 0+0", "2026-06-08 0", "2026-06-15 300", "2026-06-22 300", "2026-06-29 300", "2026-07-01 0", "2026-07-06 300"],
  },
  {
    why: "midnight in Stockholm through the end of summer time",
    prices: plain,
    now: "2026-09-30T22:00:00.000Z",
    zone: "Europe/Stockholm",
    bills: ["2026-09-30T22:00:00.000Z 1000", "2026-10-31T23:00:00.000Z 1000", "2026-11-30T23:00:00.000Z 1000"],
  },
  { why: "the end of time", prices: [yearly], items: [perYear], now: "9998-06-01", bills: ["9998-06-01 10000", "9999-06-01 10000"] },
])("$why", ({ prices, discounts = [], items = [monthly], now = "2026-06-01", zone = "Etc/UTC", seenUntil, bills }) => {
  const time = now.length === 10 ? day(now) : new Date(now);
  const catalog = aCatalog(prices, {
    ...{ point: { release: 1, time }, discounts, seenUntil: seenUntil === undefined ? null : day(seenUntil) },
    market: { timeZone: zone },
  });
  const isEnding = items.includes(pack) && items.length === 1;
  const { invoices } = quoteOf(aRequest({ items, periods: isEnding || now.startsWith("9998") ? 36 : bills.length }), catalog);
  const paid = invoices.map(({ at, lines }) => `${at.toISOString().replace("T00:00:00.000Z", "")} ${lines.map(({ amountMinor }) => amountMinor).join("+")}`);
  expect(paid).toEqual(bills);
});

test("each line counts its own intervals, and names the price of each", () => {
  const { invoices, lines } = quoteOf(aRequest({ items: [monthly, perWeek], periods: 12 }), aCatalog([...announced, weekly]));
  const months = invoices.flatMap((invoice) => invoice.lines).filter(({ line }) => line === 0);
  expect(months.map(({ period }) => period)).toEqual([1, 2, 3]);
  expect(months.map(({ priceKey }) => priceKey === lines[0]?.price.key)).toEqual([true, true, false]);
});
