import pg from "pg";
import { isDatabaseAway } from "../../../platform/database-away.js";
import { retryCollisions } from "../../../platform/database/collisions.js";
import { Overloaded } from "../../../platform/overloaded.js";
import type { Claim } from "../redemption.js";
import { REDEEM_REFUSALS, type RedeemRefusal, type RedeemRefusalCode } from "../redemption.refusals.js";
import { CountersLocked, type Patience, type Verdict } from "./claim-batches.js";
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
export async function decideClaims(pool: pg.Pool, claims: readonly Claim[], patience: Patience = "PATIENT"): Promise<readonly Verdict[]> {
  try {
    return await decideTogether(pool, claims, patience, claims.length > 1 ? BATCH_ATTEMPTS : SINGLE_ATTEMPTS);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || isDatabaseAway(error)) throw error;
    if (claims.length === 1) return [{ outcome: "FAILED", error: isTwin(error) ? new Overloaded("others keep claiming the same", { cause: error }) : error }];
    return decideOneByOne(pool, claims, patience);
  }
}

async function decideOneByOne(pool: pg.Pool, claims: readonly Claim[], patience: Patience): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  try {
    for (const claim of claims) verdicts.push(...(await decideClaims(pool, [claim], patience)));
    return verdicts;
  } catch (error) {
    if (verdicts.length === 0) throw error;
    // What was decided stays decided. The others are asked again, and then it is the first of them that meets this.
    return [...verdicts, ...claims.slice(verdicts.length).map((): Verdict => ({ outcome: "CROWDED" }))];
  }
}

async function decideTogether(pool: pg.Pool, claims: readonly Claim[], patience: Patience, attempts: number): Promise<readonly Verdict[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      // Without a name, so that it is planned for the tables and the batch as they are. A plan that was kept from when the tables
      // were nearly empty scans them while they grow, until the next analyze; planning costs about a millisecond a batch.
      const { rows } = await withPatience(pool, claims, patience, () => pool.query<DecideRow>({ text: DECIDE, values: decideValues(claims) }));
      return claims.map((claim, index) => toVerdict(claim, rows[index]));
    } catch (error) {
      if (!isTwin(error) || attempt === attempts) throw error;
    }
  }
}

const LOCK_TIMEOUT = "55P03";

/** Retries what collides. When it is to be prompt, the first lock that takes long ends it, and who is in the way is found out. */
export async function withPatience<Result>(pool: pg.Pool, claims: readonly Claim[], patience: Patience, work: () => Promise<Result>): Promise<Result> {
  let blocked: unknown = null;
  const result = await retryCollisions(async () => {
    try {
      return await work();
    } catch (error) {
      if (patience === "PATIENT" || !(error instanceof pg.DatabaseError) || error.code !== LOCK_TIMEOUT) throw error;
      blocked = error;
      return null;
    }
  });
  if (result !== null) return result;
  const asked = [...new Set(claims.flatMap(({ redemptions }) => redemptions.map(({ discountKey }) => discountKey)))];
  if (asked.length === 0) throw new Overloaded("others hold what this needs", { cause: blocked });
  const { rows } = await pool.query<{ discount_key: string }>({
    text: "select discount_key from discount_counter where discount_key = any($1) order by discount_key for update skip locked",
    values: [asked],
  });
  const free = new Set(rows.map((row) => row.discount_key));
  const locked = asked.filter((key) => !free.has(key));
  // If the lock was on something else or is gone by now, any of them may have been the one.
  throw new CountersLocked(locked.length > 0 ? locked : asked, { cause: blocked });
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
