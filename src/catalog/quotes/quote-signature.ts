import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import type { StoredQuote } from "./stored-quote.js";
import { writeCanonical, type QuoteDocument } from "./quote-document.js";

/** A key that quotes are signed with, or were: those that only verify are kept for as long as their quotes are honoured. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** What of a stored quote is signed: all of it. */
type Signed = Omit<StoredQuote, "signature" | "grants">;

/** What turns 32 bytes into a PKCS #8 private key of Ed25519 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** Reads "2026b:<64 hex digits>,2026a:<64 hex digits>": ids and seeds. The first key signs, all of them verify. */
export function readSigningKeys(text: string): [SigningKey, ...SigningKey[]] {
  const [first = "", ...others] = text.split(",");
  return [readSigningKey(first), ...others.map(readSigningKey)];
}

function readSigningKey(text: string): SigningKey {
  const [id = "", seed = ""] = text.split(":");
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, Buffer.from(seed, "hex")]), format: "der", type: "pkcs8" });
  return { id, privateKey, publicKey: createPublicKey(privateKey) };
}

/** The public part, as the coordinate `x` of a JWK (RFC 8037). */
export function publicKeyOf({ publicKey }: SigningKey): string {
  const { x } = publicKey.export({ format: "jwk" });
  if (x === undefined) throw new Error("an Ed25519 key has an x");
  return x;
}

/**
 * Signs a quote: a compact JWS (RFC 7515) with EdDSA over Ed25519, whose header names the key and whose payload says what was
 * promised and the SHA-256 of the document. Anyone with the public key can check it with any library.
 */
export function signQuote(quote: Signed, content: QuoteDocument, key: SigningKey): string {
  const signed = `${encode({ alg: "EdDSA", kid: key.id, typ: "quote+jws" })}.${payloadOf(quote, content)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString("base64url")}`;
}

/** Whether a signature is ours and of exactly this quote. The header is written anew, never believed: it only says which key. */
export function isSigned(quote: Signed, content: QuoteDocument, signature: string, keys: readonly SigningKey[]): boolean {
  const [header = "", payload, ending, ...rest] = signature.split(".");
  if (payload !== payloadOf(quote, content) || ending === undefined || rest.length > 0) return false;
  const key = keys.find(({ id }) => header === encode({ alg: "EdDSA", kid: id, typ: "quote+jws" }));
  const bytes = Buffer.from(ending, "base64url");
  // Reading base64 overlooks what does not belong there, so that many texts would be the same signature.
  return key !== undefined && bytes.toString("base64url") === ending && verify(null, Buffer.from(`${header}.${payload}`), key.publicKey, bytes);
}

/** @param content the document, read. */
function payloadOf({ id, customerId, credentialId, binding, release, createdAt, expiresAt, document }: Signed, content: QuoteDocument): string {
  const sha256 = createHash("sha256").update(document).digest("hex");
  const { currency, invoices } = content.quote;
  const { amountMinor, grossMinor } = invoices[0]?.totals ?? { amountMinor: null, grossMinor: null };
  return encode({
    ...{ quote: id, customer: customerId, credential: credentialId, binding, release },
    ...{ createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() },
    due: { currency, amountMinor: amountMinor?.toString() ?? null, grossMinor: grossMinor?.toString() ?? null },
    sha256,
  });
}

function encode(value: object): string {
  return Buffer.from(writeCanonical(value)).toString("base64url");
}
