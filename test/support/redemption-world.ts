import { createHash } from "node:crypto";
import type pg from "pg";
import { expect } from "vitest";
import type { QuoteGrant } from "../../src/catalog/quotes/stored-quote.js";
import type { RedeemRequest } from "../../src/customers/redemptions/redemption.js";
import type { RedeemOutcome } from "../../src/customers/redemptions/redemption.refusals.js";
import { RedemptionService } from "../../src/customers/redemptions/redemption.service.js";
import { PgRedemptionRepository } from "../../src/customers/redemptions/storage/pg-redemption.repository.js";
import { connectDatabase, type Database } from "../../src/platform/database/database.js";
import { createTestDatabase } from "./database.js";

export interface Limits {
  readonly limit_total?: number;
  readonly limit_per_customer?: number;
  readonly budget_minor?: number;
  readonly budget_currency?: string;
}

export interface RedemptionWorld {
  readonly url: string;
  readonly database: Database;
  readonly repository: PgRedemptionRepository;
  readonly service: RedemptionService;
  end(): Promise<void>;
}

export const NOON = new Date("2026-03-01T12:00:00Z");

export function minutesAfterNoon(minutes: number): Date {
  return new Date(NOON.getTime() + minutes * 60_000);
}

export async function openRedemptionWorld(): Promise<RedemptionWorld> {
  const { url, drop } = await createTestDatabase("empty");
  const database = connectDatabase({ url, maxConnections: 6 });
  const repository = new PgRedemptionRepository(database.pool);
  return {
    ...{ url, database, repository, service: new RedemptionService(repository) },
    end: async () => {
      await database.close();
      await drop();
    },
  };
}

/**
 * Publishes a release with a version of each of these discounts, which has these limits and no others.
 * @param meanwhile is done when the counters have followed and nothing is committed yet.
 * @param before is done when the versions are written and no counter is locked yet.
 */
export async function publishDiscounts(
  pool: pg.Pool,
  discounts: Readonly<Record<string, Limits>>,
  meanwhile?: () => Promise<void>,
  before?: (client: pg.PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ number: bigint }>(
      `insert into release (number, published_at, author)
       select coalesce(max(number), 0) + 1, timestamptz '2026-01-01' + make_interval(mins => coalesce(max(number), 0)::int), 'test' from release returning number`,
    );
    const release = rows[0]?.number;
    for (const [key, limits] of Object.entries(discounts)) {
      await client.query("update discount set until_release = $1 where key = $2 and until_release is null", [release, key]);
      await client.query(
        `insert into discount (key, since_release, name, benefit, percent, duration, activation, effective_from, limit_total, limit_per_customer, budget_minor, budget_currency)
         values ($1, $2, 'Name', 'PERCENT', 20, 'ONCE', 'CODE', '2026-01-01', $3, $4, $5, $6)`,
        [key, release, limits.limit_total, limits.limit_per_customer, limits.budget_minor, limits.budget_currency],
      );
    }
    await before?.(client);
    if (meanwhile) {
      await client.query("set constraints discount_has_counter immediate");
      await meanwhile();
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

export function grantOf(discountKey: string, change: Partial<QuoteGrant> = {}): QuoteGrant {
  return { discountKey, code: null, amountMinor: 100n, currency: "EUR", ...change };
}

let asked = 0;

/** A request that differs from all others: another key, quote and customer, for a use of `spring` that is committed at once. */
export function requestOf(change: Partial<RedeemRequest> = {}): RedeemRequest {
  const number = String(++asked);
  const request = {
    ...{ credentialId: "till", idempotencyKey: `key-${number}`, customerId: `customer-${number}`, quoteId: `quote-${number}` },
    ...{ grants: [grantOf("spring")], mode: "COMMIT" as const, reservedUntil: null, at: NOON },
    ...change,
  };
  return { bodyHash: createHash("sha256").update(request.quoteId).digest(), ...request };
}

/** The same, to be committed or released within ten minutes. */
export function reservationOf(change: Partial<RedeemRequest> = {}): RedeemRequest {
  return requestOf({ mode: "RESERVE", reservedUntil: minutesAfterNoon(10), ...change });
}

/** "REDEEMED", or the codes of the refusals. */
export function toldBy(outcome: RedeemOutcome): string {
  return outcome.outcome === "REDEEMED" ? outcome.outcome : outcome.refusals.map(({ code }) => code).join(" ");
}

/** Counters that differ from what the ledger says: none, whatever happened. */
export const DRIFT = `
  select 'discount' as counter, counter.discount_key, null as customer_id, counter.used, counter.spent_minor, live.uses, live.spent
  from discount_counter counter
  left join lateral (
    select count(*) as uses, coalesce(sum(amount_minor) filter (where currency = counter.budget_currency), 0) as spent
    from redemption where redemption.discount_key = counter.discount_key and state in ('RESERVED', 'COMMITTED')
  ) live on true
  where counter.used <> live.uses or counter.spent_minor <> live.spent
  union all
  select 'customer', discount_key, customer_id, own.used, null, live.uses, null
  from (select discount_key from discount_counter where limit_per_customer is not null) limited
  join customer_discount_counter own using (discount_key)
  full join (
    select customer_id, discount_key, count(*) as uses from redemption where state in ('RESERVED', 'COMMITTED')
    and discount_key in (select discount_key from discount_counter where limit_per_customer is not null) group by customer_id, discount_key
  ) live using (customer_id, discount_key)
  where coalesce(own.used, 0) <> coalesce(live.uses, 0)`;

export async function expectExactCounters(pool: pg.Pool): Promise<void> {
  expect((await pool.query(DRIFT)).rows).toEqual([]);
}
