/** An exact fraction, for tests that reckon again what the code reckons in decimals. The denominator is positive. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

export const ratio = (n: bigint, d: bigint = 1n): Rational => ({ n, d });
export const plus = (a: Rational, b: Rational): Rational => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
export const minus = (a: Rational, b: Rational): Rational => ({ n: a.n * b.d - b.n * a.d, d: a.d * b.d });
export const times = (a: Rational, b: Rational): Rational => ({ n: a.n * b.n, d: a.d * b.d });
export const over = (a: Rational, b: Rational): Rational => ({ n: a.n * b.d, d: a.d * b.n });
export const isLess = (a: Rational, b: Rational): boolean => a.n * b.d < b.n * a.d;
export const least = (a: Rational, b: Rational): Rational => (isLess(b, a) ? b : a);

/** The whole number of a fraction that is not negative, the next one up if there is a rest. */
export const ceiling = ({ n, d }: Rational): bigint => (n + d - 1n) / d;

/** The nearest whole number of a fraction that is not negative; of two as near the even one. */
export function halfEven({ n, d }: Rational): bigint {
  const [whole, twice] = [n / d, (n % d) * 2n];
  return twice > d || (twice === d && whole % 2n === 1n) ? whole + 1n : whole;
}
