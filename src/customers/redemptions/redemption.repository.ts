import type { RowScope } from "../../access/customer-reach.js";
import type { CurrencyCode } from "../../kernel/currency.js";
import type { CatalogKey } from "../../kernel/key.js";
import type { Page, PageItem, PageRequest } from "../../kernel/page.js";
import type { Claim, Redemption } from "./redemption.js";
import type { RedeemOutcome } from "./redemption.refusals.js";
import type { Settlement } from "./settlement.js";

export interface QuoteToSettle {
  readonly customerId: string;
  readonly quoteId: string;
  readonly at: Date;
}

/** How much of a discount is used: reserved and committed. */
export interface DiscountUses {
  readonly discountKey: CatalogKey;
  readonly used: bigint;
  /** How many of the used may still be given back. */
  readonly reserved: bigint;
  readonly limitTotal: bigint | null;
  readonly limitPerCustomer: number | null;
  /** In the currency of the budget; 0 without one. */
  readonly spentMinor: bigint;
  readonly budget: { readonly amountMinor: bigint; readonly currency: CurrencyCode } | null;
}

export interface UsesToLookAt {
  readonly discountKeys: readonly CatalogKey[];
  readonly customerIds: readonly string[];
  readonly uniqueCodeIds: readonly string[];
  /** Reservations that ended by then are as good as given back. */
  readonly at: Date;
}

/** What is used up, so that redeeming would be refused. A quote made a moment later may meet other limits. */
export type Exhausted =
  | { readonly limit: "TOTAL" | "BUDGET"; readonly discountKey: CatalogKey }
  | { readonly limit: "CUSTOMER"; readonly discountKey: CatalogKey; readonly customerId: string }
  | { readonly limit: "CODE"; readonly uniqueCodeId: string };

export interface RedemptionPage extends Page {
  readonly items: readonly (PageItem & { readonly redemption: Redemption })[];
}

export interface RedemptionRepository {
  /** Decides and counts in one step: when it answers, the answer is kept. Rejects with `Overloaded` if too many wait already. */
  claim(claim: Claim): Promise<RedeemOutcome>;
  /** What was answered to a key, or null if it was not used: for requests that would not be granted any more, but were. */
  findAnswer(key: Pick<Claim, "credentialId" | "idempotencyKey" | "bodyHash">): Promise<RedeemOutcome | null>;
  commit(quote: QuoteToSettle): Promise<Settlement>;
  /** Reservations past their end become EXPIRED rather than RELEASED. */
  release(quote: QuoteToSettle): Promise<Settlement>;
  /** Gives back reservations past their end, of a bounded number of quotes, and says how many redemptions that were; 0 when none is left. */
  expire(at: Date): Promise<number>;
  find(customerId: string, id: string, scope: RowScope): Promise<Redemption | null>;
  /** Every use of a unique code, also those that were given back; newest first. */
  listByUniqueCode(uniqueCodeId: string, scope: RowScope): Promise<Redemption[]>;
  /** Newest first. */
  listByCustomer(customerId: string, page: PageRequest, scope: RowScope): Promise<RedemptionPage>;
  countByCustomer(customerId: string, scope: RowScope): Promise<number>;
  usesOf(discountKeys: readonly CatalogKey[]): Promise<DiscountUses[]>;
  /** Of the discounts as a whole, for each of the customers, and of the codes. */
  exhaustedFor(uses: UsesToLookAt): Promise<Exhausted[]>;
}
