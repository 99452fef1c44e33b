import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import type { TokenAlgorithm } from "./token-issuer.js";
import { isJsonObject, type JsonObject } from "../../kernel/json-object.js";

/** The keys of one issuer that can be used, by `keyName`. */
export type KeySet = ReadonlyMap<string, KeyObject>;

/** A key is good for one algorithm at a time: a signature by the same key under another one proves nothing. */
export function keyName(algorithm: string, keyId: string): string {
  return `${algorithm} ${keyId}`;
}

const MAX_KEYS = 100;
const MIN_RSA_BITS = 2_048;

/**
 * Reads a JWK set. Left out is what cannot verify tokens for one of the algorithms (RFC 7517, 5: sets may hold keys for other
 * ends), what is weak, what gives its private part away, and keys of which two have the same name. Keys that were there before
 * stay the same objects. Throws when it is no JWK set.
 */
export function readKeySet(text: string, algorithms: readonly TokenAlgorithm[], previous: KeySet | null): KeySet {
  const set: unknown = JSON.parse(text);
  if (!isJsonObject(set) || !Array.isArray(set["keys"])) throw new Error("it is not a JWK set");
  const listed: readonly unknown[] = set["keys"];
  if (listed.length > MAX_KEYS) throw new Error(`it has more than ${MAX_KEYS} keys`);
  const keys = new Map<string, KeyObject>();
  const twice = new Set<string>();
  for (const jwk of listed.filter(isJsonObject)) {
    const { kid } = jwk;
    const key = typeof kid === "string" ? readKey(jwk) : null;
    if (key === null) continue;
    for (const algorithm of algorithms) {
      if (!fits(key, algorithm) || (jwk["alg"] !== undefined && jwk["alg"] !== algorithm)) continue;
      const name = keyName(algorithm, String(kid));
      if (keys.has(name)) twice.add(name);
      const before = previous?.get(name);
      keys.set(name, before?.equals(key) ? before : key);
    }
  }
  for (const name of twice) keys.delete(name);
  return keys;
}

function readKey(jwk: JsonObject): KeyObject | null {
  const { use, key_ops: operations } = jwk;
  const isForVerifying = (use === undefined || use === "sig") && (operations === undefined || (Array.isArray(operations) && operations.includes("verify")));
  // Whoever reads the set could sign with a key that tells its private part.
  if (!isForVerifying || jwk["kty"] === "oct" || Object.hasOwn(jwk, "d")) return null;
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
  } catch {
    return null; // Of a kind that is not known here, or no point on its curve.
  }
}

const EC_CURVES: Readonly<Record<string, string>> = { ES256: "prime256v1", ES384: "secp384r1", ES512: "secp521r1" };

function fits({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, algorithm: TokenAlgorithm): boolean {
  switch (asymmetricKeyType) {
    case "ec":
      return asymmetricKeyDetails?.namedCurve === EC_CURVES[algorithm];
    case "rsa":
      return /^[RP]S/.test(algorithm) && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS;
    case "ed25519":
      return algorithm === "EdDSA" || algorithm === "Ed25519";
    default:
      return false;
  }
}
