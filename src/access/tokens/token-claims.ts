import { createHash } from "node:crypto";
import { isCustomerId } from "../../kernel/customer-id.js";
import { isCatalogKey } from "../../kernel/key.js";
import { ANY_CUSTOMER, isCustomerPrefix, type CustomerReach } from "../customer-reach.js";
import type { Role } from "../permission.js";
import { permissionsOf, type Viewer } from "../viewer.js";
import type { TokenForm } from "./token-form.js";
import type { ClaimPath, KeySource, PrefixSource, RoleSource, TokenIssuer } from "./token-issuer.js";
import { isJsonObject, type JsonObject } from "../../kernel/json-object.js";

/** When a token is good, in milliseconds: `[from, until)`. */
export interface TokenPeriod {
  readonly from: number;
  readonly until: number;
}

/** More keys than this are no list that somebody gave a caller. */
const MAX_KEYS = 500;

/** The period that a token's times allow, with the issuer's tolerance; null when it does not say all of them as numbers that can be instants. */
export function periodOf(claims: JsonObject, { clockToleranceSeconds, maxTokenAgeSeconds }: TokenIssuer): TokenPeriod | null {
  const [from, until] = [readInstant(claims["nbf"]), readInstant(claims["exp"])];
  if (from === null || until === null) return null;
  const tolerance = clockToleranceSeconds * 1000;
  if (maxTokenAgeSeconds === null) return { from: from - tolerance, until: until + tolerance };
  const issuedAt = readInstant(claims["iat"]);
  if (issuedAt === null) return null;
  return { from: Math.max(from, issuedAt) - tolerance, until: Math.min(until, issuedAt + maxTokenAgeSeconds * 1000) + tolerance };
}

/** Who a verified token says calls; null when its claims do not make a caller of it. */
export function viewerOf({ issuer, subject, claims }: TokenForm, { claims: mapping }: TokenIssuer): Viewer | null {
  const roles = rolesOf(claims, mapping.roles);
  const customers = customersOf(claims, mapping, roles);
  const [markets, products] = [keysOf(claims, mapping.markets), keysOf(claims, mapping.products)];
  if (roles.length === 0 || customers === null || markets === undefined || products === undefined) return null;
  return { kind: "TOKEN", credentialId: credentialIdOf(issuer, subject), permissions: permissionsOf(roles), customers, catalog: { markets, products } };
}

/**
 * The same for all tokens of a subject, and another for a subject of the same name at another issuer: neither name can hold the
 * NUL between them. Ids of API keys have no underscore.
 */
function credentialIdOf(issuer: string, subject: string): string {
  return `tok_${createHash("sha256").update(`${issuer}\0${subject}`).digest("base64url").slice(0, 22)}`;
}

function rolesOf(claims: JsonObject, source: RoleSource): readonly Role[] {
  if (source.kind === "FIXED") return source.roles;
  // An issuer serves others too: what it says of roles that are not ours is none of our business.
  return [...new Set(wordsOf(claimAt(claims, source.path)) ?? [])].flatMap((value) => source.values.get(value) ?? []);
}

/** A customer's token that does not say whose it is would reach every customer. */
function customersOf(claims: JsonObject, { customer, customerPrefix }: TokenIssuer["claims"], roles: readonly Role[]): CustomerReach | null {
  const prefix = prefixOf(claims, customerPrefix);
  if (prefix === null) return null;
  const id = customer === null ? undefined : claimAt(claims, customer);
  if (id === undefined) {
    if (roles.includes("customer")) return null;
    return prefix === "" ? ANY_CUSTOMER : { kind: "PREFIX", prefix };
  }
  return typeof id === "string" && isCustomerId(id) && id.startsWith(prefix) ? { kind: "ONE", id } : null;
}

/** Empty = the caller is not narrowed to one. */
function prefixOf(claims: JsonObject, source: PrefixSource | null): string | null {
  if (source === null) return "";
  if (source.kind === "FIXED") return source.prefix;
  const value = claimAt(claims, source.path);
  if (value === undefined && source.optional) return "";
  const prefix = typeof value === "string" && value !== "" ? value + source.append : "";
  return isCustomerPrefix(prefix) ? prefix : null;
}

/** Null = all; undefined = the token is not good. A list of none is a mistake: nobody asks for a token to see nothing. */
function keysOf(claims: JsonObject, source: KeySource | null): readonly string[] | null | undefined {
  if (source === null) return null;
  if (source.kind === "FIXED") return source.keys;
  const value = claimAt(claims, source.path);
  if (value === undefined && source.optional) return null;
  const keys = wordsOf(value) ?? [];
  return keys.length >= 1 && keys.length <= MAX_KEYS && keys.every(isCatalogKey) ? [...new Set(keys)].sort() : undefined;
}

function claimAt(claims: JsonObject, path: ClaimPath): unknown {
  return path.reduce<unknown>((value, name) => (isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined), claims);
}

/** A list of texts, or one text with spaces between them, as `scope` has it; null for anything else. */
function wordsOf(value: unknown): readonly string[] | null {
  if (typeof value === "string") return value.split(" ").filter((word) => word !== "");
  return Array.isArray(value) && value.every((word) => typeof word === "string") ? value : null;
}

/** Seconds since 1970 (RFC 7519, 2) in milliseconds. JSON can write numbers so large that they are read as infinite: such a token would never end. */
function readInstant(value: unknown): number | null {
  return typeof value === "number" && value >= 0 && value <= MAX_SECONDS ? value * 1000 : null;
}

/** The year 9999. */
const MAX_SECONDS = 253_402_300_799;
