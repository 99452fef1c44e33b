import type { DiscountUseQuestion, DiscountUseRepository, ExhaustedDiscount } from "../../catalog/quotes/discount-use.repository.js";
import type { Exhausted, RedemptionRepository } from "./redemption.repository.js";

const EXHAUSTION = { TOTAL: "TOTAL_LIMIT", CUSTOMER: "CUSTOMER_LIMIT", BUDGET: "BUDGET" } as const;

/** Tells quotes what of discounts is used up, in their words. */
export class DiscountUses implements DiscountUseRepository {
  constructor(private readonly redemptions: RedemptionRepository) {}

  async findExhausted(questions: readonly DiscountUseQuestion[]): Promise<ExhaustedDiscount[][]> {
    const exhausted = await this.redemptions.exhaustedFor(
      distinct(questions.flatMap(({ discountKeys }) => discountKeys)),
      distinct(questions.flatMap(({ customerId }) => customerId ?? [])),
      distinct(questions.flatMap(({ uniqueCodes }) => uniqueCodes.map(({ id }) => id))),
    );
    return questions.map((question) => exhausted.flatMap((one) => tell(one, question)));
  }
}

/** What is used up, as far as a question asks for it. */
function tell(one: Exhausted, { discountKeys, customerId, uniqueCodes }: DiscountUseQuestion): ExhaustedDiscount[] {
  if (one.limit === "CODE") return uniqueCodes.filter(({ id }) => id === one.uniqueCodeId).map(({ discountKey }) => ({ discountKey, what: "CODE_USE" }));
  if (!discountKeys.includes(one.discountKey) || (one.limit === "CUSTOMER" && one.customerId !== customerId)) return [];
  return [{ discountKey: one.discountKey, what: EXHAUSTION[one.limit] }];
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
