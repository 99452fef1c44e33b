import { createHmac, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

/**
 * An API key: `cgk_<id>_<secret><checksum>`. The prefix lets people and secret scanners recognise it, the id finds it,
 * the checksum turns a mistyped key away without asking the database. Only its keyed hash is kept.
 */
export interface ApiKeyParts {
  readonly id: string;
}

// Crockford's base 32: no letters that are read for one another.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const ID_LENGTH = 10;
const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 7;
const SHAPE = new RegExp(`^cgk_([${ALPHABET}]{${ID_LENGTH}})_[${ALPHABET}]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);

/** Makes a key with 160 bits of chance. It is shown once; nothing that is kept can bring it back. */
export function makeApiKey(): { id: string; key: string } {
  const id = randomText(ID_LENGTH);
  const body = `cgk_${id}_${randomText(SECRET_LENGTH)}`;
  return { id, key: body + checksum(body) };
}

/** The id of a well-formed key, or null. Says nothing of whether the key is good. */
export function parseApiKey(key: string): ApiKeyParts | null {
  const match = SHAPE.exec(key);
  const id = match?.[1];
  return id !== undefined && checksum(key.slice(0, -CHECKSUM_LENGTH)) === key.slice(-CHECKSUM_LENGTH) ? { id } : null;
}

/** What is kept of a key: HMAC-SHA-256 with the pepper, so that a stolen table cannot be tried without it. */
export function hashApiKey(key: string, pepper: string): Buffer {
  return createHmac("sha256", pepper).update(key).digest();
}

function randomText(length: number): string {
  // 256 is a multiple of 32, so every character is as likely as any other.
  return Array.from(randomBytes(length), (byte) => ALPHABET.charAt(byte % 32)).join("");
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    digits = ALPHABET.charAt(rest % 32) + digits;
    rest = Math.floor(rest / 32);
  }
  return digits;
}
