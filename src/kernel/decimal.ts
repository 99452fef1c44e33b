import { Decimal as DecimalJs } from "decimal.js";

/** Exact decimals. Forty digits hold any product of a rate (20,12) and a quantity (20,6); no exponent is ever printed. */
export const Decimal = DecimalJs.clone({ precision: 60, rounding: DecimalJs.ROUND_HALF_EVEN, toExpNeg: -60, toExpPos: 60 });
export type Decimal = DecimalJs;

/** The whole, in percent. */
export const HUNDRED_PERCENT = new Decimal(100);

/** `percent` percent of a value, exactly. */
export function percentOf(value: Decimal, percent: Decimal): Decimal {
  return value.times(percent).div(HUNDRED_PERCENT);
}

export type DecimalProblem = "NOT_A_DECIMAL" | "TOO_MANY_DIGITS";

const PLAIN = /^-?(?:0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/**
 * Reads a plain decimal: digits, an optional sign and fraction; no exponent, no separators, no leading zeros.
 * @param scale the most fraction digits that carry a value; trailing zeros do not count.
 */
export function parseDecimal(text: string, scale: number, integerDigits = 14): Decimal | DecimalProblem {
  const match = PLAIN.exec(text);
  if (!match || text.length > 60) return "NOT_A_DECIMAL";
  const value = new Decimal(text);
  if (value.decimalPlaces() > scale || value.abs().gte(new Decimal(10).pow(integerDigits))) return "TOO_MANY_DIGITS";
  return value;
}
