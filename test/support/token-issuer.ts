import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { TOKEN_ROLES } from "../../src/access/permission.js";
import type { TokenAlgorithm, TokenIssuer } from "../../src/access/tokens/token-issuer.js";

/** A key pair under the name that tokens and key sets have for it. */
export interface SigningPair {
  readonly kid: string;
  readonly algorithm: TokenAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function makePair(kid: string, algorithm: TokenAlgorithm = "ES256", rsaBits = 2048): SigningPair {
  const pair = /^[RP]S/.test(algorithm)
    ? generateKeyPairSync("rsa", { modulusLength: rsaBits })
    : algorithm.startsWith("Ed")
      ? generateKeyPairSync("ed25519")
      : generateKeyPairSync("ec", { namedCurve: { ES256: "P-256", ES384: "P-384", ES512: "P-521" }[algorithm as "ES256"] });
  return { kid, algorithm, ...pair };
}

/** A JWK set with the public part of each. */
export function jwksOf(...pairs: readonly SigningPair[]): string {
  return JSON.stringify({ keys: pairs.map(publicJwk) });
}

export function publicJwk({ kid, algorithm, publicKey }: SigningPair): Readonly<Record<string, unknown>> {
  return { ...publicKey.export({ format: "jwk" }), kid, alg: algorithm, use: "sig" };
}

/** Signs what it is given: text as it is, so that a test can write what no library would. */
export function signToken(header: object | string, payload: object | string, { algorithm, privateKey }: Pick<SigningPair, "algorithm" | "privateKey">): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  const hash = algorithm.startsWith("Ed") ? null : `sha${algorithm.slice(2)}`;
  // -1: the salt is as long as the hash (RFC 7518, 3.5). 6: the padding of PSS.
  const pss = algorithm.startsWith("PS") ? { padding: 6, saltLength: -1 } : {};
  return `${signed}.${sign(hash, Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363", ...pss }).toString("base64url")}`;
}

export function encode(part: object | string): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

/** An issuer as the tests configure it: all roles by their own names, and everything that narrows a caller by a claim. */
export function issuerOf(pairs: readonly SigningPair[], changes: Partial<TokenIssuer> = {}): TokenIssuer {
  return {
    issuer: "https://issuer.test/",
    audiences: ["catalog"],
    algorithms: [...new Set(pairs.map(({ algorithm }) => algorithm))],
    types: ["at+jwt"],
    keys: { kind: "GIVEN", jwks: jwksOf(...pairs) },
    clockToleranceSeconds: 5,
    maxTokenAgeSeconds: null,
    claims: {
      roles: { kind: "CLAIM", path: ["roles"], values: new Map(TOKEN_ROLES.map((role) => [role, role])) },
      customer: ["customer"],
      customerPrefix: { kind: "CLAIM", path: ["customer_prefix"], optional: true, append: "" },
      markets: { kind: "CLAIM", path: ["markets"], optional: true },
      products: { kind: "CLAIM", path: ["products"], optional: true },
    },
    ...changes,
  };
}

/** The claims of a token that is good for an hour from now, for `issuerOf`. */
export function claimsAt(now: Date, claims: object = {}): Record<string, unknown> {
  const seconds = Math.floor(now.getTime() / 1000);
  return { iss: "https://issuer.test/", aud: "catalog", sub: "someone", iat: seconds, nbf: seconds, exp: seconds + 3_600, ...claims };
}

export function headerOf({ algorithm, kid }: SigningPair, header: object = {}): Record<string, unknown> {
  return { alg: algorithm, kid, typ: "at+jwt", ...header };
}

/** A good token. */
export function tokenOf(pair: SigningPair, now: Date, claims: object): string {
  return signToken(headerOf(pair), claimsAt(now, claims), pair);
}
