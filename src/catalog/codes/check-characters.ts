import { CODE_ALPHABET } from "./look-alikes.js";

// A Reed-Solomon code over the field of 32 elements, one for each character of the alphabet. It is the remainder by a polynomial
// whose roots are two powers in a row of a generator of the field, so any two words of up to 31 characters differ in three
// places or more: one or two wrong characters, or two that changed places, always show. Of other errors one in 1,024 does not.

/** x⁵ + x² + 1, by which products in the field are reduced; it is primitive, so 2 generates the field. */
const FIELD = 0b100101;
/** (x + 2)(x + 4) = x² + 6x + 8: sums in the field are exclusive. */
const TIMES_6 = tableOf(6);
const TIMES_8 = tableOf(8);

/** What the characters before the check characters may number: 31, less the two and the one that stands for the length. */
export const MAX_CHECKED_LENGTH = 28;

const VALUES: ReadonlyMap<string, number> = new Map(Array.from(CODE_ALPHABET, (character, value) => [character, value]));

/** The two characters that make `text` sound when they follow it. */
export function checkCharacters(text: string): string {
  const [high, low] = remainder(`${text}${CODE_ALPHABET.charAt(0).repeat(2)}`);
  return CODE_ALPHABET.charAt(high) + CODE_ALPHABET.charAt(low);
}

/** Whether a text of the alphabet ends in its check characters. */
export function isSound(text: string): boolean {
  const [high, low] = remainder(text);
  return text.length <= MAX_CHECKED_LENGTH + 2 && high === 0 && low === 0;
}

function remainder(text: string): readonly [high: number, low: number] {
  // It begins with a 1 before the text, or zeros in front would go unseen.
  let [high, low] = [0, 1];
  for (const character of text) {
    const over = high;
    high = low ^ (TIMES_6[over] ?? 0);
    low = (VALUES.get(character) ?? 0) ^ (TIMES_8[over] ?? 0);
  }
  return [high, low];
}

function tableOf(factor: number): readonly number[] {
  return Array.from({ length: 32 }, (_, value) => {
    let product = 0;
    for (let bit = 4; bit >= 0; bit--) {
      product <<= 1;
      if (product & 0b100000) product ^= FIELD;
      if (factor & (1 << bit)) product ^= value;
    }
    return product;
  });
}
