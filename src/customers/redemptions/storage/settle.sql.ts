import { LASTING_COLUMNS } from "./redemption.mapping.js";

// Who settles a quote locks, in this order: the counters of its discounts by key, if it gives something back; then the first
// redemption of the quote, which stands for all of them, so that a quote is settled as a whole and once.

/** Quotes whose reservations are looked through in one statement. */
const EXPIRE_AT_ONCE = 500;

const OF_QUOTE = "customer_id = $1 and quote_id = $2";

/** Everything of the quote as it was when the statement began, and what became of it. */
const ANSWER = `
select ${LASTING_COLUMNS}, coalesce(new_state, state) as state, coalesce(new_settled_at, settled_at) as settled_at, new_state is not null as is_changed
from redemption left join moved on moved_id = id where ${OF_QUOTE} order by created_at, position`;

export const COMMIT = `
with head as materialized (
  select id from redemption where ${OF_QUOTE} and position = 0 and state = 'RESERVED' and reserved_until > $3 for update
),
moved as (
  update redemption set state = 'COMMITTED', settled_at = $3
  where ${OF_QUOTE} and state = 'RESERVED' and reserved_until > $3 and exists (select from head)
  returning id as moved_id, state as new_state, settled_at as new_settled_at
)
${ANSWER}`;

/**
 * Takes what `moved` gives back off the counters, from the rows that were locked and not from what the statement sees (see
 * decide.sql.ts). The cap falls with what is used while that is above the limit, but not below the limit.
 */
const GIVE_BACK = `
counted as (
  update discount_counter set
    limit_total = locked.limit_total, limit_per_customer = locked.limit_per_customer,
    used = locked.used - taken.uses,
    cap = case when locked.limit_total is not null then greatest(locked.limit_total, locked.used - taken.uses) end,
    budget_minor = locked.budget_minor, budget_currency = locked.budget_currency,
    spent_minor = locked.spent_minor - taken.spent,
    budget_cap = case when locked.budget_minor is not null then greatest(locked.budget_minor, locked.spent_minor - taken.spent) end
  from (
    select moved_key, count(*) as uses, coalesce(sum(moved_minor) filter (where moved_currency = counter.budget_currency), 0)::bigint as spent
    from moved join counter on counter.discount_key = moved_key group by moved_key
  ) taken
  join counter locked on locked.discount_key = taken.moved_key
  where discount_counter.discount_key = taken.moved_key
),
counted_for_customers as (
  update customer_discount_counter set used = own.used - taken.uses, cap = greatest(counter.limit_per_customer, own.used - taken.uses)
  from (select moved_customer, moved_key, count(*) as uses from moved group by moved_customer, moved_key) taken
  join counter on counter.discount_key = taken.moved_key and counter.limit_per_customer is not null
  join own on own.customer_id = taken.moved_customer and own.discount_key = taken.moved_key
  where customer_discount_counter.customer_id = taken.moved_customer and customer_discount_counter.discount_key = taken.moved_key
)`;

const LOCKED_COUNTERS = `
counter as materialized (
  select * from discount_counter where discount_key = any(array(select discount_key from mine)) order by discount_key for update
),
own as materialized (
  select * from customer_discount_counter
  where (customer_id, discount_key) in (select customer_id, discount_key from mine) and (select count(*) from counter) >= 0
  for update
),
-- While this waited for the lock, a release gave the discount its limit per customer and counted its uses: in rows that this
-- statement is too old to see. It leaves everything as it is; the next look sees them.
unseen as materialized (
  select from mine join counter on counter.discount_key = mine.discount_key
  where counter.limit_per_customer is not null
    and not exists (select from own where own.customer_id = mine.customer_id and own.discount_key = mine.discount_key)
)`;

const MOVED = `returning id as moved_id, customer_id as moved_customer, discount_key as moved_key, amount_minor as moved_minor, currency as moved_currency,
    state as new_state, settled_at as new_settled_at`;

/** Counting both before the first row is looked at is what makes the locks of the counters come first. */
const AFTER_COUNTERS = "(select count(*) from counter) >= 0 and (select count(*) from unseen) = 0";

export const RELEASE = `
with mine as materialized (select customer_id, discount_key from redemption where ${OF_QUOTE} and state = 'RESERVED'),
${LOCKED_COUNTERS},
head as materialized (
  select id from redemption where ${OF_QUOTE} and position = 0 and state = 'RESERVED' and ${AFTER_COUNTERS} for update
),
moved as (
  update redemption set state = (case when reserved_until <= $3 then 'EXPIRED' else 'RELEASED' end)::redemption_state, settled_at = $3
  where ${OF_QUOTE} and state = 'RESERVED' and exists (select from head)
  ${MOVED}
),
${GIVE_BACK}
${ANSWER}`;

/** Only of the discounts $2, unless that is null. Quotes that are being settled right now are passed over. */
export const EXPIRE = `
with due as materialized (
  select distinct customer_id, quote_id from (
    select customer_id, quote_id from redemption
    where state = 'RESERVED' and reserved_until <= $1 and ($2::text[] is null or discount_key = any($2)) limit ${EXPIRE_AT_ONCE}
  ) first_found
),
mine as materialized (
  select redemption.customer_id, redemption.discount_key from due
  join redemption on redemption.customer_id = due.customer_id and redemption.quote_id = due.quote_id and redemption.state = 'RESERVED'
),
${LOCKED_COUNTERS},
head as materialized (
  select redemption.customer_id, redemption.quote_id from due
  join redemption on redemption.customer_id = due.customer_id and redemption.quote_id = due.quote_id
  where redemption.position = 0 and redemption.state = 'RESERVED' and redemption.reserved_until <= $1 and ${AFTER_COUNTERS}
  for update of redemption skip locked
),
moved as (
  update redemption set state = 'EXPIRED', settled_at = $1
  where (customer_id, quote_id) in (select customer_id, quote_id from head) and state = 'RESERVED' and reserved_until <= $1
  ${MOVED}
),
${GIVE_BACK}
select count(*) as expired from moved`;
