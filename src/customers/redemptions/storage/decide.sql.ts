import type { Claim } from "../redemption.js";
import { toStored } from "./redemption.mapping.js";

/** Which redemptions hold a use. Spelled as in the partial indexes, or the planner does not take them. */
export const LIVE = "state in ('RESERVED', 'COMMITTED')";

/**
 * An update first computes its row from the version that its statement sees, checks that, and only then finds that there is a
 * newer one. Where all columns come from the row that was locked, it is the right row that is checked.
 */
const AS_LOCKED = `limit_total = locked.limit_total, limit_per_customer = locked.limit_per_customer, cap = locked.cap,
    budget_minor = locked.budget_minor, budget_currency = locked.budget_currency, budget_cap = locked.budget_cap`;

/**
 * Decides a batch of claims and counts what it grants, in one statement:
 *
 * - `request`: the claims in arrival order, with what their keys were answered before, if anything.
 * - `item`: their redemptions. Look-ups are scalar subqueries and laterals with a limit, which can only be done by index:
 *   a join could become a scan of the ledger.
 * - `counter`: locks the counters in the order of their keys, so that no two batches wait for each other. What it reads is the
 *   newest committed, while everything else is as old as the statement: there a twin of another process may be missed, and
 *   then a constraint refuses the whole statement.
 * - `judged`: `alone` says why an item would be refused by itself; `is_crowded`, that there is no room for it after
 *   all items before it, counting those that are refused.
 * - the rest writes what is granted: keys, ledger, counters. The upsert of a customer's counter checks its limit against the
 *   newest row, not against what was read.
 */
export const DECIDE = `
with request as materialized (
  select asked.*, known.operation is not null as is_known, known.response as known_response,
    known.body_hash = asked.body_hash and known.operation = 'redeem' as is_same
  from unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::timestamptz[], $7::jsonb[])
    with ordinality as asked (credential_id, key, body_hash, customer_id, quote_id, at, response, n)
  left join lateral (select * from idempotency_key k where k.credential_id = asked.credential_id and k.key = asked.key limit 1) known on true
),
item as materialized (
  select given.*, request.customer_id, request.quote_id, request.credential_id, request.at,
    (select true from redemption live where live.discount_key = given.discount_key and live.quote_id = request.quote_id and live.${LIVE} limit 1) as is_redeemed,
    (select true from redemption live where live.unique_code_id = given.unique_code_id and live.${LIVE} limit 1) as is_code_used,
    (select true from unique_code code join unique_code_batch batch on batch.id = code.batch_id
      where code.id = given.unique_code_id and batch.revoked_at is not null limit 1) as is_code_revoked
  from unnest($8::bigint[], $9::smallint[], $10::text[], $11::text[], $12::text[], $13::text[], $14::redemption_state[], $15::bigint[], $16::text[], $17::timestamptz[])
    as given (n, position, id, discount_key, unique_code_id, code_shown, state, amount_minor, currency, reserved_until)
  join request on request.n = given.n
  where not request.is_known
),
counter as materialized (
  select * from discount_counter where discount_key = any(array(select distinct discount_key from item))
  order by discount_key for update
),
judged as materialized (
  select item.*, counter.limit_per_customer, counter.budget_currency,
    array_remove(array[
      case when counter.discount_key is null then 'NEVER_RELEASED' end,
      case when item.is_redeemed then 'QUOTE_ALREADY_REDEEMED' end,
      case when item.is_code_revoked then 'CODE_REVOKED' end,
      case when item.is_code_used then 'CODE_USED' end,
      case when counter.used >= counter.limit_total then 'TOTAL_LIMIT_REACHED' end,
      case when own.used >= counter.limit_per_customer then 'CUSTOMER_LIMIT_REACHED' end,
      case when item.currency <> counter.budget_currency then 'BUDGET_OF_OTHER_CURRENCY'
        when counter.spent_minor + item.amount_minor > counter.budget_minor then 'BUDGET_SPENT' end
    ], null) as alone,
    counter.used + count(*) over of_discount > counter.limit_total
      or coalesce(own.used, 0) + count(*) over of_customer > counter.limit_per_customer
      or counter.spent_minor + sum(item.amount_minor) over of_discount > counter.budget_minor as is_crowded
  from item
  left join counter on counter.discount_key = item.discount_key
  left join lateral (select used from customer_discount_counter c where c.customer_id = item.customer_id and c.discount_key = item.discount_key limit 1) own
    on counter.limit_per_customer is not null
  window of_discount as (partition by item.discount_key order by item.n rows unbounded preceding),
    of_customer as (partition by item.customer_id, item.discount_key order by item.n rows unbounded preceding)
),
verdict as materialized (
  select request.n,
    case when request.is_same then 'REPLAYED' when request.is_known then 'REUSED'
      when found.is_refused then 'REFUSED' when found.is_crowded then 'CROWDED' else 'GRANTED' end as verdict
  from request
  left join (select n, bool_or(alone <> '{}') as is_refused, bool_or(is_crowded) as is_crowded from judged group by n) found on found.n = request.n
),
granted as materialized (select judged.* from judged join verdict on verdict.n = judged.n where verdict.verdict = 'GRANTED'),
keys as (
  insert into idempotency_key (credential_id, key, operation, body_hash, response, created_at)
  select request.credential_id, request.key, 'redeem', request.body_hash, request.response, request.at
  from request join verdict on verdict.n = request.n where verdict.verdict = 'GRANTED' order by request.credential_id, request.key
),
ledger as (
  insert into redemption (customer_id, id, quote_id, position, discount_key, unique_code_id, code_shown, state, amount_minor, currency, reserved_until,
    created_at, settled_at, credential_id)
  select customer_id, id, quote_id, position, discount_key, unique_code_id, code_shown, state, amount_minor, currency, reserved_until,
    at, case when state <> 'RESERVED' then at end, credential_id
  from granted
),
counted as (
  update discount_counter set ${AS_LOCKED}, used = locked.used + added.uses, spent_minor = locked.spent_minor + added.spent
  from (
    select discount_key, count(*) as uses, coalesce(sum(amount_minor) filter (where budget_currency is not null), 0)::bigint as spent
    from granted group by discount_key
  ) added
  join counter locked on locked.discount_key = added.discount_key
  where discount_counter.discount_key = added.discount_key
),
counted_for_customers as (
  insert into customer_discount_counter as own (customer_id, discount_key, used, cap)
  select customer_id, discount_key, count(*), min(limit_per_customer) from granted where limit_per_customer is not null group by customer_id, discount_key
  on conflict (customer_id, discount_key) do update set used = own.used + excluded.used, cap = excluded.cap
)
select verdict.verdict, case verdict.verdict when 'REPLAYED' then request.known_response end as response,
  case verdict.verdict when 'REFUSED' then
    (select jsonb_agg(jsonb_build_object('discountKey', discount_key, 'codes', alone) order by position) from judged where judged.n = verdict.n and alone <> '{}')
  end as refusals
from verdict join request on request.n = verdict.n order by verdict.n`;

export interface DecideRow {
  readonly verdict: "REPLAYED" | "REUSED" | "REFUSED" | "CROWDED" | "GRANTED";
  readonly response: unknown;
  readonly refusals: readonly { readonly discountKey: string; readonly codes: readonly string[] }[] | null;
}

export function decideValues(claims: readonly Claim[]): unknown[] {
  const items = claims.flatMap((claim, index) => claim.redemptions.map((redemption, position) => ({ ...redemption, n: index + 1, position })));
  return [
    claims.map((claim) => claim.credentialId),
    claims.map((claim) => claim.idempotencyKey),
    claims.map((claim) => claim.bodyHash),
    claims.map((claim) => claim.customerId),
    claims.map((claim) => claim.quoteId),
    claims.map((claim) => claim.at.toISOString()),
    claims.map((claim) => JSON.stringify(claim.redemptions.map(toStored))),
    items.map((item) => item.n),
    items.map((item) => item.position),
    items.map((item) => item.id),
    items.map((item) => item.discountKey),
    items.map((item) => item.code?.uniqueCodeId ?? null),
    items.map((item) => item.code?.shown ?? null),
    items.map((item) => item.state),
    items.map((item) => item.amountMinor.toString()),
    items.map((item) => item.currency),
    items.map((item) => item.reservedUntil?.toISOString() ?? null),
  ];
}
