import { codes as isoCodes, code as isoCode } from "currency-codes";

/** An ISO 4217 code of a currency that people pay in. */
export type CurrencyCode = string;

// Metals, funds and test codes start with X too; only these X-currencies are paid in.
const PAID_IN_X = new Set(["XAF", "XCD", "XCG", "XOF", "XPF"]);

const DIGITS: ReadonlyMap<CurrencyCode, number> = new Map(
  isoCodes()
    .filter((code) => !code.startsWith("X") || PAID_IN_X.has(code))
    .map((code) => [code, isoCode(code)?.digits ?? 2]),
);

export function isCurrencyCode(text: string): text is CurrencyCode {
  return DIGITS.has(text);
}

/** How many digits of `currency` are minor units: 0 for JPY, 2 for EUR, 3 for KWD. Throws for an unknown currency. */
export function currencyDigits(currency: CurrencyCode): number {
  const digits = DIGITS.get(currency);
  if (digits === undefined) throw new RangeError(`${JSON.stringify(currency)} is not an ISO 4217 currency`);
  return digits;
}
