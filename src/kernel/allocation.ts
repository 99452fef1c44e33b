/**
 * Splits an amount in minor units by weights, so that the parts sum to the whole (largest remainder, Hamilton's method): each
 * part is first cut down to whole units, then the units left over go one by one to the largest remainders, the earlier part
 * first where two are alike. Weights that are all zero count alike. A negative total is split like the positive one.
 * Throws a RangeError for a negative weight, or for a total that nobody is there to take.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.some((weight) => weight < 0n)) throw new RangeError("a weight is not negative");
  if (weights.length === 0 && total !== 0n) throw new RangeError("there is nobody to split the amount over");
  if (total < 0n) return allocate(-total, weights).map((part) => -part);
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  const shares = sum === 0n ? weights.map(() => 1n) : weights;
  const whole = sum === 0n ? BigInt(weights.length) : sum;
  const parts = shares.map((share) => (total * share) / whole);
  const left = Number(total - parts.reduce((all, part) => all + part, 0n)); // Fewer than there are parts.
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: (total * share) % whole }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder.slice(0, left)) parts[index] = (parts[index] ?? 0n) + 1n;
  return parts;
}
