import { readType } from "./token-issuer.js";
import { isJsonObject, type JsonObject } from "../../kernel/json-object.js";
import { parseUnambiguous } from "./unambiguous-json.js";

/** What a token says of itself before anything of it is believed. */
export interface TokenForm {
  readonly algorithm: string;
  readonly keyId: string;
  /** As `readType` writes it. */
  readonly type: string;
  readonly issuer: string;
  readonly subject: string;
  readonly claims: JsonObject;
}

const MAX_NAME_LENGTH = 255;

/**
 * Headers that would have us take the key from the token itself, or from where the token says (jku, jwk, x5u, x5c), or that
 * change how the rest is to be read. No access token needs them.
 */
const REFUSED_HEADERS = ["crit", "b64", "zip", "enc", "jku", "jwk", "x5u", "x5c"];

/** Takes a signed token (RFC 7519 in the compact form of RFC 7515) apart, or returns null for what is none. Nothing of it is verified. */
export function readToken(token: string): TokenForm | null {
  const [headerPart, payloadPart, signature, ...rest] = token.split(".");
  if (headerPart === undefined || payloadPart === undefined || !signature || rest.length > 0 || decode(signature) === null) return null;
  const header = readObject(headerPart);
  const claims = readObject(payloadPart);
  if (header === null || claims === null || REFUSED_HEADERS.some((name) => Object.hasOwn(header, name))) return null;
  const [algorithm, keyId, type] = ["alg", "kid", "typ"].map((name) => readName(header, name));
  const [issuer, subject] = ["iss", "sub"].map((name) => readName(claims, name));
  if (!algorithm || !keyId || !type || !issuer || !subject) return null;
  return { algorithm, keyId, type: readType(type), issuer, subject, claims };
}

/** Names are kept, logged and joined with others, so they hold nothing that cannot be seen. */
function readName(object: JsonObject, name: string): string | null {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === "string" && value.length >= 1 && value.length <= MAX_NAME_LENGTH && !/[\p{Cc}\p{Cs}]/u.test(value) ? value : null;
}

function readObject(part: string): JsonObject | null {
  const bytes = decode(part);
  if (bytes === null) return null;
  try {
    const value = parseUnambiguous(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return isJsonObject(value) ? value : null;
  } catch {
    return null; // Not UTF-8, not JSON, or not the same to every reader.
  }
}

/** Reading base64 overlooks what does not belong there, so that many texts would be the same token. */
function decode(part: string): Buffer | null {
  const bytes = Buffer.from(part, "base64url");
  return bytes.toString("base64url") === part ? bytes : null;
}
