import type { CatalogKey } from "../../kernel/key.js";
import type { Exhaustion } from "../discounts/discount-eligibility.js";

/** Whose use of which discounts is asked for. */
export interface DiscountUseQuestion {
  readonly discountKeys: readonly CatalogKey[];
  /** Null = nobody in particular: what one customer may have is not looked at. */
  readonly customerId: string | null;
  readonly uniqueCodes: readonly { readonly id: string; readonly discountKey: CatalogKey }[];
}

/** What has been used of discounts. Kept by redemptions, which are no business of the catalog. */
export interface DiscountUseRepository {
  findExhausted(question: DiscountUseQuestion): Promise<{ discountKey: CatalogKey; what: Exhaustion }[]>;
}
