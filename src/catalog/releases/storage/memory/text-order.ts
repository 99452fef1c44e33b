/** Where surrogates begin in UTF-16. Below it, units are in the order of the code points. */
const SURROGATES = 0xd800;
const AFTER_SURROGATES = 0xe000;

/**
 * The order of PostgreSQL's COLLATE "C" over UTF-8: by code points. JavaScript's own order differs from it where characters beyond
 * U+FFFF, which UTF-16 writes as surrogates, meet those from U+E000 to U+FFFF.
 */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === shorter) return a.length - b.length;
  const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
  return x >= SURROGATES && y >= SURROGATES ? rank(x) - rank(y) : x - y;
}

/** Puts surrogates after all other units, as the characters that they are part of are. */
function rank(unit: number): number {
  return unit < AFTER_SURROGATES ? unit + 0x10000 : unit;
}
