import type { CurrencyCode } from "./currency.js";
import { HUNDRED_PERCENT, percentOf, type Decimal } from "./decimal.js";
import { divideHalfEven, fractionOf } from "./fraction.js";
import { toMajor } from "./money.js";

/** An amount with its tax. Null where no rate is known: tax is never guessed. */
export interface TaxedAmount {
  /** Percent of the net amount. */
  readonly rate: Decimal | null;
  readonly netMinor: bigint | null;
  readonly taxMinor: bigint | null;
  readonly grossMinor: bigint | null;
  /** What the tax is exactly, in the major unit, before it is rounded, half to even. */
  readonly exactTax: Decimal | null;
}

/**
 * The tax of an amount. Of one that includes it the tax is amount x rate / (100 + rate), of one that does not amount x rate / 100;
 * rounded once, and the other part is what is left, so that net and tax are the gross amount. Without a rate what can be said
 * still is: an amount without tax is the net one, an amount with tax the gross one.
 */
export function taxed(amountMinor: bigint, { currency, included, rate }: { currency: CurrencyCode; included: boolean; rate: Decimal | null }): TaxedAmount {
  if (rate === null) {
    return { rate, netMinor: included ? null : amountMinor, taxMinor: null, grossMinor: included ? amountMinor : null, exactTax: null };
  }
  const { numerator, denominator } = fractionOf(rate);
  const whole = 100n * denominator;
  return new Taxed(amountMinor, currency, included, rate, divideHalfEven(amountMinor * numerator, included ? whole + numerator : whole));
}

/** A class, because an object literal with a getter takes twenty times as long to make. */
class Taxed implements TaxedAmount {
  readonly netMinor: bigint;
  readonly grossMinor: bigint;

  constructor(
    private readonly amountMinor: bigint,
    private readonly currency: CurrencyCode,
    private readonly included: boolean,
    readonly rate: Decimal,
    readonly taxMinor: bigint,
  ) {
    this.netMinor = included ? amountMinor - taxMinor : amountMinor;
    this.grossMinor = included ? amountMinor : amountMinor + taxMinor;
  }

  /** Sixty digits, for the few who want to see what was rounded. */
  get exactTax(): Decimal {
    const { amountMinor, currency, included, rate } = this;
    const amount = toMajor({ amountMinor, currency });
    return included ? amount.times(rate).div(rate.plus(HUNDRED_PERCENT)) : percentOf(amount, rate);
  }

  toJSON(): TaxedAmount {
    const { rate, netMinor, taxMinor, grossMinor, exactTax } = this;
    return { rate, netMinor, taxMinor, grossMinor, exactTax };
  }
}
