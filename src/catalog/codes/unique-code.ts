import { createHmac, randomBytes } from "node:crypto";
import type { CatalogKey } from "../../kernel/key.js";
import { checkCharacters, isSound, MAX_CHECKED_LENGTH } from "./check-characters.js";
import { CODE_ALPHABET, foldLookAlikes } from "./look-alikes.js";

/** 18 characters of 5 bits each: 90 bits of chance. */
const CHANCE_LENGTH = 18;
const BODY_LENGTH = CHANCE_LENGTH + 2;
const GROUP_LENGTH = 5;
const SHOWN_LENGTH = 4;
const MAX_PREFIX_LENGTH = MAX_CHECKED_LENGTH - CHANCE_LENGTH;
/** A code with its hyphens has 34 characters. Whoever sends a novel does not get it normalised. */
const MAX_TYPED_LENGTH = 200;

/** What a code, as somebody typed it, claims. Whether it was used already is known elsewhere. */
export interface UniqueCodeClaim {
  readonly codeId: string;
  readonly discountKey: CatalogKey;
  /** The prefix and the first four characters: enough to recognise a code, not enough to use it. */
  readonly shown: string;
  readonly state: "READY" | "EXPIRED" | "REVOKED";
}

export function isCodePrefix(text: string): boolean {
  return text.length <= MAX_PREFIX_LENGTH && /^[A-Z0-9]*$/.test(text);
}

/** Makes codes: the prefix, if there is one, and four groups of five characters, of which the last two check all the others. */
export function makeUniqueCodes(prefix: string, count: number): string[] {
  const folded = foldLookAlikes(prefix) ?? "";
  const chance = randomBytes(count * CHANCE_LENGTH);
  return Array.from({ length: count }, (_, index) => {
    let body = "";
    // 256 is a multiple of 32, so every character is as likely as any other.
    for (const byte of chance.subarray(index * CHANCE_LENGTH, (index + 1) * CHANCE_LENGTH)) body += CODE_ALPHABET.charAt(byte % 32);
    body += checkCharacters(folded + body);
    const groups = Array.from({ length: BODY_LENGTH / GROUP_LENGTH }, (_group, at) => body.slice(at * GROUP_LENGTH, (at + 1) * GROUP_LENGTH));
    return [...(prefix === "" ? [] : [prefix]), ...groups].join("-");
  });
}

/**
 * The one spelling of a code that stands for all the ways to type it: case, hyphens, spaces, width and look-alikes (O for 0, I and
 * L for 1, U for V, letters of other scripts) do not distinguish codes. Null if the text is no code, or a mistyped one.
 */
export function canonicalUniqueCode(text: string): string | null {
  if (text.length > MAX_TYPED_LENGTH) return null;
  const folded = foldLookAlikes(text);
  return folded !== null && folded.length >= BODY_LENGTH && isSound(folded) ? folded : null;
}

/**
 * What is kept of a code, and its id: 128 bits of the HMAC-SHA-256 of its canonical spelling with the pepper, in base 32. Codes
 * are made by chance, so the same code has the same id, two codes have two, and no id leads back to its code.
 */
export function uniqueCodeId(canonical: string, pepper: string): string {
  const hash = createHmac("sha256", pepper).update(canonical).digest("hex").slice(0, 32);
  return BigInt(`0x${hash}`).toString(32).padStart(26, "0");
}

/** How a code begins, with its prefix as it was ordered. */
export function showUniqueCode(canonical: string, prefix: string): string {
  const start = canonical.slice(-BODY_LENGTH).slice(0, SHOWN_LENGTH);
  return `${prefix === "" ? "" : `${prefix}-`}${start}…`;
}
