import { isInReach, type KeysInReach } from "../releases/reach.js";
import type { Quote } from "./quote.js";

/** Whether a quote is about nothing but what is within reach. What comes off it then is, too: it applies to this market and one of these plans. */
export function isQuoteInReach({ marketKey, lines }: Pick<Quote, "marketKey" | "lines">, { markets, plans }: KeysInReach): boolean {
  return isInReach(markets, marketKey) && lines.every(({ planKey }) => isInReach(plans, planKey));
}
