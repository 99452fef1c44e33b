import type { Decimal } from "../../kernel/decimal.js";
import type { CatalogKey } from "../../kernel/key.js";
import type { Discount } from "../discounts/discount.js";
import type { Exhaustion } from "../discounts/discount-eligibility.js";
import type { DiscountPolicy } from "../discounts/discount-policy.js";
import type { Plan } from "../plans/plan.js";
import type { PriceVersion } from "../prices/price-resolution.js";
import type { CatalogPoint } from "../releases/release.js";

/** What of the catalog a quote is reckoned from: everything of its release that could matter to it. */
export interface QuoteCatalog {
  readonly point: CatalogPoint;
  /** Changes that take hold later are not seen; null = all are. */
  readonly seenUntil: Date | null;
  readonly market: QuoteMarket;
  readonly policy: DiscountPolicy;
  readonly plans: ReadonlyMap<CatalogKey, Pick<Plan, "key" | "productKey" | "kind">>;
  /** For each add-on the plans that it can be bought on top of. */
  readonly addOnOf: ReadonlyMap<CatalogKey, ReadonlySet<CatalogKey>>;
  readonly prices: ReadonlyMap<CatalogKey, readonly PriceVersion[]>;
  /** The automatic ones that are open to one of the plans, and those that codes claim. */
  readonly discounts: readonly Discount[];
}

export interface QuoteMarket {
  readonly key: CatalogKey;
  /** See `marketPath`. */
  readonly path: readonly CatalogKey[];
  readonly currency: string;
  readonly timeZone: string;
  readonly taxRate: Decimal | null;
}

/** What of live data a quote met: it is kept with a stored quote, so that the quote can be reckoned again. */
export interface QuoteFacts {
  /** One for each code of the request, in its order. */
  readonly codes: readonly CodeFact[];
  readonly exhausted: readonly { readonly discountKey: CatalogKey; readonly what: Exhaustion }[];
}

/** What a code is. A code of a discount that the caller may not see is UNKNOWN. */
export interface CodeFact {
  readonly state: "KNOWN" | "UNKNOWN" | "EXPIRED" | "REVOKED" | "USED";
  readonly discountKey: CatalogKey | null;
  /** See `QuoteCode`. */
  readonly shown: string;
  readonly uniqueCodeId: string | null;
}
