import { PgUniqueCodeBatchRepository } from "../../src/catalog/codes/storage/pg-unique-code-batch.repository.js";
import type { BatchOrder } from "../../src/catalog/codes/unique-code-batch.js";
import { UniqueCodeBatches } from "../../src/catalog/codes/unique-code-batches.service.js";
import { PgDiscountRepository } from "../../src/catalog/discounts/storage/pg-discount.repository.js";
import { PgReleaseRepository } from "../../src/catalog/releases/storage/pg-release.repository.js";
import { CODE_PEPPER, type Answer, type Caller, type Gateway, type Json } from "./api.js";
import { refusalsIn } from "./quote-catalog.js";

export const REDEMPTION = "id customerId quoteId discountKey discount { key } code state amount { amountMinor currency } reservedUntil createdAt settledAt";
const RESULT = `__typename ... on QuoteRedemption { redemptions { ${REDEMPTION} } } ... on Refused { refusals { __typename code message path } }`;

export const REDEEM = `mutation ($input: RedeemQuoteInput!) { redeemQuote(input: $input) { ${RESULT} } }`;
const COMMIT = `mutation ($input: SettleRedemptionInput!) { commitRedemption(input: $input) { ${RESULT} } }`;
const RELEASE = `mutation ($input: SettleRedemptionInput!) { releaseRedemption(input: $input) { ${RESULT} } }`;

/** Quotes and keys by which a test tells them apart. */
export interface Wish {
  readonly quoteId: string;
  readonly idempotencyKey: string;
  readonly reserveForSeconds?: number | null;
}

export function redeem(caller: Caller, input: Wish): Promise<Answer> {
  return caller.query(REDEEM, { input });
}

export function commit(caller: Caller, quoteId: string): Promise<Answer> {
  return caller.query(COMMIT, { input: { quoteId } });
}

export function release(caller: Caller, quoteId: string): Promise<Answer> {
  return caller.query(RELEASE, { input: { quoteId } });
}

/** "discount STATE" of each redemption that was answered, or "CODE at path" of each refusal. */
export function outcomeOf(answer: Answer): string[] {
  const [result] = Object.values<Json>(answer.data ?? {});
  if (result?.__typename !== "QuoteRedemption") return refusalsIn(answer);
  return result.redemptions.map(({ discountKey, state }: Json) => `${discountKey} ${state}`);
}

/** Makes unique codes that each claim the discount once. */
export async function makeCodes(
  { database, clock }: Gateway,
  discountKey: string,
  said: Partial<BatchOrder> = {},
): Promise<{ codes: string[]; revoke: () => Promise<boolean> }> {
  const { pool, prisma } = database;
  const batches = new UniqueCodeBatches({
    batches: new PgUniqueCodeBatchRepository(database),
    ...{ discounts: new PgDiscountRepository(pool, pool), releases: new PgReleaseRepository(pool, prisma), pepper: CODE_PEPPER, clock },
  });
  const codes: string[] = [];
  const order = { discountKey, prefix: "GIFT", count: 3, expiresAt: null, note: "", createdBy: "test", ...said };
  const batch = await batches.create(order, async () => ({
    write: async (made) => void codes.push(...made),
    flush: async () => undefined,
    close: async () => undefined,
  }));
  if ("refused" in batch) throw new Error(batch.refused);
  return { codes, revoke: () => batches.revoke(batch.id) };
}

/** Nobody has redeemed anything. */
export async function forgetRedemptions({ database: { pool } }: Gateway): Promise<void> {
  await pool.query("truncate redemption, customer_discount_counter, idempotency_key");
  await pool.query("update discount_counter set used = 0, spent_minor = 0");
}
