import { parseBillingInterval, type BillingInterval } from "../../../kernel/billing-interval.js";
import { isCurrencyCode, type CurrencyCode } from "../../../kernel/currency.js";
import { parseDecimal, type Decimal } from "../../../kernel/decimal.js";
import { parseInstant } from "../../../kernel/instant.js";
import { isCatalogKey, type CatalogKey } from "../../../kernel/key.js";
import { canonicalLocale } from "../../../kernel/localized-text.js";
import { MAX_AMOUNT_MINOR, parseMoney } from "../../../kernel/money.js";
import { isCountryCode, meantCountry } from "../countries.js";
import { didYouMean } from "../nearest.js";
import { Trouble } from "../problem.js";
import { show } from "../source.js";

export function readKey(text: string): CatalogKey | Trouble {
  if (isCatalogKey(text)) return text;
  return new Trouble("KEY_MALFORMED", `${show(text)} is no key. Keys are lower-case letters and digits joined by hyphens, at most 80, such as premium-family.`);
}

/** Reads a text shown to people: in one line, or several. */
export function readText(text: string, { max, lines = false }: { max: number; lines?: boolean }): string | Trouble {
  if (text.length > max) return new Trouble("TEXT_TOO_LONG", `The text has ${text.length} characters, at most ${max} are allowed. Shorten it.`);
  if (!lines && /[\n\r\t]/.test(text))
    return new Trouble("TEXT_HAS_LINES", `${show(text)} has line ends or tabs, but it is shown in one line. Replace them by spaces.`);
  return text;
}

export function readChoice<T extends string>(choices: readonly T[], text: string): T | Trouble {
  const found = choices.find((choice) => choice === text);
  return found ?? new Trouble("CHOICE_UNKNOWN", `${show(text)} is none of ${choices.join(", ")}.${didYouMean(text, choices)}`);
}

/** @param digits how many digits are kept before and after the point. */
export function readDecimal(text: string, digits: { integer: number; fraction: number }): Decimal | Trouble {
  const value = parseDecimal(text, digits.fraction, digits.integer);
  if (value === "NOT_A_DECIMAL")
    return new Trouble(
      "NUMBER_MALFORMED",
      `${show(text)} is no plain number. Write digits and at most one point, such as 10.99: no exponent, separators, leading zeros, sign or unit.`,
    );
  if (value === "TOO_MANY_DIGITS")
    return new Trouble(
      "NUMBER_OUT_OF_RANGE",
      `${show(text)} has more digits than are kept: at most ${digits.integer} before the point and ${digits.fraction} after it.`,
    );
  return text.startsWith("-") ? new Trouble("NUMBER_OUT_OF_RANGE", `${show(text)} is negative. Give a number from 0 up.`) : value;
}

export function readWholeNumber(text: string, { min, max }: { min: number; max: number }): number | Trouble {
  if (!/^-?(0|[1-9][0-9]*)$/.test(text)) return new Trouble("NUMBER_MALFORMED", `${show(text)} is no whole number. Write digits only, such as 20.`);
  const value = Number(text);
  return value >= min && value <= max ? value : new Trouble("NUMBER_OUT_OF_RANGE", `${show(text)} is out of range. Give a whole number from ${min} to ${max}.`);
}

export function readCurrency(text: string): CurrencyCode | Trouble {
  const upper = text.toUpperCase();
  if (isCurrencyCode(text)) return text;
  const meant = isCurrencyCode(upper) ? ` Did you mean "${upper}"?` : "";
  return new Trouble("CURRENCY_UNKNOWN", `${show(text)} is no ISO 4217 code of a currency that people pay in.${meant || " Give one such as EUR."}`);
}

/** Reads an amount from 0 up, in the major unit, into minor units. */
export function readAmount(text: string, currency: CurrencyCode): bigint | Trouble {
  const money = parseMoney(text, currency);
  if (money === "NOT_AN_AMOUNT")
    return new Trouble(
      "NUMBER_MALFORMED",
      `${show(text)} is no amount of money. Write it plainly in the major unit, such as 10.99: no exponent, separators, leading zeros or currency sign.`,
    );
  if (money === "WRONG_DIGITS")
    return new Trouble("AMOUNT_WRONG_DIGITS", `${show(text)} has more fraction digits than ${currency} has. Amounts are never rounded: write what is charged.`);
  if (money === "OUT_OF_RANGE")
    return new Trouble("NUMBER_OUT_OF_RANGE", `${show(text)} is too large: at most ${MAX_AMOUNT_MINOR} minor units of ${currency}.`);
  return text.startsWith("-") ? new Trouble("NUMBER_OUT_OF_RANGE", `${show(text)} is negative. Give an amount from 0 up.`) : money.amountMinor;
}

const FIRST_INSTANT = Date.UTC(1970, 0, 1);
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export function readInstant(text: string): Date | Trouble {
  const instant = parseInstant(text);
  if (instant === null)
    return new Trouble(
      "INSTANT_MALFORMED",
      `${show(text)} is no date or instant. Write a day that exists, 2026-04-01, or an instant with its offset and at most milliseconds, 2026-04-01T00:00:00+02:00.`,
    );
  if (instant.getTime() < FIRST_INSTANT || instant.getTime() > LAST_INSTANT)
    return new Trouble("INSTANT_MALFORMED", `${show(text)} is not between the years 1970 and 9999.`);
  return instant;
}

export function readInterval(text: string): BillingInterval | Trouble {
  const interval = parseBillingInterval(text);
  return (
    interval ??
    new Trouble("INTERVAL_MALFORMED", `${show(text)} is no billing interval. Write one unit of ISO 8601, such as P1M, P3M, P1Y, P2W, P10D, or ONCE.`)
  );
}

export function readCountry(text: string): string | Trouble {
  if (isCountryCode(text)) return text;
  const meant = meantCountry(text);
  return new Trouble(
    "COUNTRY_UNKNOWN",
    `${show(text)} is no ISO 3166-1 code of a country.${meant ? ` Did you mean "${meant}"?` : " Give one such as SE, in two capital letters."}`,
  );
}

export function readLocale(tag: string): string | Trouble {
  const locale = canonicalLocale(tag);
  if (locale !== null) return locale;
  const meant = canonicalLocale(tag.replaceAll("_", "-"));
  return new Trouble("LOCALE_UNKNOWN", `${show(tag)} is no BCP 47 language tag.${meant ? ` Did you mean "${meant}"?` : " Give one such as de or pt-BR."}`);
}

export function readTimeZone(text: string): string | Trouble {
  const trouble = (hint: string): Trouble => new Trouble("TIME_ZONE_UNKNOWN", `${show(text)} is no IANA time zone.${hint}`);
  const known = (): string[] => Intl.supportedValuesOf("timeZone");
  // Offsets and abbreviations are accepted by Intl too, but they know nothing of summer time.
  if (!/^(UTC|[A-Z][A-Za-z0-9_+-]*(\/[A-Z][A-Za-z0-9_+-]*){1,2})$/.test(text))
    return trouble(didYouMean(text, known()) || " Give one such as Europe/Stockholm.");
  try {
    const resolved = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
    const spelledOtherwise = resolved !== text && resolved.toLowerCase() === text.toLowerCase();
    return spelledOtherwise ? trouble(` Did you mean "${resolved}"?`) : text;
  } catch {
    return trouble(didYouMean(text, known()) || " Give one such as Europe/Stockholm."); // The only error is that the zone is unknown.
  }
}
