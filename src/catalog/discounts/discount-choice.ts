import { byPriority, type LinedDiscount } from "./discount-application.js";
import { bestOf } from "./discount-combinations.js";
import type { DiscountPolicy } from "./discount-policy.js";
import { hasEffectAlone, savingsOf, worthOf, type DiscountWorth, type RecurringAmounts } from "./discount-runs.js";

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
  /** What each of the chosen is worth beside the others, by key. */
  readonly worth: ReadonlyMap<string, DiscountWorth>;
  /** False when there were too many combinations to try them all, and the best was looked for step by step. */
  readonly triedAll: boolean;
}

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
  let helpful = sorted.filter((one) => hasEffectAlone(recurring, one));
  let { chosen, triedAll } = choose(helpful, recurring, policy);
  let worth = worthOf(recurring, chosen, policy);
  // Beside others one may have nothing left to take, such as 10 % off a month that is free: it is not used up for that, and its
  // group is open again to one that has.
  for (let idle = chosen.filter((one) => isIdle(one, worth)); idle.length > 0; idle = chosen.filter((one) => isIdle(one, worth))) {
    helpful = helpful.filter((one) => !idle.includes(one));
    ({ chosen, triedAll } = choose(helpful, recurring, policy));
    worth = worthOf(recurring, chosen, policy);
  }
  return new Choice(sorted, helpful, chosen, policy, worth, triedAll);
}

class Choice<D extends LinedDiscount> implements DiscountChoiceResult<D> {
  private found: ReadonlyMap<string, Verdict> | null = null;

  constructor(
    private readonly sorted: readonly D[],
    private readonly helpful: readonly D[],
    readonly chosen: readonly D[],
    private readonly policy: DiscountPolicy,
    readonly worth: ReadonlyMap<string, DiscountWorth>,
    readonly triedAll: boolean,
  ) {}

  /** Found when they are asked for: without a code, and without the working, nobody does. */
  get verdicts(): ReadonlyMap<string, Verdict> {
    return (this.found ??= new Map(this.sorted.map((one) => [one.discount.key, this.verdictOf(one)])));
  }

  private verdictOf(one: D): Verdict {
    if (this.chosen.includes(one)) return { outcome: "CHOSEN", by: null };
    return this.helpful.includes(one) ? whyNot(one, this.chosen, this.policy) : { outcome: "NO_EFFECT", by: null };
  }
}

function isIdle({ discount }: LinedDiscount, worth: ReadonlyMap<string, DiscountWorth>): boolean {
  return worth.get(discount.key)?.hasEffect !== true;
}

function choose<D extends LinedDiscount>(sorted: readonly D[], recurring: RecurringAmounts, policy: DiscountPolicy): { chosen: D[]; triedAll: boolean } {
  if (policy.choice === "IN_PRIORITY_ORDER") return { chosen: inPriorityOrder(sorted), triedAll: true };
  const { chosen, triedAll } = bestOf(sorted, (some) => savingsOf(recurring, some, policy));
  return { chosen: sorted.filter((one) => chosen.includes(one)), triedAll };
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
