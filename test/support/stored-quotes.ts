import { createHash, createPublicKey, verify } from "node:crypto";
import type { Database } from "../../src/platform/database/database.js";
import type { Caller, Json } from "./api.js";

const STORED = "quoteId createdAt expiresAt binding signature";

export const CREATE_QUOTE = `mutation ($input: CreateQuoteInput!) {
  createQuote(input: $input) { __typename ... on StoredQuote { ${STORED} quote { totals { amount { amountMinor currency } gross { amountMinor } } claims { binding } } }
    ... on Refused { refusals { __typename code message path } } }
}`;

export interface KeptQuote {
  readonly quoteId: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly binding: boolean;
  readonly signature: string;
  readonly quote: Json;
}

/** Keeps a quote, which must not be refused. */
export async function keepQuote(caller: Caller, quote: object, validForSeconds = 86_400): Promise<KeptQuote> {
  const { data, text } = await caller.query(CREATE_QUOTE, { input: { quote, validForSeconds } });
  if (data?.createQuote?.__typename !== "StoredQuote") throw new Error(`not kept: ${text}`);
  return data.createQuote;
}

/** A public key as `quoteSigningKeys` tells it. */
export interface PublishedKey {
  readonly kid: string;
  readonly x: string;
}

export async function publishedKeys(caller: Caller): Promise<PublishedKey[]> {
  const { data, errors } = await caller.query("{ quoteSigningKeys { kid x } }");
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data.quoteSigningKeys;
}

/** Checks a signature as anyone could, with nothing but a crypto library: its payload, or null if it is not good for the document. */
export function readSignature(signature: string, document: string, keys: readonly PublishedKey[]): Json {
  const [header = "", payload = "", ending = ""] = signature.split(".");
  const { alg, kid } = parse(header);
  const key = keys.find((one) => one.kid === kid);
  if (alg !== "EdDSA" || !key) return null;
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key.x }, format: "jwk" });
  if (!verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(ending, "base64url"))) return null;
  const promised = parse(payload);
  return promised.sha256 === createHash("sha256").update(document).digest("hex") ? promised : null;
}

/** Changed bytes may be no JSON any more. */
function parse(part: string): Json {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return {};
  }
}

/** Changes a quote behind the gateway's back, as somebody could who owns the database: the trigger that keeps quotes is off. */
export async function tamper({ pool }: Database, statement: string, ...values: unknown[]): Promise<void> {
  await pool.query("alter table quote disable trigger all");
  const { rowCount } = await pool.query(statement, values);
  await pool.query("alter table quote enable trigger all");
  if (rowCount !== 1) throw new Error(`${rowCount ?? 0} rows were changed`);
}
