import type { CatalogKey } from "../../kernel/key.js";
import type { Exhaustion } from "../discounts/discount-eligibility.js";

/** Whose use of which discounts is asked for. */
export interface DiscountUseQuestion {
  readonly discountKeys: readonly CatalogKey[];
  /** Null = nobody in particular: what one customer may have is not looked at. */
  readonly customerId: string | null;
  readonly uniqueCodeIds: readonly string[];
}

export interface ExhaustedDiscount {
  readonly discountKey: CatalogKey;
  readonly what: Exhaustion;
}

/** What of that is used up. */
export interface DiscountUses {
  readonly exhausted: readonly ExhaustedDiscount[];
  readonly usedCodeIds: readonly string[];
}

/** What has been used of discounts. Kept by redemptions, which are no business of the catalog. */
export interface DiscountUseRepository {
  /** One answer for each question, in their order. */
  findUses(questions: readonly DiscountUseQuestion[]): Promise<DiscountUses[]>;
}
