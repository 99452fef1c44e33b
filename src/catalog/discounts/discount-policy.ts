/** How the catalog decides between discounts that do not go together. */
export const DISCOUNT_CHOICES = ["BEST_FOR_CUSTOMER", "IN_PRIORITY_ORDER"] as const;
export type DiscountChoice = (typeof DISCOUNT_CHOICES)[number];

/** Whether percents come off before or after amounts. */
export const DISCOUNT_APPLICATIONS = ["PERCENT_FIRST", "AMOUNT_FIRST"] as const;
export type DiscountApplication = (typeof DISCOUNT_APPLICATIONS)[number];

export interface DiscountPolicy {
  readonly choice: DiscountChoice;
  readonly application: DiscountApplication;
}

/** What holds while a catalog does not say. */
export const DEFAULT_DISCOUNT_POLICY: DiscountPolicy = { choice: "IN_PRIORITY_ORDER", application: "PERCENT_FIRST" };
