import { byPriority, type LinedDiscount } from "./discount-application.js";
import type { DiscountPolicy } from "./discount-policy.js";
import { savingsOf, worthOf, type RecurringAmounts } from "./discount-runs.js";

/** What became of a discount that applies. */
export const CHOICE_OUTCOMES = ["CHOSEN", "NO_EFFECT", "GROUP_TAKEN", "EXCLUDED", "NOT_ALONE", "SAVES_LESS"] as const;
export type ChoiceOutcome = (typeof CHOICE_OUTCOMES)[number];

export interface Verdict {
  readonly outcome: ChoiceOutcome;
  /** The discount that stood in the way; null where it was none, or several together. */
  readonly by: string | null;
}

export interface DiscountChoiceResult<D extends LinedDiscount> {
  /** By priority, then key. */
  readonly chosen: readonly D[];
  /** One for each discount given, by key. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** False when there were too many combinations to try them all, and the best was looked for step by step. */
  readonly triedAll: boolean;
}

/** How many combinations are tried one by one. */
const MAX_COMBINATIONS = 512;

/**
 * Which of the discounts that apply come off together. Of a stacking group one is taken; an exclusive discount goes with no other;
 * those in no group go with all. IN_PRIORITY_ORDER takes them by priority, each unless one taken before forbids it.
 * BEST_FOR_CUSTOMER takes the combination that saves the most over the periods counted and, where several save alike, the
 * one that priority would take. A discount that takes nothing off does not stand in another's way.
 */
export function chooseDiscounts<D extends LinedDiscount>(
  discounts: readonly D[],
  recurring: RecurringAmounts,
  policy: DiscountPolicy,
): DiscountChoiceResult<D> {
  const sorted = [...discounts].sort((a, b) => byPriority(a.discount, b.discount));
  const verdicts = new Map<string, Verdict>();
  const helpful = sorted.filter((one) => worthOf(recurring, [one], policy).get(one.discount.key)?.hasEffect === true);
  const { chosen, triedAll } = policy.choice === "IN_PRIORITY_ORDER" ? { chosen: inPriorityOrder(helpful), triedAll: true } : best(helpful, recurring, policy);
  // Beside others one may have nothing left to take, such as 10 % off a month that is free: it is not used up for that.
  const worth = worthOf(recurring, chosen, policy);
  const kept = chosen.filter(({ discount }) => worth.get(discount.key)?.hasEffect === true);
  for (const one of sorted) {
    const isKept = kept.includes(one);
    const isNothing = !helpful.includes(one) || chosen.includes(one);
    verdicts.set(one.discount.key, isKept ? { outcome: "CHOSEN", by: null } : isNothing ? { outcome: "NO_EFFECT", by: null } : whyNot(one, kept, policy));
  }
  return { chosen: kept, verdicts, triedAll };
}

function inPriorityOrder<D extends LinedDiscount>(sorted: readonly D[]): D[] {
  const taken: D[] = [];
  for (const one of sorted) if (!taken.some((other) => standsAgainst(one, other))) taken.push(one);
  return taken;
}

function standsAgainst({ discount: a }: LinedDiscount, { discount: b }: LinedDiscount): boolean {
  return a.stacking.exclusive || b.stacking.exclusive || (a.stacking.group !== null && a.stacking.group === b.stacking.group);
}

function whyNot(one: LinedDiscount, chosen: readonly LinedDiscount[], { choice }: DiscountPolicy): Verdict {
  const exclusive = chosen.find(({ discount }) => discount.stacking.exclusive);
  if (exclusive) return { outcome: "EXCLUDED", by: exclusive.discount.key };
  if (one.discount.stacking.exclusive) return { outcome: choice === "BEST_FOR_CUSTOMER" ? "SAVES_LESS" : "NOT_ALONE", by: chosen[0]?.discount.key ?? null };
  const rival = chosen.find((other) => standsAgainst(one, other));
  return { outcome: choice === "BEST_FOR_CUSTOMER" ? "SAVES_LESS" : "GROUP_TAKEN", by: rival?.discount.key ?? null };
}

function best<D extends LinedDiscount>(sorted: readonly D[], recurring: RecurringAmounts, policy: DiscountPolicy): { chosen: D[]; triedAll: boolean } {
  const together = sorted.filter(({ discount }) => !discount.stacking.exclusive);
  const groups = inGroups(together);
  const always = together.filter(({ discount }) => discount.stacking.group === null);
  const saves = (some: readonly D[]): bigint => savingsOf(recurring, some, policy);
  const count = groups.reduce((product, { length }) => product * length, 1);
  const triedAll = count <= MAX_COMBINATIONS;
  const combined = triedAll ? mostOf(combinations(groups, always), saves) : climb(groups, always, saves);
  const alone = sorted.filter(({ discount }) => discount.stacking.exclusive).map((one) => [one]);
  return { chosen: mostOf([combined, ...alone], saves), triedAll };
}

function inGroups<D extends LinedDiscount>(discounts: readonly D[]): D[][] {
  const groups = new Map<string, D[]>();
  for (const one of discounts) {
    const { group } = one.discount.stacking;
    if (group !== null) groups.set(group, [...(groups.get(group) ?? []), one]);
  }
  return [...groups.values()];
}

/** The first of those that save the most. */
function mostOf<D>(options: Iterable<D[]>, saves: (some: readonly D[]) => bigint): D[] {
  let most: { some: D[]; saved: bigint } | null = null;
  for (const some of options) {
    const saved = saves(some);
    if (most === null || saved > most.saved) most = { some, saved };
  }
  return most?.some ?? [];
}

/** One of each group and all of the others; first those of the highest priority. */
function* combinations<D>(groups: readonly (readonly D[])[], always: readonly D[]): Generator<D[]> {
  const [group, ...rest] = groups;
  if (!group) return yield [...always];
  for (const one of group) for (const others of combinations(rest, always)) yield [one, ...others];
}

/** Betters one group at a time until nothing gets better. */
function climb<D>(groups: readonly (readonly D[])[], always: readonly D[], saves: (some: readonly D[]) => bigint): D[] {
  const picks = groups.flatMap(([first]) => (first === undefined ? [] : [first]));
  for (let changed = true; changed;) {
    changed = false;
    for (const [index, group] of groups.entries()) {
      const others = [...picks.slice(0, index), ...picks.slice(index + 1), ...always];
      const [pick] = mostOf(
        [picks[index], ...group].flatMap((one) => (one === undefined ? [] : [[one, ...others]])),
        saves,
      );
      if (pick === undefined || pick === picks[index]) continue;
      picks[index] = pick;
      changed = true;
    }
  }
  return [...picks, ...always];
}
