import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { join } from "node:path";
import { SignJWT } from "jose";
import { TOKEN_ROLES, type Role } from "../access/permission.js";
import type { TokenIssuer } from "../access/tokens/token-issuer.js";
import type { Config } from "../platform/config.js";
import { localSecret } from "../platform/local-secret.js";

/** The issuer that a gateway has of its own, to try tokens with. */
export const LOCAL_ISSUER = "urn:catalog-gateway:local";
const AUDIENCE = "catalog-gateway";
const TYPE = "at+jwt";

/** What turns 32 bytes into a PKCS #8 private key of Ed25519 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

export interface LocalToken {
  readonly role: Role;
  readonly subject: string;
  readonly customer?: string;
  readonly customerPrefix?: string;
  readonly markets?: readonly string[];
  readonly products?: readonly string[];
}

/**
 * Why there is no issuer of its own, or null. Whoever reads the data folder can be anyone, which is the point while trying
 * things out on one machine, and must not be true of a server that others use.
 */
export function whyNoLocalIssuer({ production, databaseUrl, host }: Pick<Config, "production" | "databaseUrl" | "host">): string | null {
  if (production) return "NODE_ENV is production";
  if (databaseUrl !== null) return "DATABASE_URL names a server that others may use";
  if (!/^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host)) return "HOST lets other machines in";
  return null;
}

/** The issuer, as the gateway trusts it. Its key is made once and kept beside the embedded database, readable for its owner alone. */
export async function localIssuer(dataFolder: string): Promise<TokenIssuer> {
  const { kid, privateKey } = await localKey(dataFolder);
  const jwk = { ...createPublicKey(privateKey).export({ format: "jwk" }), kid, use: "sig" };
  return {
    ...{ issuer: LOCAL_ISSUER, audiences: [AUDIENCE], algorithms: ["EdDSA"], types: [TYPE], keys: { kind: "GIVEN", jwks: JSON.stringify({ keys: [jwk] }) } },
    ...{ clockToleranceSeconds: 5, maxTokenAgeSeconds: null },
    claims: {
      roles: { kind: "CLAIM", path: ["roles"], values: new Map(TOKEN_ROLES.map((role) => [role, role])) },
      customer: ["customer"],
      customerPrefix: { kind: "CLAIM", path: ["customer_prefix"], optional: true, append: "" },
      markets: { kind: "CLAIM", path: ["markets"], optional: true },
      products: { kind: "CLAIM", path: ["products"], optional: true },
    },
  };
}

/** A token of the local issuer. */
export async function signLocalToken(dataFolder: string, token: LocalToken, { now, seconds }: { now: Date; seconds: number }): Promise<string> {
  const { kid, privateKey } = await localKey(dataFolder);
  const { role, subject, customer, customerPrefix, markets, products } = token;
  const from = Math.floor(now.getTime() / 1000);
  return new SignJWT({ roles: [role], customer, customer_prefix: customerPrefix, markets, products })
    .setProtectedHeader({ alg: "EdDSA", kid, typ: TYPE })
    .setIssuer(LOCAL_ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(subject)
    .setIssuedAt(from)
    .setNotBefore(from)
    .setExpirationTime(from + seconds)
    .sign(privateKey);
}

async function localKey(dataFolder: string): Promise<{ readonly kid: string; readonly privateKey: KeyObject }> {
  const seed = Buffer.from(await localSecret(join(dataFolder, "token-issuer-key")), "hex");
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  // Named after the public part, so that a key of another data folder has another name.
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { kid: createHash("sha256").update(spki).digest("base64url").slice(0, 16), privateKey };
}
