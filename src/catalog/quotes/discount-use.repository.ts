import type { CatalogKey } from "../../kernel/key.js";
import type { Exhaustion } from "../discounts/discount-eligibility.js";

/** Whose use of which discounts is asked for. */
export interface DiscountUseQuestion {
  readonly discountKeys: readonly CatalogKey[];
  /** Null = nobody in particular: what one customer may have is not looked at. */
  readonly customerId: string | null;
  readonly uniqueCodes: readonly { readonly id: string; readonly discountKey: CatalogKey }[];
}

export interface ExhaustedDiscount {
  readonly discountKey: CatalogKey;
  readonly what: Exhaustion;
}

/** What has been used of discounts. Kept by redemptions, which are no business of the catalog. */
export interface DiscountUseRepository {
  /** One answer for each question, in their order. */
  findExhausted(questions: readonly DiscountUseQuestion[]): Promise<ExhaustedDiscount[][]>;
}
