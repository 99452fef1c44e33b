/** The one of `candidates` that `word` was probably meant to be, or null. Spelling, case and separators are forgiven. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const plain = plainSpelling(word);
  let best: string | null = null;
  let bestDistance = Math.min(3, Math.floor(word.length / 3) + 1);
  for (const candidate of candidates) {
    if (plainSpelling(candidate) === plain) return candidate;
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** " Did you mean X?" or nothing, to end a message with. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = word.length > 80 ? null : nearest(word, candidates);
  return meant === null ? "" : ` Did you mean ${JSON.stringify(meant)}?`;
}

function plainSpelling(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, "");
}

/** How many letters to change, add, drop or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(change, at(last, j) + 1, at(row, j - 1) + 1, isSwap ? at(beforeLast, j - 2) + 1 : Infinity));
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
