import pg from "pg";
import { isDatabaseAway } from "../../../platform/database-away.js";
import { retryCollisions } from "../../../platform/database/collisions.js";
import { Overloaded } from "../../../platform/overloaded.js";
import type { Claim } from "../redemption.js";
import { REDEEM_REFUSALS, type RedeemRefusal, type RedeemRefusalCode } from "../redemption.refusals.js";
import type { Verdict } from "./claim-batches.js";
import { DECIDE, decideValues, type DecideRow } from "./decide.sql.js";
import { fromStored, type StoredRedemption } from "./redemption.mapping.js";

/** By these the database says that another process did the like meanwhile, which the statement was too old to see. */
const TWINS = new Set(["idempotency_key_pkey", "redemption_once_per_quote", "redemption_once_per_unique_code", "customer_discount_counter_keeps_its_limit"]);
const BATCH_ATTEMPTS = 2;
const SINGLE_ATTEMPTS = 6;

/**
 * Decides claims together. A twin undoes the whole statement; since the twin is there by then, a second one sees it. If that
 * meets another twin, or if one of the claims is not fit for the database, each is decided by itself, so that it alone fails.
 */
export async function decideClaims(pool: pg.Pool, claims: readonly Claim[]): Promise<readonly Verdict[]> {
  try {
    return await decideTogether(pool, claims, claims.length > 1 ? BATCH_ATTEMPTS : SINGLE_ATTEMPTS);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || isDatabaseAway(error)) throw error;
    if (claims.length === 1) return [{ outcome: "FAILED", error: isTwin(error) ? new Overloaded("others keep claiming the same", { cause: error }) : error }];
    const verdicts: Verdict[] = [];
    for (const claim of claims) verdicts.push(...(await decideClaims(pool, [claim])));
    return verdicts;
  }
}

async function decideTogether(pool: pg.Pool, claims: readonly Claim[], attempts: number): Promise<readonly Verdict[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      // Without a name, so that it is planned for the tables and the batch as they are. A plan that was kept from when the tables
      // were nearly empty scans them while they grow, until the next analyze; planning costs about a millisecond a batch.
      const { rows } = await retryCollisions(() => pool.query<DecideRow>({ text: DECIDE, values: decideValues(claims) }));
      return claims.map((claim, index) => toVerdict(claim, rows[index]));
    } catch (error) {
      if (!isTwin(error) || attempt === attempts) throw error;
    }
  }
}

function isTwin(error: unknown): boolean {
  return error instanceof pg.DatabaseError && TWINS.has(error.constraint ?? "");
}

function toVerdict(claim: Claim, row: DecideRow | undefined): Verdict {
  switch (row?.verdict) {
    case undefined:
      return { outcome: "FAILED", error: new Error("the database left a claim without a verdict") };
    case "GRANTED":
      return { outcome: "REDEEMED", replayed: false, redemptions: claim.redemptions };
    case "REPLAYED":
      // What is kept under the key is what this file wrote.
      return { outcome: "REDEEMED", replayed: true, redemptions: (row.response as readonly StoredRedemption[]).map(fromStored) };
    case "REUSED":
      return { outcome: "REFUSED", refusals: [{ code: "IDEMPOTENCY_KEY_REUSED", discountKey: null }] };
    case "CROWDED":
      return { outcome: "CROWDED" };
    case "REFUSED":
      return toRefusals(row.refusals ?? []);
  }
}

function toRefusals(found: NonNullable<DecideRow["refusals"]>): Verdict {
  const refusals: RedeemRefusal[] = [];
  for (const { discountKey, codes } of found) {
    for (const code of codes) {
      if (!isRefusalCode(code)) return { outcome: "FAILED", error: new Error(`discount ${discountKey} of a quote was never released`) };
      if (code !== "QUOTE_ALREADY_REDEEMED") refusals.push({ code, discountKey });
      else if (!refusals.some((refusal) => refusal.code === code)) refusals.push({ code, discountKey: null });
    }
  }
  return { outcome: "REFUSED", refusals };
}

function isRefusalCode(text: string): text is RedeemRefusalCode {
  return (REDEEM_REFUSALS as readonly string[]).includes(text);
}
