import { describe, expect, test } from "vitest";
import { resolvePrice, type PriceOutcome, type PriceRequest, type PriceVersion } from "../../src/catalog/prices/price-resolution.js";
import { aPrice, aPriceRequest, day, dec, NOW } from "../support/quotes.js";

/** A price, told by what it costs: cases say only what matters to them. Days are those of 2026, "04-01". */
interface Said {
  readonly costs: number;
  readonly at?: string;
  readonly channel?: string;
  readonly segment?: string;
  readonly from?: string;
  readonly until?: string;
  readonly existing?: string;
  /** When a release first had it, and when one no longer did. */
  readonly known?: readonly [from: string | null, until: string | null];
  readonly more?: Partial<PriceVersion>;
}

interface Case {
  readonly why: string;
  readonly prices: readonly Said[];
  readonly since?: string;
  /** The catalog point; 06-01 unless said. */
  readonly now?: string;
  /** The interval to be priced, if it is a later one. */
  readonly at?: string;
  readonly asked?: Partial<PriceRequest>;
  readonly costs: number | null;
}

const on = (text: string): Date => day(text.length === 5 ? `2026-${text}` : text);

function price({
  costs,
  at = "se",
  channel = null,
  segment = null,
  from = "2020-01-01",
  until,
  existing,
  known = [null, null],
  more,
}: Omit<Said, "channel" | "segment"> & { channel?: string | null; segment?: string | null }): PriceVersion {
  return aPrice({
    ...{ marketKey: at, channel, segment, amountMinor: BigInt(costs), effective: { from: on(from), until: until === undefined ? null : on(until) } },
    ...{ existingFrom: existing === undefined ? null : on(existing), knownFrom: known[0] === null ? null : on(known[0]) },
    ...{ knownUntil: known[1] === null ? null : on(known[1]), ...more },
  });
}

function requestOf({ since, now = "06-01", at = now, asked }: Case): PriceRequest {
  return aPriceRequest({ since: since === undefined ? null : on(since), from: on(now), at: on(at), ...asked });
}

function check({ why: _why, prices, costs, ...rest }: Case): void {
  const versions = prices.map(price);
  for (const given of [versions, versions.toReversed()]) {
    const { price: won, candidates } = resolvePrice(given, requestOf({ why: "", prices, costs, ...rest }));
    expect(won === null ? null : Number(won.amountMinor)).toBe(costs);
    expect(candidates.length).toBe(rest.asked?.seenUntil ? 1 : versions.length);
    expect(candidates.filter(({ outcome }) => outcome === "WON").map((candidate) => candidate.price)).toEqual(won === null ? [] : [won]);
  }
}

const student = { segments: ["student"] };

describe("which of the prices in force", () => {
  const cases: Case[] = [
    { why: "the only one", prices: [{ costs: 10 }], costs: 10 },
    { why: "none", prices: [], costs: null },
    { why: "another currency is never taken", prices: [{ costs: 10, more: { currency: "SEK" } }], costs: null },
    { why: "another interval is never taken", prices: [{ costs: 10, more: { interval: "P1Y" } }], costs: null },
    { why: "another market is never taken", prices: [{ costs: 10, at: "no" }], costs: null },
    { why: "a market's own before its parent's", prices: [{ costs: 10, at: "nordics" }, { costs: 11 }], costs: 11 },
    {
      why: "the parent's where there is none",
      prices: [
        { costs: 10, at: "nordics" },
        { costs: 9, at: "world" },
      ],
      costs: 10,
    },
    { why: "the root's where there is nothing nearer", prices: [{ costs: 9, at: "world" }], costs: 9 },
    { why: "market before segment", prices: [{ costs: 10 }, { costs: 5, at: "nordics", segment: "student" }], asked: student, costs: 10 },
    { why: "market before channel", prices: [{ costs: 10 }, { costs: 5, at: "nordics", channel: "web" }], asked: { channel: "web" }, costs: 10 },
    { why: "market before the newest start", prices: [{ costs: 10 }, { costs: 5, at: "nordics", from: "05-01" }], costs: 10 },
    { why: "a segment's before everyone's", prices: [{ costs: 10 }, { costs: 5, segment: "student" }], asked: student, costs: 5 },
    { why: "a segment's is not for others", prices: [{ costs: 10 }, { costs: 5, segment: "student" }], costs: 10 },
    { why: "a channel's before that of all", prices: [{ costs: 10 }, { costs: 12, channel: "app-store" }], asked: { channel: "app-store" }, costs: 12 },
    { why: "a channel's is not for others", prices: [{ costs: 12, channel: "app-store" }], asked: { channel: "web" }, costs: null },
    { why: "a channel's is not for who names none", prices: [{ costs: 12, channel: "app-store" }], costs: null },
    {
      why: "segment before channel",
      prices: [
        { costs: 5, segment: "student" },
        { costs: 12, channel: "web" },
      ],
      asked: { ...student, channel: "web" },
      costs: 5,
    },
    {
      why: "both before either",
      prices: [
        { costs: 5, segment: "student" },
        { costs: 4, segment: "student", channel: "web" },
        { costs: 12, channel: "web" },
      ],
      asked: { ...student, channel: "web" },
      costs: 4,
    },
    {
      why: "of two segments' the one that began last, dearer or not",
      prices: [
        { costs: 5, segment: "student" },
        { costs: 6, segment: "loyal", from: "05-01" },
      ],
      asked: { segments: ["loyal", "student"] },
      costs: 6,
    },
    {
      why: "of two segments' that began together the cheaper",
      prices: [
        { costs: 5, segment: "student" },
        { costs: 6, segment: "loyal" },
        { costs: 7, segment: "staff" },
      ],
      asked: { segments: ["loyal", "student", "staff"] },
      costs: 5,
    },
    {
      why: "and not the one that a release touched last",
      prices: [
        { costs: 5, segment: "student" },
        { costs: 6, segment: "loyal", known: ["03-01", null] },
      ],
      asked: { segments: ["loyal", "student"] },
      costs: 5,
    },
    {
      why: "cheaper for the quantity asked for",
      prices: [
        { costs: 5, segment: "student" },
        { costs: 0, segment: "loyal", more: { model: "PER_UNIT", unitRate: dec("0.02") } },
      ],
      asked: { segments: ["loyal", "student"], quantity: dec(3) },
      costs: 5,
    },
    {
      why: "which may be the other one for fewer",
      prices: [
        { costs: 5, segment: "student" },
        { costs: 0, segment: "loyal", more: { model: "PER_UNIT", unitRate: dec("0.02") } },
      ],
      asked: { segments: ["loyal", "student"], quantity: dec(2) },
      costs: 0,
    },
  ];
  test.each(cases)("$why", check);

  test("of two that cost the same the first by key", () => {
    const versions = ["student", "loyal"].map((segment) => aPrice({ segment }));
    for (const given of [versions, versions.toReversed()])
      expect(resolvePrice(given, aPriceRequest({ segments: ["student", "loyal"] })).price?.segment).toBe("loyal");
  });
});

describe("new subscriptions", () => {
  const change: Said[] = [
    { costs: 10, until: "04-01" },
    { costs: 12, from: "04-01", existing: "05-01" },
  ];
  const cases: Case[] = [
    { why: "the day before a change", prices: change, now: "03-31", costs: 10 },
    { why: "the day of a change", prices: change, now: "04-01", costs: 12 },
    { why: "before anything is in force", prices: [{ costs: 10, from: "07-01" }], costs: null },
    { why: "after the offer has ended", prices: [{ costs: 10, until: "06-01" }], costs: null },
    { why: "the last day of the offer", prices: [{ costs: 10, until: "06-02" }], costs: 10 },
    { why: "an offer that is gone from the catalog is not there", prices: [{ costs: 10, known: [null, "05-01"] }], costs: null },
    { why: "a later interval keeps an offer that has ended", prices: [{ costs: 10, until: "06-02" }], at: "09-01", costs: 10 },
    { why: "a later interval before the change reaches it", prices: change, now: "03-15", at: "04-15", costs: 10 },
    { why: "a later interval when the change reaches it", prices: change, now: "03-15", at: "05-01", costs: 12 },
    { why: "it began with the change, which cannot reach it again", prices: change, now: "04-01", at: "05-01", costs: 12 },
    { why: "a change for new ones only", prices: [...change.slice(0, 1), { costs: 12, from: "04-01" }], now: "03-15", at: "2027-03-15", costs: 10 },
    { why: "an embargo hides what would reach it later", prices: change, now: "03-15", at: "05-15", asked: { seenUntil: on("03-15") }, costs: 10 },
    { why: "a past point with a later release takes that release as it is", prices: [{ costs: 10, known: ["05-01", null] }], now: "02-01", costs: 10 },
  ];
  test.each(cases)("$why", check);
});

describe("why a price was not taken", () => {
  test.each<{ outcome: PriceOutcome; lost: Said; asked?: Partial<PriceRequest> }>([
    { outcome: "OTHER_CURRENCY", lost: { costs: 1, more: { currency: "SEK" } } },
    { outcome: "OTHER_INTERVAL", lost: { costs: 1, more: { interval: "P1Y" } } },
    { outcome: "OTHER_MARKET", lost: { costs: 1, at: "no" } },
    { outcome: "OTHER_CHANNEL", lost: { costs: 1, channel: "web" } },
    { outcome: "OTHER_SEGMENT", lost: { costs: 1, segment: "staff" } },
    { outcome: "NOT_YET_IN_FORCE", lost: { costs: 1, from: "07-01" } },
    { outcome: "NO_LONGER_IN_FORCE", lost: { costs: 1, until: "05-01" } },
    { outcome: "NOT_FOR_EXISTING", lost: { costs: 1, from: "05-01" }, asked: { since: on("04-01") } },
    { outcome: "MARKET_LESS_SPECIFIC", lost: { costs: 1, at: "world" } },
    { outcome: "SEGMENT_LESS_SPECIFIC", lost: { costs: 1, channel: "app" }, asked: { channel: "app" } },
    { outcome: "OLDER", lost: { costs: 1, segment: "student", from: "2019-01-01" } },
    { outcome: "DEARER", lost: { costs: 99, segment: "loyal" } },
  ])("$outcome", ({ outcome, lost, asked }) => {
    const request = aPriceRequest({ segments: ["student", "loyal"], ...asked });
    const { candidates } = resolvePrice([price(lost), price({ costs: 10, segment: "student" })], request);
    expect(candidates.map((candidate) => [candidate.price.amountMinor, candidate.outcome])).toEqual([
      [10n, "WON"],
      [BigInt(lost.costs), outcome],
    ]);
  });

  test("CHANNEL_LESS_SPECIFIC", () => {
    const { candidates } = resolvePrice([price({ costs: 1 }), price({ costs: 2, channel: "web" })], aPriceRequest({ channel: "web" }));
    expect(candidates.map(({ outcome }) => outcome)).toEqual(["WON", "CHANNEL_LESS_SPECIFIC"]);
  });

  test("what is not announced is not among the candidates", () => {
    const prices = [{ costs: 10 }, { costs: 11, from: "07-01" }, { costs: 12, from: "05-01", known: ["02-01", "04-01"] as const }].map(price);
    const seen = (said: Partial<PriceRequest>): number[] =>
      resolvePrice(prices, aPriceRequest({ since: on("01-01"), ...said })).candidates.map(({ price: { amountMinor } }) => Number(amountMinor));
    expect(seen({}).sort()).toEqual([10, 11, 12]);
    expect(seen({ seenUntil: NOW })).toEqual([10]);
  });
});
