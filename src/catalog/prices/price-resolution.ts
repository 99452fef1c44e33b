import type { BillingInterval } from "../../kernel/billing-interval.js";
import type { CurrencyCode } from "../../kernel/currency.js";
import type { Decimal } from "../../kernel/decimal.js";
import type { CatalogKey } from "../../kernel/key.js";
import { amountOf } from "./price-amount.js";
import type { Price } from "./price.js";

/** A price as a run of releases had it. */
export interface PriceVersion extends Price {
  /** When the first of these releases was published; null for the first release, which speaks for all time before it. */
  readonly knownFrom: Date | null;
  /** When a release without it was published; null = it stands at the catalog point. */
  readonly knownUntil: Date | null;
}

/** What a price is looked for. */
export interface PriceRequest {
  /** From the most specific market up: see `marketPath`. */
  readonly marketPath: readonly CatalogKey[];
  readonly currency: CurrencyCode;
  readonly interval: BillingInterval;
  readonly channel: CatalogKey | null;
  readonly segments: readonly CatalogKey[];
  readonly quantity: Decimal;
  /** When the subscription began; null = it begins at `from`. */
  readonly since: Date | null;
  /** The instant of the catalog point. */
  readonly from: Date;
  /** When the interval to be priced begins: not before `from`. */
  readonly at: Date;
  /** Changes that reach a subscription after this instant are not seen: the embargo. Null = all are. */
  readonly seenUntil: Date | null;
}

/** Why a price was not taken, in the order in which it is asked. */
export const PRICE_OUTCOMES = [
  "OTHER_CURRENCY",
  "OTHER_INTERVAL",
  "OTHER_MARKET",
  "OTHER_CHANNEL",
  "OTHER_SEGMENT",
  "NOT_YET_IN_FORCE",
  "NO_LONGER_IN_FORCE",
  "NOT_FOR_EXISTING",
  "MARKET_LESS_SPECIFIC",
  "SEGMENT_LESS_SPECIFIC",
  "CHANNEL_LESS_SPECIFIC",
  "OLDER",
  "DEARER",
  "WON",
] as const;
export type PriceOutcome = (typeof PRICE_OUTCOMES)[number];

export interface PriceCandidate {
  readonly price: PriceVersion;
  readonly outcome: PriceOutcome;
}

export interface PriceResolution {
  readonly price: PriceVersion | null;
  /** Every price that was looked at and that may be seen, the one taken first, then by key. */
  readonly candidates: readonly PriceCandidate[];
}

/**
 * Which of a plan's prices applies. Currency and interval are hard, and a price for a channel or a segment is only for those in
 * it. A new subscription may take what is in force when it begins. An existing one keeps what it began with, as was known
 * then, until a change reaches it: at `existingFrom` or, if the change was published later, when it was published. What
 * reached it stays until something newer does, so a change that arrives after a newer one does not undo that.
 * Of those left the most specific market wins, then a price for a segment, then one for a channel, then the newest start.
 * Only customers in several segments can still find two: the cheaper one for `quantity` is theirs, then the first by key.
 */
export function resolvePrice(versions: readonly PriceVersion[], request: PriceRequest): PriceResolution {
  const seen = asSeen(versions, request);
  const applicable = seen.filter((price) => isPublic(price, request) && whyNot(price, request) === null);
  let winner: PriceVersion | null = null;
  for (const price of applicable.length > 1 ? newestVersions(applicable) : applicable)
    if (winner === null || compare(winner, price, request).order > 0) winner = price;
  return new Resolution(winner, seen, request);
}

class Resolution implements PriceResolution {
  constructor(
    readonly price: PriceVersion | null,
    private readonly seen: readonly PriceVersion[],
    private readonly request: PriceRequest,
  ) {}

  /** Gathered when they are asked for, which they seldom are. */
  get candidates(): readonly PriceCandidate[] {
    const { price: winner, seen, request } = this;
    const candidates = seen
      .filter((price) => isPublic(price, request))
      .map((price): PriceCandidate => {
        const lost = whyNot(price, request);
        return { price, outcome: lost ?? (price === winner || winner === null ? "WON" : compare(winner, price, request).outcome) };
      });
    return onePerKey(candidates.sort(byOutcomeAndKey));
  }
}

function whyNot(price: PriceVersion, request: PriceRequest): PriceOutcome | null {
  if (price.currency !== request.currency) return "OTHER_CURRENCY";
  if (price.interval !== request.interval) return "OTHER_INTERVAL";
  if (!request.marketPath.includes(price.marketKey)) return "OTHER_MARKET";
  if (price.channel !== null && price.channel !== request.channel) return "OTHER_CHANNEL";
  if (price.segment !== null && !request.segments.includes(price.segment)) return "OTHER_SEGMENT";
  const began = request.since ?? request.from;
  if (isKnown(price, request.since) && isInForce(price, began)) return null;
  if (reaches(price, request)) return null;
  if (request.since === null && request.at.getTime() === request.from.getTime())
    return price.effective.from > request.at ? "NOT_YET_IN_FORCE" : "NO_LONGER_IN_FORCE";
  return price.effective.from > request.at ? "NOT_YET_IN_FORCE" : "NOT_FOR_EXISTING";
}

/**
 * Versions as they are seen under the embargo: an end or an arrival that is to come is not, and versions that differ in nothing
 * else are one. Announcing a price ends the one before it, and that this was touched would tell.
 */
function asSeen(versions: readonly PriceVersion[], { seenUntil }: PriceRequest): readonly PriceVersion[] {
  if (seenUntil === null || !tellsMore(versions, seenUntil)) return versions;
  // A quote looks at the same versions for every interval.
  const known = lastSeen.get(versions);
  if (known?.until === seenUntil.getTime()) return known.seen;
  const seen = maskVersions(versions, seenUntil);
  lastSeen.set(versions, { until: seenUntil.getTime(), seen });
  return seen;
}

/** Whether versions tell of what comes after an instant, or what earlier releases had. */
function tellsMore(versions: readonly PriceVersion[], seenUntil: Date): boolean {
  const seen = seenUntil.getTime();
  for (const { effective, existingFrom, knownUntil } of versions)
    if (knownUntil !== null || (effective.until !== null && effective.until.getTime() > seen) || (existingFrom !== null && existingFrom.getTime() > seen))
      return true;
  return false;
}

const lastSeen = new WeakMap<readonly PriceVersion[], { readonly until: number; readonly seen: readonly PriceVersion[] }>();

function maskVersions(versions: readonly PriceVersion[], seenUntil: Date): readonly PriceVersion[] {
  const seen: PriceVersion[] = [];
  const place = new Map<string, number>();
  for (const version of [...versions].sort((a, b) => knownSince(a) - knownSince(b))) {
    const { effective, existingFrom } = version;
    const masked = {
      ...version,
      effective: { from: effective.from, until: effective.until !== null && effective.until > seenUntil ? null : effective.until },
      existingFrom: existingFrom !== null && existingFrom > seenUntil ? null : existingFrom,
    };
    const at = place.get(version.key) ?? seen.length;
    const before = seen[at];
    if (before && before.knownUntil?.getTime() === version.knownFrom?.getTime() && termsOf(before) === termsOf(masked)) {
      seen[at] = { ...masked, knownFrom: before.knownFrom };
    } else {
      place.set(version.key, seen.length);
      seen.push(masked);
    }
  }
  return seen;
}

/** All that a version says, apart from when it was known. */
function termsOf({ knownFrom: _from, knownUntil: _until, ...terms }: PriceVersion): string {
  return JSON.stringify(terms, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

/** Whether a version was ever in force before the embargo begins: one that was announced, or announced and taken back, says what is not public. */
function isPublic({ effective, knownUntil }: PriceVersion, { seenUntil }: PriceRequest): boolean {
  if (seenUntil === null) return true;
  const from = effective.from.getTime();
  return from <= seenUntil.getTime() && (knownUntil === null || from < knownUntil.getTime());
}

/** Whether a version was what the catalog said when a subscription began: at the catalog point itself, or back then. */
function isKnown({ knownFrom, knownUntil }: PriceVersion, since: Date | null): boolean {
  if (since === null) return knownUntil === null;
  return (knownFrom === null || knownFrom <= since) && (knownUntil === null || since < knownUntil);
}

function isInForce({ effective: { from, until } }: PriceVersion, at: Date): boolean {
  return from.getTime() <= at.getTime() && (until === null || at.getTime() < until.getTime());
}

/** Whether a version has come to hold, by `at`, for a subscription that began before it. */
function reaches(price: PriceVersion, { since, from, at, seenUntil }: PriceRequest): boolean {
  const { existingFrom, knownFrom, knownUntil, effective } = price;
  if (existingFrom === null) return false;
  // What begins at the catalog point takes that point's release as it is, whenever that was published.
  const published = since === null ? null : knownFrom;
  const began = since ?? from;
  const arrives = published !== null && published > existingFrom ? published : existingFrom;
  const beganBefore = began < effective.from || (published !== null && began < published);
  return (
    beganBefore &&
    began < arrives &&
    arrives <= at &&
    (seenUntil === null || arrives <= seenUntil) &&
    (since === null ? knownUntil === null : knownUntil === null || arrives < knownUntil)
  );
}

/** Of each price the version published last. They are told apart before prices are compared: what a release only touched is no newer price. */
function newestVersions(versions: readonly PriceVersion[]): PriceVersion[] {
  const newest = new Map<string, PriceVersion>();
  for (const version of versions) {
    const held = newest.get(version.key);
    if (!held || knownSince(version) > knownSince(held)) newest.set(version.key, version);
  }
  return [...newest.values()];
}

interface Criterion {
  readonly outcome: PriceOutcome;
  readonly order: (a: PriceVersion, b: PriceVersion, request: PriceRequest) => number;
}

/** What prices are compared by, one after the other. */
const CRITERIA: readonly Criterion[] = [
  { outcome: "MARKET_LESS_SPECIFIC", order: (a, b, { marketPath }) => marketPath.indexOf(a.marketKey) - marketPath.indexOf(b.marketKey) },
  { outcome: "SEGMENT_LESS_SPECIFIC", order: (a, b) => Number(a.segment === null) - Number(b.segment === null) },
  { outcome: "CHANNEL_LESS_SPECIFIC", order: (a, b) => Number(a.channel === null) - Number(b.channel === null) },
  { outcome: "OLDER", order: (a, b) => b.effective.from.getTime() - a.effective.from.getTime() },
  { outcome: "OLDER", order: (a, b) => (a.key === b.key ? knownSince(b) - knownSince(a) : 0) },
  { outcome: "DEARER", order: (a, b, { quantity }) => amountOf(a, quantity).exact.comparedTo(amountOf(b, quantity).exact) },
  { outcome: "DEARER", order: (a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)) },
];

/** Negative: `a` goes before `b`; the outcome says by what `b` lost. */
function compare(a: PriceVersion, b: PriceVersion, request: PriceRequest): { order: number; outcome: PriceOutcome } {
  for (const { outcome, order } of CRITERIA) {
    const result = order(a, b, request);
    if (result !== 0) return { order: result, outcome };
  }
  return { order: 0, outcome: "OLDER" };
}

/** Before every instant for the first release: a number all the same, because two infinities have no difference. */
function knownSince({ knownFrom }: PriceVersion): number {
  return knownFrom?.getTime() ?? Number.MIN_SAFE_INTEGER;
}

/** The version that was taken, else the one known last: how often a price was touched tells nothing, and might tell of what is to come. */
function onePerKey(sorted: readonly PriceCandidate[]): PriceCandidate[] {
  const seen = new Set<string>();
  return sorted.filter(({ price: { key } }) => !seen.has(key) && seen.add(key));
}

function byOutcomeAndKey(a: PriceCandidate, b: PriceCandidate): number {
  const won = Number(b.outcome === "WON") - Number(a.outcome === "WON");
  if (won !== 0) return won;
  if (a.price.key !== b.price.key) return a.price.key < b.price.key ? -1 : 1;
  return knownSince(b.price) - knownSince(a.price);
}
