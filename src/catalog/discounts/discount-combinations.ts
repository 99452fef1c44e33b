import { byPriority, type LinedDiscount } from "./discount-application.js";

/** How many combinations are tried one by one: all there are of up to eight discounts without groups. */
const MAX_COMBINATIONS = 256;

/** How many discounts the combinations of a longer search may have in all: hundreds of discounts make it shallower, not slower. */
const MAX_SEARCHED = 1_024;

type Saving<D> = (some: readonly D[]) => bigint;

/**
 * The allowed combination that saves the most: of each stacking group one or none, of the others any, or one exclusive discount alone.
 * More discounts nearly always save more, but not quite: a cent that is split elsewhere can cost a later percent a cent, so the ones with
 * some left out are tried too. Where several save alike, the one that priority would take goes first.
 * @param sorted by priority; each must take something off.
 */
export function bestOf<D extends LinedDiscount>(sorted: readonly D[], saves: Saving<D>): { chosen: D[]; triedAll: boolean } {
  const isAlone = ({ discount }: D): boolean => discount.stacking.exclusive;
  const places = inPlaces(sorted.filter((one) => !isAlone(one)));
  const triedAll = places.reduce((product, { length }) => product * (length + 1), 1) <= MAX_COMBINATIONS;
  const together = triedAll ? mostOf(combinations(places, true), saves) : searched(places, saves);
  const options = [together, ...sorted.filter(isAlone).map((one) => [one])].sort(byFirst);
  return { chosen: mostOf(options, saves), triedAll };
}

/** The empty combination goes last. */
function byFirst<D extends LinedDiscount>([a]: readonly D[], [b]: readonly D[]): number {
  return a && b ? byPriority(a.discount, b.discount) : Number(a === undefined) - Number(b === undefined);
}

/** What goes into one combination at most once: a group, or a discount of none. Places stand in the order of the best that each can have. */
function inPlaces<D extends LinedDiscount>(discounts: readonly D[]): D[][] {
  const places = new Map<string, D[]>();
  for (const one of discounts) {
    const { key, stacking } = one.discount;
    const place = stacking.group ?? `/${key}`;
    places.set(place, [...(places.get(place) ?? []), one]);
  }
  return [...places.values()];
}

/** The first of those that save the most. */
function mostOf<D>(options: Iterable<D[]>, saves: Saving<D>): D[] {
  let most: { some: D[]; saved: bigint } | null = null;
  for (const some of options) {
    const saved = saves(some);
    if (most === null || saved > most.saved) most = { some, saved };
  }
  return most?.some ?? [];
}

/** One of each place, first those of the highest priority; if asked for also those with places left empty. */
function* combinations<D>(places: readonly (readonly D[])[], withGaps: boolean): Generator<D[]> {
  const [place, ...rest] = places;
  if (!place) {
    yield [];
    return;
  }
  for (const one of place) for (const others of combinations(rest, withGaps)) yield [one, ...others];
  if (withGaps) yield* combinations(rest, withGaps);
}

/** Where there are too many combinations: starts from the best without gaps, or from priority's own, and betters one place at a time. */
function searched<D>(places: readonly (readonly D[])[], saves: Saving<D>): D[] {
  const count = places.reduce((product, { length }) => product * length, places.length);
  const whole = combinations(places, false);
  let most = count <= MAX_SEARCHED ? mostOf(whole, saves) : places.map(([first]) => first).filter((first) => first !== undefined);
  let left = MAX_SEARCHED;
  for (let changed = true; changed && left > 0;) {
    changed = false;
    for (const place of places) {
      if (left <= 0) break;
      left -= (place.length + 1) * places.length;
      const others = most.filter((one) => !place.includes(one));
      const better = mostOf([most, ...place.map((one) => [one, ...others]), others], saves);
      if (better === most) continue;
      most = better;
      changed = true;
    }
  }
  return most;
}
