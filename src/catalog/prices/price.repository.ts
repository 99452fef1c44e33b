import type { BillingInterval } from "../../kernel/billing-interval.js";
import type { CurrencyCode } from "../../kernel/currency.js";
import type { CatalogKey } from "../../kernel/key.js";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../kernel/page.js";
import type { PeriodStatus } from "../../kernel/period.js";
import type { CatalogSight } from "../releases/release.js";
import type { ReleasedRepository } from "../releases/released.repository.js";
import type { Price, PriceModel } from "./price.js";
import type { PriceVersion } from "./price-resolution.js";

export interface PriceFilter {
  readonly keys?: readonly string[] | null;
  readonly plans?: readonly CatalogKey[] | null;
  /** Exactly these markets, not those above them. */
  readonly markets?: readonly CatalogKey[] | null;
  readonly currencies?: readonly CurrencyCode[] | null;
  readonly intervals?: readonly BillingInterval[] | null;
  readonly channels?: readonly CatalogKey[] | null;
  readonly segments?: readonly CatalogKey[] | null;
  readonly models?: readonly PriceModel[] | null;
  /** Null = in force. */
  readonly periods?: readonly PeriodStatus[] | null;
}

export type PriceOrderField = "KEY" | "EFFECTIVE_FROM" | "AMOUNT";

/** Prices at a catalog point, as far as their plans and markets are within reach. A sight that does not see what is upcoming finds no price that is not yet in force. */
export interface PriceRepository extends ReleasedRepository {
  findAll(keys: readonly string[], sight: CatalogSight): MaybePromise<readonly Price[]>;
  /** Prices in force of these plans in these markets, by key. */
  listInForce(plans: readonly CatalogKey[], markets: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Price[]>;
  /**
   * Every price of these plans in these markets that the sight sees, whenever it is in force, by key.
   * @param history also as earlier releases had them, for subscriptions that began then.
   */
  listVersions(plans: readonly CatalogKey[], markets: readonly CatalogKey[], history: boolean, sight: CatalogSight): MaybePromise<readonly PriceVersion[]>;
  listKeys(filter: PriceFilter, order: ListOrder<PriceOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Price>>;
  count(filter: PriceFilter, sight: CatalogSight): MaybePromise<number>;
}
