import { Arg, Field, FieldResolver, ObjectType, Resolver, Root } from "type-graphql";
import { currencyDigits } from "../../kernel/currency.js";
import { formatMajor, type Money } from "../../kernel/money.js";
import { CurrencyCodeScalar, DecimalScalar, LocaleScalar, SafeIntScalar } from "./scalars/scalars.js";

@ObjectType("Money", { description: "An exact amount of one currency.", simpleResolvers: true })
export class MoneyType {
  @Field(() => CurrencyCodeScalar, { description: "The currency." })
  declare currency: string;
}

@Resolver(() => MoneyType)
export class MoneyResolver {
  @FieldResolver(() => SafeIntScalar, {
    description: "The amount in the currency's smallest unit: 1099 for 10.99 EUR, 1200 for 1200 JPY, 4750 for 4.750 KWD. Reckon with this.",
  })
  amountMinor(@Root() money: Money): number {
    return Number(money.amountMinor); // At most 2^53-1, so exact.
  }

  @FieldResolver(() => DecimalScalar, { description: 'The amount in the major unit with all of the currency\'s digits: "10.99".' })
  amount(@Root() money: Money): { toFixed(): string } {
    return { toFixed: () => formatMajor(money) }; // A Decimal would drop the trailing zeros of "10.50".
  }

  @FieldResolver(() => String, { description: 'The amount as people of a locale write it: "10,99 €".' })
  formatted(
    @Root() money: Money,
    @Arg("locale", () => LocaleScalar, { nullable: true, description: "The language and region to write it for; en without one." }) locale?: string | null,
  ): string {
    const format = currencyFormat(locale ?? "en", money.currency);
    // Text, not a number, goes in: Intl formats decimal strings exactly.
    return format.format(formatMajor(money) as unknown as number); // The type of ES2023's lib lacks the string that the standard takes.
  }
}

/** Making a format takes a hundred times as long as using it. Bounded, because callers choose the locales. */
const formats = new Map<string, Intl.NumberFormat>();
const MAX_FORMATS = 1_000;

function currencyFormat(locale: string, currency: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  let format = formats.get(key);
  if (!format) {
    const digits = currencyDigits(currency);
    format = new Intl.NumberFormat(locale, { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
    if (formats.size >= MAX_FORMATS) formats.clear();
    formats.set(key, format);
  }
  return format;
}
