import { LIVE } from "./decide.sql.js";

/** Still counted, though it ended: whoever redeems gives it back first. There are few, because a timer gives them back too. */
const DUE = "due.state = 'RESERVED' and due.reserved_until <= $4";

/** What is used up of discounts $1, for customers $2, and of unique codes $3, at the instant $4. Due reservations are looked at only where it matters. */
export const EXHAUSTED = `
select 'TOTAL' as exhausted, discount_key as name, '' as customer_id from discount_counter counter
where discount_key = any($1) and used >= limit_total
  and used - (select count(*) from redemption due where due.discount_key = counter.discount_key and ${DUE}) >= limit_total
union all
select 'BUDGET', discount_key, '' from discount_counter counter
where discount_key = any($1) and spent_minor >= budget_minor
  and spent_minor - (
    select coalesce(sum(amount_minor), 0) from redemption due
    where due.discount_key = counter.discount_key and due.currency = counter.budget_currency and ${DUE}
  ) >= budget_minor
union all
select 'CUSTOMER', counter.discount_key, own.customer_id from discount_counter counter
join customer_discount_counter own on own.customer_id = any($2) and own.discount_key = counter.discount_key
where counter.discount_key = any($1) and own.used >= counter.limit_per_customer
  and own.used - (
    select count(*) from redemption due where due.discount_key = counter.discount_key and due.customer_id = own.customer_id and ${DUE}
  ) >= counter.limit_per_customer
union all
select 'CODE', unique_code_id, '' from redemption due where unique_code_id = any($3) and due.${LIVE} and not (${DUE})
order by exhausted, name, customer_id`;
