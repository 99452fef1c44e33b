import type { DiscountUseQuestion, DiscountUseRepository } from "../../catalog/quotes/discount-use.repository.js";
import type { Exhaustion } from "../../catalog/discounts/discount-eligibility.js";
import type { CatalogKey } from "../../kernel/key.js";
import type { RedemptionRepository } from "./redemption.repository.js";

const EXHAUSTION = { TOTAL: "TOTAL_LIMIT", CUSTOMER: "CUSTOMER_LIMIT", BUDGET: "BUDGET" } as const;

/** Tells quotes what of discounts is used up, in their words. */
export class DiscountUses implements DiscountUseRepository {
  constructor(private readonly redemptions: RedemptionRepository) {}

  async findExhausted({ discountKeys, customerId, uniqueCodes }: DiscountUseQuestion): Promise<{ discountKey: CatalogKey; what: Exhaustion }[]> {
    const exhausted = await this.redemptions.exhaustedFor(
      discountKeys,
      customerId,
      uniqueCodes.map(({ id }) => id),
    );
    return exhausted.flatMap((one): { discountKey: CatalogKey; what: Exhaustion }[] => {
      if (one.limit !== "CODE") return [{ discountKey: one.discountKey, what: EXHAUSTION[one.limit] }];
      return uniqueCodes.filter(({ id }) => id === one.uniqueCodeId).map(({ discountKey }) => ({ discountKey, what: "CODE_USE" }));
    });
  }
}
