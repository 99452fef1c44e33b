import type { CurrencyCode } from "../../kernel/currency.js";
import type { Refusal } from "../../kernel/refusal.js";
import type { PriceResolution } from "../prices/price-resolution.js";
import type { QuoteCatalog } from "./quote-facts.js";
import { pricePeriod, resolveItem, type PricedPeriod } from "./quote-lines.js";
import type { QuoteRequest } from "./quote-request.js";

export interface PriceExplanation {
  readonly currency: CurrencyCode;
  readonly resolution: PriceResolution;
  /** Null where no price applies. */
  readonly priced: PricedPeriod | null;
}

/** Which price the first item of a request has, and why not another; also where it has none. */
export function explainPrice(request: QuoteRequest, catalog: QuoteCatalog): PriceExplanation | readonly Refusal[] {
  const [item] = request.items;
  if (!item) return [];
  if (!catalog.plans.has(item.planKey)) {
    return [{ code: "UNKNOWN_PLAN", message: `There is no plan ${JSON.stringify(item.planKey)} at this catalog point.`, path: ["input", "plan"] }];
  }
  const currency = request.currency ?? catalog.market.currency;
  const at = catalog.point.time;
  const priced = pricePeriod(item, 0, { at, period: 1 }, request, currency, catalog);
  if (!("code" in priced)) return { currency, resolution: priced.resolution, priced };
  if (priced.code !== "PRICE_NOT_FOUND") return [{ ...priced, path: ["input", "quantity"] }];
  const resolution = resolveItem(item, at, request, currency, catalog);
  return { currency, resolution, priced: null };
}
