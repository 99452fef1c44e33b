import fc from "fast-check";
import { expect, test } from "vitest";
import { resolvePrice, type PriceVersion } from "../../src/catalog/prices/price-resolution.js";
import { aPrice, aPriceRequest, day } from "../support/quotes.js";

/** A price of one release. Days count from the first of January. */
interface Offer {
  readonly slot: string;
  readonly from: number;
  readonly until: number;
  readonly existing: number | null;
  readonly costs: number;
}

interface Release {
  readonly published: number;
  readonly offers: readonly Offer[];
}

const DAYS = 24;
const PATH = ["se", "nordics", "world"];
const nth = (count: number): Date => new Date(day("2026-01-01").getTime() + count * 86_400_000);
const same = (a: Offer, b: Offer): boolean => JSON.stringify(a) === JSON.stringify(b);
const keyOf = ({ slot, from }: Offer): string => `${slot} ${from}`;

/** The versions of prices that a history of releases has, each as long as it stands unchanged. */
function versionsOf(releases: readonly Release[]): PriceVersion[] {
  return releases.flatMap(({ offers }, index) =>
    offers.flatMap((offer): PriceVersion[] => {
      if (releases[index - 1]?.offers.some((before) => same(before, offer))) return [];
      const gone = releases.findIndex((later, at) => at > index && !later.offers.some((still) => same(still, offer)));
      const [marketKey = "", segment = "", channel = ""] = offer.slot.split(" ");
      return [
        aPrice({
          ...{ marketKey, segment: segment === "*" ? null : segment, channel: channel === "*" ? null : channel, amountMinor: BigInt(offer.costs) },
          ...{ effective: { from: nth(offer.from), until: Number.isFinite(offer.until) ? nth(offer.until) : null } },
          existingFrom: offer.existing === null ? null : nth(offer.existing),
          knownFrom: index === 0 ? null : nth(releases[index]?.published ?? 0),
          knownUntil: gone === -1 ? null : nth(releases[gone]?.published ?? 0),
        }),
      ];
    }),
  );
}

/** The release that a day sees; the first speaks for the time before it too. */
function releaseOn(releases: readonly Release[], today: number): number {
  return Math.max(
    0,
    releases.findLastIndex(({ published }) => published <= today),
  );
}

/** Plays through time: what the subscription holds in each slot, day by day, and in the end the most specific of it. */
function play(releases: readonly Release[], since: number, until: number, frozen: number | null): number | null {
  const held = new Map<string, Offer>();
  for (let today = since; today <= until; today++) {
    const current = frozen ?? releaseOn(releases, today);
    for (const offer of releases[current]?.offers ?? []) {
      if (today === since && offer.from <= today && today < offer.until) held.set(offer.slot, offer);
      // Since when it stands as it does: whoever began later began with it.
      let first = current;
      while (frozen === null && first > 0 && releases[first - 1]?.offers.some((before) => same(before, offer))) first--;
      const wasThereFirst = since < offer.from || (frozen === null && first > 0 && since < (releases[first]?.published ?? 0));
      if (today === since || !wasThereFirst || offer.existing === null || offer.existing > today) continue;
      const has = held.get(offer.slot);
      if (!has || has.from <= offer.from) held.set(offer.slot, offer);
    }
  }
  const rank = ({ slot, from, costs }: Offer): (number | string)[] => {
    const [market = "", segment = "", channel = ""] = slot.split(" ");
    return [PATH.indexOf(market), Number(segment === "*"), Number(channel === "*"), -from, costs, segment];
  };
  const before = (a: Offer, b: Offer): number => {
    const [one, other] = [rank(a), rank(b)];
    const at = one.findIndex((value, index) => value !== other[index]);
    return at === -1 ? 0 : (one[at] ?? 0) < (other[at] ?? 0) ? -1 : 1;
  };
  return [...held.values()].sort(before)[0]?.costs ?? null;
}

const offer = fc
  .record({
    market: fc.constantFrom("se", "se", "world"),
    segment: fc.constantFrom("*", "*", "*", "student", "loyal"),
    channel: fc.constantFrom("*", "*", "*", "web"),
    from: fc.integer({ min: 0, max: DAYS - 4 }),
    lasts: fc.integer({ min: 1, max: DAYS }),
    after: fc.option(fc.integer({ min: 0, max: 8 }), { freq: 3 }),
    costs: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ market, segment, channel, from, lasts, after, costs }): Offer => {
    return {
      slot: `${market} ${segment} ${channel}`,
      from,
      until: from + lasts > DAYS ? Number.POSITIVE_INFINITY : from + lasts,
      existing: after === null ? null : from + after,
      costs,
    };
  });

/** No two of one slot at one instant: what comes later in a release ends what came before. */
function sound(offers: readonly Offer[]): Offer[] {
  const kept = new Map(offers.map((one) => [keyOf(one), one]));
  return [...kept.values()].map((one) => {
    const next = Math.min(...[...kept.values()].filter(({ slot, from }) => slot === one.slot && from > one.from).map(({ from }) => from));
    return { ...one, until: Math.min(one.until, next) };
  });
}

/** A release changes some of what the one before has: leaves it, drops it, or gives it other terms. */
const change = fc.record({
  published: fc.integer({ min: 1, max: 8 }),
  does: fc.array(fc.constantFrom("keep", "keep", "drop", "cost", "existing", "never"), { minLength: 8, maxLength: 8 }),
  to: fc.integer({ min: 41, max: 99 }),
  adds: fc.array(offer, { maxLength: 2 }),
});
const history = fc.tuple(fc.array(offer, { minLength: 1, maxLength: 4 }), fc.array(change, { maxLength: 3 })).map(([offers, changes]): Release[] => {
  const releases: Release[] = [{ published: 2, offers: sound(offers) }];
  for (const { published, does, to, adds } of changes) {
    const last = releases[releases.length - 1];
    const changed = (last?.offers ?? []).flatMap((one, index): Offer[] => {
      const what = does[index % does.length];
      if (what === "drop") return [];
      if (what === "cost") return [{ ...one, costs: to + index }];
      if (what === "existing") return [{ ...one, existing: one.from + (to % 10) }];
      return [what === "never" ? { ...one, costs: to + index, existing: null } : one];
    });
    releases.push({ published: (last?.published ?? 0) + published, offers: sound([...changed, ...adds]) });
  }
  return releases;
});
const who = { segments: fc.constantFrom([], ["student"], ["student", "loyal"]), channel: fc.constantFrom(null, "web") };
const days = fc.integer({ min: 0, max: DAYS + 12 });

const meant = ({ slot }: Offer, segments: readonly string[], channel: string | null): boolean => {
  const [, segment = "", forChannel = ""] = slot.split(" ");
  return (segment === "*" || segments.includes(segment)) && (forChannel === "*" || forChannel === channel);
};
const forThem = (releases: readonly Release[], segments: readonly string[], channel: string | null): Release[] =>
  releases.map(({ published, offers }) => ({ published, offers: offers.filter((one) => meant(one, segments, channel)) }));

test("an existing subscription pays what playing through its time day by day comes to", () => {
  let billed = 0;
  fc.assert(
    fc.property(history, days, days, who.segments, who.channel, fc.boolean(), (releases, one, other, segments, channel, isReversed) => {
      const [since, at] = [Math.min(one, other), Math.max(one, other)];
      const versions = versionsOf(releases);
      const request = aPriceRequest({ since: nth(since), from: nth(at), segments, channel });
      const { price } = resolvePrice(isReversed ? versions.toReversed() : versions, request);
      const expected = play(forThem(releases, segments, channel), since, at, null);
      expect(price === null ? null : Number(price.amountMinor)).toBe(expected);
      if (expected !== null) billed++;
    }),
    { numRuns: 10_000 },
  );
  expect(billed).toBeGreaterThan(3_000);
});

test("what begins at the catalog point sees the time to come as its release has it", () =>
  fc.assert(
    fc.property(history, days, days, who.segments, who.channel, (releases, one, other, segments, channel) => {
      const [from, at] = [Math.min(one, other), Math.max(one, other)];
      const request = aPriceRequest({ from: nth(from), at: nth(at), segments, channel });
      const { price } = resolvePrice(versionsOf(releases), request);
      expect(price === null ? null : Number(price.amountMinor)).toBe(play(forThem(releases, segments, channel), from, at, releases.length - 1));
    }),
    { numRuns: 5_000 },
  ));
