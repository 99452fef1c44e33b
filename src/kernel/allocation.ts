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
  if (total * whole <= LARGEST_SAFE) return allocateSmall(Number(total), shares, Number(whole));
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

const LARGEST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** The same where no product leaves the whole numbers that a double holds exactly: they take a third of the time. */
function allocateSmall(total: number, shares: readonly bigint[], whole: number): bigint[] {
  const parts: bigint[] = [];
  const remainders: number[] = [];
  let left = total;
  for (const share of shares) {
    const product = total * Number(share);
    const remainder = product % whole;
    const part = (product - remainder) / whole;
    parts.push(BigInt(part));
    remainders.push(remainder);
    left -= part;
  }
  for (; left > 0; left--) {
    const next = firstLargest(remainders);
    parts[next] = (parts[next] ?? 0n) + 1n;
    remainders[next] = -1;
  }
  return parts;
}

function firstLargest<T extends number | bigint>(values: readonly T[]): number {
  let [largest, most] = [0, values[0]];
  for (const [index, value] of values.entries()) if (most === undefined || value > most) [largest, most] = [index, value];
  return largest;
}
