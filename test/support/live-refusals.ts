import type { LiveRefusal } from "./live-refusals/live-refusal.js";
import { QUOTE_REFUSALS } from "./live-refusals/quotes.js";
import { REDEMPTION_REFUSALS } from "./live-refusals/redemptions.js";
import { UNIQUE_CODE_REFUSALS } from "./live-refusals/unique-codes.js";
import { insert } from "./sound-rows.js";

const KEY_REFUSALS: readonly LiveRefusal[] = [
  {
    why: "a key that is kept in clear",
    constraint: "api_key_hash_is_sha256",
    work: (client) => insert(client, "api_key", { id: "k", name: "n", role: "r", hash: Buffer.from("secret"), created_at: "2026-01-01T00:00:00Z" }),
  },
];

const LIMIT_REFUSALS: readonly LiveRefusal[] = [
  {
    why: "a caller with a name of any length",
    constraint: "rate_limit_bucket_caller_is_short",
    work: (client) => insert(client, "rate_limit_bucket", { caller: "x".repeat(201), empty_at: "2026-01-01T00:00:00Z" }),
  },
];

export const LIVE_REFUSALS: readonly LiveRefusal[] = [...KEY_REFUSALS, ...LIMIT_REFUSALS, ...QUOTE_REFUSALS, ...UNIQUE_CODE_REFUSALS, ...REDEMPTION_REFUSALS];
