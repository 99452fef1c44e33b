import type pg from "pg";
import type { LiveRefusal } from "./live-refusals/live-refusal.js";
import { QUOTE_REFUSALS } from "./live-refusals/quotes.js";
import { REDEMPTION_REFUSALS } from "./live-refusals/redemptions.js";
import { UNIQUE_CODE_REFUSALS } from "./live-refusals/unique-codes.js";
import { insert } from "./sound-rows.js";

const KEY = { id: "k", owner_id: "k", name: "n", role: "r", hash: Buffer.alloc(32), created_at: "2026-01-01T00:00:00Z" };
const keyWith = (more: object) => (client: pg.Client) => insert(client, "api_key", { ...KEY, ...more });

const KEY_REFUSALS: readonly LiveRefusal[] = [
  { why: "a key that is kept in clear", constraint: "api_key_hash_is_sha256", work: keyWith({ hash: Buffer.from("secret") }) },
  { why: "a key of an owner that is none", constraint: "api_key_has_owner", work: keyWith({ owner_id: "nobody" }) },
  ...["permissions", "markets", "products", "origins"].flatMap((list) => [
    { why: `a key narrowed to no ${list}`, constraint: "api_key_restricts_to_something", work: keyWith({ [list]: [] }) },
    { why: `a key with a null among its ${list}`, constraint: "api_key_restricts_to_something", work: keyWith({ [list]: ["one", null] }) },
  ]),
  { why: "a key of customers whose ids begin with nothing", constraint: "api_key_restricts_to_something", work: keyWith({ customer_prefix: "" }) },
];

const LIMIT_REFUSALS: readonly LiveRefusal[] = [
  {
    why: "a caller with a name of any length",
    constraint: "rate_limit_bucket_caller_is_short",
    work: (client) => insert(client, "rate_limit_bucket", { caller: "x".repeat(201), empty_at: "2026-01-01T00:00:00Z" }),
  },
];

export const LIVE_REFUSALS: readonly LiveRefusal[] = [...KEY_REFUSALS, ...LIMIT_REFUSALS, ...QUOTE_REFUSALS, ...UNIQUE_CODE_REFUSALS, ...REDEMPTION_REFUSALS];
