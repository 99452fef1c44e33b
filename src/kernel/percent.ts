import { Decimal } from "./decimal.js";

/** What a whole has of percents. */
export const HUNDRED_PERCENT = new Decimal(100);

/** `percent` percent of a value, exactly. */
export function percentOf(value: Decimal, percent: Decimal): Decimal {
  return value.times(percent).div(HUNDRED_PERCENT);
}
