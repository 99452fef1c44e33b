import type { Decimal } from "./decimal.js";

/** A decimal in whole numbers: what amounts in minor units are multiplied with, without ever leaving whole numbers. */
export interface Fraction {
  readonly numerator: bigint;
  /** A power of ten. */
  readonly denominator: bigint;
}

const known = new WeakMap<Decimal, Fraction>();

/** Found once for each decimal: the same few rates are asked for all the time. */
export function fractionOf(value: Decimal): Fraction {
  let fraction = known.get(value);
  if (!fraction) {
    const digits = value.decimalPlaces();
    fraction = { numerator: BigInt(value.times(`1e${digits}`).toFixed(0)), denominator: 10n ** BigInt(digits) };
    known.set(value, fraction);
  }
  return fraction;
}

/** The nearest whole number; of two as near the even one. `denominator` is above 0. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const [whole, rest] = [numerator / denominator, numerator % denominator];
  const twice = 2n * (rest < 0n ? -rest : rest);
  if (twice < denominator || (twice === denominator && whole % 2n === 0n)) return whole;
  return rest < 0n ? whole - 1n : whole + 1n;
}
