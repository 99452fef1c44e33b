import { GraphQLCountryCode, GraphQLSafeInt, GraphQLTimeZone } from "graphql-scalars";
import { parseBillingInterval } from "../../../kernel/billing-interval.js";
import { isCurrencyCode } from "../../../kernel/currency.js";
import { parseDecimal, type Decimal } from "../../../kernel/decimal.js";
import { parseInstant } from "../../../kernel/instant.js";
import { canonicalLocale } from "../../../kernel/localized-text.js";
import { textScalar } from "./scalar.js";

export const DecimalScalar = textScalar<Decimal>({
  name: "Decimal",
  description: 'An exact decimal as text, without exponent: "0.0125". Read it with a decimal library, not as a floating-point number.',
  read: (text) => {
    const value = parseDecimal(text, 20, 20);
    return typeof value === "string" ? null : value;
  },
  write: (value) => value.toFixed(),
  expected: 'a plain decimal in quotes, such as "0.0125"',
});

export const DateTimeScalar = textScalar<Date>({
  name: "DateTime",
  description:
    'An instant in ISO 8601, answered in UTC with milliseconds: "2026-04-01T00:00:00.000Z". As input any offset is read; a plain date is midnight UTC.',
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc3339",
  read: parseInstant,
  write: (value) => value.toISOString(),
  expected: "an instant such as 2026-04-01T00:00:00Z",
});

export const CurrencyCodeScalar = textScalar<string>({
  name: "CurrencyCode",
  description: 'An ISO 4217 currency code: "EUR".',
  read: (text) => (isCurrencyCode(text) ? text : null),
  write: String,
  expected: "an ISO 4217 currency code such as EUR",
});

export const LocaleScalar = textScalar<string>({
  name: "Locale",
  description:
    'A BCP 47 language tag: "de", "pt-BR". A text without a translation for "de-AT" is answered in "de", and failing that in the catalog\'s default language.',
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc5646",
  read: canonicalLocale,
  write: String,
  expected: "a BCP 47 language tag such as de or pt-BR",
});

export const BillingIntervalScalar = textScalar<string>({
  name: "BillingInterval",
  description: 'How often a price is charged, as an ISO 8601 duration of days, weeks, months or years ("P1M", "P1Y"), or "ONCE".',
  read: parseBillingInterval,
  write: String,
  expected: "an interval such as P1M, P1Y or ONCE",
});

const KEY = /^[A-Za-z0-9*/.-]{1,400}$/;

export const KeyScalar = textScalar<string>({
  name: "Key",
  description: 'What the catalog calls something: "premium-family". Keys never change and are the same in files, in the database and here.',
  read: (text) => (KEY.test(text) ? text : null),
  write: String,
  expected: "a key: letters, digits and hyphens",
});

export { GraphQLCountryCode as CountryCodeScalar, GraphQLSafeInt as SafeIntScalar, GraphQLTimeZone as TimeZoneScalar };
