import { currencyDigits, type CurrencyCode } from "./currency.js";
import { Decimal, parseDecimal } from "./decimal.js";

/** An amount in whole minor units of one currency. Never a `number`: those lose cents silently. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
}

/** The largest magnitude of an amount: what every client's double holds exactly. */
export const MAX_AMOUNT_MINOR = 2n ** 53n - 1n;

export type MoneyProblem = "NOT_AN_AMOUNT" | "WRONG_DIGITS" | "OUT_OF_RANGE";

/** Reads an amount written in the major unit, "10.99". Digits beyond the currency's are refused, never rounded away. */
export function parseMoney(text: string, currency: CurrencyCode): Money | MoneyProblem {
  const value = parseDecimal(text, 40, 40);
  if (typeof value === "string") return "NOT_AN_AMOUNT";
  const digits = currencyDigits(currency);
  if (value.decimalPlaces() > digits) return "WRONG_DIGITS";
  const amountMinor = BigInt(value.times(minorUnits(currency)).toFixed(0));
  if (amountMinor > MAX_AMOUNT_MINOR || amountMinor < -MAX_AMOUNT_MINOR) return "OUT_OF_RANGE";
  return { amountMinor, currency };
}

/**
 * The one place where a decimal becomes money: rounded to the currency's digits, half to even (IEEE 754), so that many
 * roundings do not drift. `major` is in the major unit. Throws a RangeError beyond what an amount may be.
 */
export function roundToMoney(major: Decimal, currency: CurrencyCode): Money {
  const minor = major.times(minorUnits(currency));
  const amountMinor = BigInt(minor.toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN).toFixed(0));
  if (amountMinor > MAX_AMOUNT_MINOR || amountMinor < -MAX_AMOUNT_MINOR) throw new RangeError(`${major.toFixed()} ${currency} is more than an amount may be`);
  return { amountMinor, currency };
}

/** An amount as an exact decimal in the major unit. */
export function toMajor({ amountMinor, currency }: Money): Decimal {
  return new Decimal(`${amountMinor}e-${currencyDigits(currency)}`); // Moves the point, which costs a tenth of a division.
}

/** Writes an amount in the major unit with all of the currency's digits: 1099 EUR minor units are "10.99". */
export function formatMajor(money: Money): string {
  return toMajor(money).toFixed(currencyDigits(money.currency));
}

/** How many minor units a major unit has, made once: money is converted all the time. */
function minorUnits(currency: CurrencyCode): Decimal {
  const digits = currencyDigits(currency);
  return (POWERS_OF_TEN[digits] ??= new Decimal(10).pow(digits));
}

const POWERS_OF_TEN: Decimal[] = [];
