export const DISCOUNT_CHOICES = ["BEST_FOR_CUSTOMER", "IN_PRIORITY_ORDER"] as const;
export type DiscountChoice = (typeof DISCOUNT_CHOICES)[number];

export const DISCOUNT_APPLICATIONS = ["PERCENT_FIRST", "AMOUNT_FIRST"] as const;
export type DiscountApplication = (typeof DISCOUNT_APPLICATIONS)[number];

/** How the catalog goes about several discounts that a customer could have at once. One policy holds for a whole release. */
export interface DiscountPolicy {
  /**
   * Which of them are granted. IN_PRIORITY_ORDER: in every stacking group the highest priority wins, and an exclusive discount wins
   * if its priority is higher than that of all others. BEST_FOR_CUSTOMER: the combination that stacking allows which leaves the
   * customer paying least.
   */
  readonly choice: DiscountChoice;
  /** Whether percents come off before amounts, and so off the larger price, or after them. */
  readonly application: DiscountApplication;
}

/** The key under which a release keeps it. */
export const DISCOUNT_POLICY_KEY = "discounts";

/** What holds where a catalog says nothing. */
export const DEFAULT_DISCOUNT_POLICY: DiscountPolicy = { choice: "IN_PRIORITY_ORDER", application: "PERCENT_FIRST" };
