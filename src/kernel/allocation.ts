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
  const parts: bigint[] = [];
  const remainders: bigint[] = [];
  let left = total; // In the end fewer than there are parts.
  for (const share of shares) {
    const part = (total * share) / whole;
    parts.push(part);
    remainders.push(total * share - part * whole);
    left -= part;
  }
  for (; left > 0n; left--) {
    const next = firstLargest(remainders);
    parts[next] = (parts[next] ?? 0n) + 1n;
    remainders[next] = -1n; // It has had its unit.
  }
  return parts;
}

function firstLargest(values: readonly bigint[]): number {
  let largest = 0;
  for (let index = 1; index < values.length; index++) if ((values[index] ?? 0n) > (values[largest] ?? 0n)) largest = index;
  return largest;
}
