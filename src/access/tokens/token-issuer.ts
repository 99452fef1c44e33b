import type { CatalogKey } from "../../kernel/key.js";
import type { Role } from "../permission.js";

/**
 * How a token may be signed: with a private key that the issuer alone has. "none" is no signature, and a secret shared for HS256
 * would let whoever checks tokens make them, so neither is there to be chosen.
 */
export const TOKEN_ALGORITHMS = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519"] as const;

export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

/** Who may say who calls, how its tokens look, and what their claims mean here. */
export interface TokenIssuer {
  /** What `iss` must be, character by character. */
  readonly issuer: string;
  /** A token is for us when its `aud` names one of them. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly TokenAlgorithm[];
  /** What `typ` may be, as `readType` writes it. An id token is no access token, though the same key signs both. */
  readonly types: readonly string[];
  readonly keys: KeyLocation;
  /** How far the issuer's clock may be from ours. */
  readonly clockToleranceSeconds: number;
  /** Null = as old as `exp` allows, and `iat` is not asked for. */
  readonly maxTokenAgeSeconds: number | null;
  readonly claims: ClaimMapping;
}

/** Where the issuer's public keys are, as a JWK set (RFC 7517). */
export type KeyLocation =
  { readonly kind: "URL"; readonly url: string } | { readonly kind: "FILE"; readonly path: string } | { readonly kind: "GIVEN"; readonly jwks: string };

/** The names that lead to a claim through the objects of the payload. */
export type ClaimPath = readonly string[];

/** Null = the token says nothing of it, and the caller is not narrowed in it. */
export interface ClaimMapping {
  readonly roles: RoleSource;
  readonly customer: ClaimPath | null;
  readonly customerPrefix: PrefixSource | null;
  readonly markets: KeySource | null;
  readonly products: KeySource | null;
}

export type RoleSource =
  | { readonly kind: "FIXED"; readonly roles: readonly Role[] }
  | { readonly kind: "CLAIM"; readonly path: ClaimPath; readonly values: ReadonlyMap<string, Role> };

/** An optional claim narrows only the tokens that have it; without a claim that is not optional a token is not good. */
interface ClaimSource {
  readonly kind: "CLAIM";
  readonly path: ClaimPath;
  readonly optional: boolean;
}

/** `append`: the separator, where the claim is a partner's bare name. */
export type PrefixSource = { readonly kind: "FIXED"; readonly prefix: string } | (ClaimSource & { readonly append: string });

export type KeySource = { readonly kind: "FIXED"; readonly keys: readonly CatalogKey[] } | ClaimSource;

/** A media type without "application/", in small letters: "at+jwt" and "application/AT+JWT" are one type (RFC 7515, 4.1.9). */
export function readType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, "");
}
