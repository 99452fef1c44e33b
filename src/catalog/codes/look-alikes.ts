/** Crockford's base 32: the digits, and the capitals but I, L, O and U, which are read for others. */
export const CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * What is read or typed for a character of the alphabet: Latin letters that are not in it, and the Greek and Cyrillic
 * capitals of the same shape, which a keyboard set to these scripts yields. They are escaped, since nobody could tell them apart here.
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  0: "O\u039F\u041E",
  1: "IL\u0130\u0399\u0406\u04C0",
  3: "\u0417",
  A: "\u0391\u0410",
  B: "\u0392\u0412",
  C: "\u0421",
  D: "\u0500",
  E: "\u0395\u0415",
  G: "\u050C",
  H: "\u0397\u041D\u04BA",
  J: "\u037F\u0408",
  K: "\u039A\u041A",
  M: "\u039C\u041C",
  N: "\u039D",
  P: "\u03A1\u0420",
  Q: "\u051A",
  S: "\u0405",
  T: "\u03A4\u0422",
  V: "U\u0474",
  W: "\u051C",
  X: "\u03A7\u0425",
  Y: "\u03A5\u0423\u04AE",
  Z: "\u0396",
};

const READ_AS: ReadonlyMap<string, string> = new Map([
  ...Array.from(CODE_ALPHABET, (character): [string, string] => [character, character]),
  ...Object.entries(LOOK_ALIKES).flatMap(([character, others]) => Array.from(others, (other): [string, string] => [other, character])),
]);

/** Hyphens, spaces, quotation marks, and what is there but not seen: soft hyphens, joiners, marks of direction. */
const IGNORED = /[\p{P}\p{Z}\p{Cf}\s\u2212]+/gu;

/**
 * A text in the characters of the alphabet, as its reader would have typed it: without case, separators, width and look-alikes.
 * Null if it has any other character.
 */
export function foldLookAlikes(text: string): string | null {
  // NFKC makes full-width, bold or circled letters plain ones.
  const plain = text.normalize("NFKC").toUpperCase().replace(IGNORED, "");
  const characters = Array.from(plain, (character) => READ_AS.get(character));
  return characters.includes(undefined) ? null : characters.join("");
}
