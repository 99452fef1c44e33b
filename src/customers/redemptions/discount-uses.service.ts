import type { DiscountUseQuestion, DiscountUseRepository, DiscountUses } from "../../catalog/quotes/discount-use.repository.js";
import type { Clock } from "../../platform/clock.js";
import type { Exhausted, RedemptionRepository } from "./redemption.repository.js";

const EXHAUSTION = { TOTAL: "TOTAL_LIMIT", CUSTOMER: "CUSTOMER_LIMIT", BUDGET: "BUDGET" } as const;

/** Tells quotes what of discounts is used up, in their words. */
export class QuotedDiscountUses implements DiscountUseRepository {
  constructor(
    private readonly redemptions: RedemptionRepository,
    private readonly clock: Clock,
  ) {}

  async findUses(questions: readonly DiscountUseQuestion[]): Promise<DiscountUses[]> {
    const exhausted = await this.redemptions.exhaustedFor({
      discountKeys: distinct(questions.flatMap(({ discountKeys }) => discountKeys)),
      customerIds: distinct(questions.flatMap(({ customerId }) => customerId ?? [])),
      uniqueCodeIds: distinct(questions.flatMap(({ uniqueCodeIds }) => uniqueCodeIds)),
      at: this.clock.now(),
    });
    return questions.map((question) => tell(exhausted, question));
  }
}

/** What is used up, as far as a question asks for it. */
function tell(exhausted: readonly Exhausted[], { discountKeys, customerId, uniqueCodeIds }: DiscountUseQuestion): DiscountUses {
  return {
    exhausted: exhausted.flatMap((one) => {
      if (one.limit === "CODE" || !discountKeys.includes(one.discountKey) || (one.limit === "CUSTOMER" && one.customerId !== customerId)) return [];
      return [{ discountKey: one.discountKey, what: EXHAUSTION[one.limit] }];
    }),
    usedCodeIds: exhausted.flatMap((one) => (one.limit === "CODE" && uniqueCodeIds.includes(one.uniqueCodeId) ? [one.uniqueCodeId] : [])),
  };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
