import type { CatalogKey } from "../../kernel/key.js";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../kernel/page.js";
import type { PeriodStatus } from "../../kernel/period.js";
import type { CatalogSight } from "../releases/release.js";
import type { ReleasedRepository } from "../releases/released.repository.js";
import type { DiscountPolicy } from "./discount-policy.js";
import type { Discount, DiscountActivation, DiscountBenefitKind } from "./discount.js";

export interface DiscountFilter {
  readonly keys?: readonly CatalogKey[] | null;
  /** Open to at least one of these plans: it names one of them, or none at all. */
  readonly plans?: readonly CatalogKey[] | null;
  /** Open to at least one of these markets; the caller has added the markets above them. */
  readonly markets?: readonly CatalogKey[] | null;
  readonly benefits?: readonly DiscountBenefitKind[] | null;
  readonly activations?: readonly DiscountActivation[] | null;
  /** Null = in force. */
  readonly periods?: readonly PeriodStatus[] | null;
}

export type DiscountOrderField = "KEY" | "NAME" | "PRIORITY" | "EFFECTIVE_FROM";

/**
 * Discounts at a catalog point. A discount is within reach if its conditions leave something of what is: some market and some plan, which are
 * then all that its conditions name. A sight that does not see what is upcoming finds no discount that is not yet in force.
 */
export interface DiscountRepository extends ReleasedRepository {
  findAll(keys: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Discount[]>;
  /** The words that claim these discounts, by word. */
  listCodes(discounts: readonly CatalogKey[], release: number): MaybePromise<readonly { discountKey: CatalogKey; word: string }[]>;
  /** The default where the release says none. */
  findPolicy(release: number): MaybePromise<DiscountPolicy>;
  /** The automatic discounts in force that name one of these plans, or no plan at all, by key. */
  listAutomatic(plans: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Discount[]>;
  /** Which discounts these words claim, by the word's canonical spelling. */
  findCodes(canonical: readonly string[], release: number): MaybePromise<readonly { canonical: string; discountKey: CatalogKey }[]>;
  listKeys(filter: DiscountFilter, order: ListOrder<DiscountOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Discount>>;
  count(filter: DiscountFilter, sight: CatalogSight): MaybePromise<number>;
}
