import type { ClientBase } from "pg";
import { shapeOf, type CatalogShape, type Factor } from "./shape.js";

/** Statements use of these what they name; `:name` stands for a number of the shape. */
const STATEMENTS: readonly string[] = [
  `insert into release (number, published_at, author, note) values (1, '2025-06-01', 'bench', 'One release with everything in it.')`,
  `update catalog_head set release = 1`,

  `insert into market (key, since_release, kind, currency, time_zone, name)
   select 'group-' || n, 1, 'GROUP', 'EUR', 'Europe/Brussels', 'Group ' || n from generate_series(1, 4) as n`,
  `insert into market (key, since_release, kind, country_code, parent_key, currency, time_zone, tax_rate, name)
   select 'market-' || lpad(n::text, 3, '0'), 1, 'COUNTRY', chr(65 + n / 26) || chr(65 + n % 26), 'group-' || n % 4 + 1,
     (array['EUR', 'SEK', 'USD', 'GBP'])[n % 4 + 1], (array['Europe/Berlin', 'Europe/Stockholm', 'America/New_York', 'Europe/London'])[n % 4 + 1],
     (array[19, 25, 0, 20])[n % 4 + 1], 'Market ' || n
   from generate_series(1, :markets) as n`,

  `insert into product (key, since_release, name, description)
   select 'product-' || lpad(n::text, 4, '0'), 1, 'Product ' || n, 'What product ' || n || ' is for.' from generate_series(1, :plans / :plansPerProduct) as n`,
  `insert into plan (key, since_release, product_key, kind, rank, name, description)
   select 'plan-' || lpad(n::text, 4, '0'), 1, 'product-' || lpad(((n - 1) / :plansPerProduct + 1)::text, 4, '0'), 'BASE', (n - 1) % :plansPerProduct + 1,
     'Plan ' || n, 'What a customer of plan ' || n || ' gets, in a sentence.'
   from generate_series(1, :plans) as n`,

  // Keys and positions go the same way, so that whoever sorts by either lists the same.
  `insert into feature (key, since_release, kind, category, position, unit, cap_window, allowed_values, name, description)
   select 'feature-' || lpad(n::text, 4, '0'), 1, kind, 'category-' || n % 8, n, case when kind = 'CAP' then 'hour' end,
     case when kind = 'CAP' then 'MONTH'::cap_window end, case when kind = 'SETTING' then array['normal', 'high'] end, 'Feature ' || n, 'What feature ' || n || ' does.'
   from (select n, (array['SWITCH', 'SETTING', 'CAP'])[n % 3 + 1]::feature_kind as kind from generate_series(1, :features) as n) as numbered`,
  `insert into entitlement (key, since_release, plan_key, feature_key, feature_kind, enabled, setting, cap_amount, cap_unlimited, existing_follow)
   select plan.key || '/' || feature.key || '/*', 1, plan.key, feature.key, feature.kind,
     case when feature.kind = 'SWITCH' then (plan.rank + place) % 3 > 0 end,
     case when feature.kind = 'SETTING' then feature.allowed_values[plan.rank % 2 + 1] end,
     case when feature.kind = 'CAP' and plan.rank < :plansPerProduct then plan.rank * 10 end,
     case when feature.kind = 'CAP' then plan.rank = :plansPerProduct end,
     true
   from plan
   cross join generate_series(0, :entitlementsPerPlan - 1) as place
   join feature on feature.position = place * (:features / :entitlementsPerPlan) + right(plan.key, 4)::int % (:features / :entitlementsPerPlan) + 1`,

  `insert into price (key, since_release, plan_key, market_key, currency, interval, effective_from, model, tax_included, amount_minor)
   select plan.key || '/' || market.key || '/' || market.currency || '/' || interval || '/*/*/20250101T000000Z', 1, plan.key, market.key, market.currency, interval,
     '2025-01-01T00:00:00Z', 'FLAT', true, (299 + plan.rank * 200 + right(market.key, 3)::int % 50) * case interval when 'P1Y' then 10 else 1 end * case market.currency when 'SEK' then 10 else 1 end
   from plan cross join market cross join (values ('P1M'), ('P1Y')) as billing (interval)
   where market.kind = 'COUNTRY'`,

  `insert into discount (key, since_release, name, description, benefit, percent, amounts, duration, periods, activation, intervals, stacking_group, priority,
     exclusive, limit_total, effective_from)
   select 'discount-' || lpad(n::text, 4, '0'), 1, 'Discount ' || n, 'What discount ' || n || ' is given for.', benefit,
     case when benefit = 'PERCENT' then 5 + n % 20 end,
     case when benefit = 'AMOUNT' then '{"EUR": "100", "SEK": "1000", "USD": "100", "GBP": "90"}'::jsonb end,
     'REPEATING', 1 + n % 4, case when is_automatic then 'AUTOMATIC' else 'CODE' end::discount_activation, case when n % 2 = 0 then array['P1M'] else array[]::text[] end,
     'group-' || n % 4, n % 100, false, case when is_automatic then 1000000000 end, '2025-01-01T00:00:00Z'
   from (
     select n, n <= :automaticDiscounts as is_automatic, (array['PERCENT', 'AMOUNT', 'FREE_PERIODS'])[n % case when n <= :automaticDiscounts then 2 else 3 end + 1]::discount_benefit as benefit
     from generate_series(1, :discounts) as n
   ) as numbered`,
  `insert into discount_plan (key, since_release, discount_key, plan_key)
   select discount.key || '/' || plan.key, 1, discount.key, plan.key
   from discount cross join generate_series(0, 2) as place
   join plan on plan.key = 'plan-' || lpad(((right(discount.key, 4)::int + place * 7) % :plans + 1)::text, 4, '0')
   where discount.activation = 'CODE'`,
  `insert into discount_market (key, since_release, discount_key, market_key)
   select discount.key || '/' || market.key, 1, discount.key, market.key
   from discount join market on market.key = 'market-' || lpad((right(discount.key, 4)::int % :markets + 1)::text, 3, '0')
   where discount.activation = 'CODE' and right(discount.key, 1) < '5'`,
  `insert into code (key, since_release, word, discount_key) select 'CODE' || right(key, 4), 1, 'CODE' || right(key, 4), key from discount where activation = 'CODE'`,
];

/**
 * Fills a migrated database that holds no release with one published release, the same one each time; then lets the planner
 * know it. `client` must have no limits of time: the largest takes a minute or two.
 */
export async function fillCatalog(client: ClientBase, factor: Factor): Promise<CatalogShape> {
  const shape = shapeOf(factor);
  await client.query("begin");
  try {
    for (const statement of STATEMENTS) await client.query(withNumbers(statement, shape));
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
  await client.query("vacuum analyze");
  return shape;
}

function withNumbers(statement: string, shape: CatalogShape): string {
  return statement.replaceAll(/(?<!:):([a-zA-Z]+)/g, (_, name: string) => {
    const value: unknown = Reflect.get(shape, name);
    if (typeof value !== "number") throw new Error(`the shape of a catalog has no ${name}`);
    return String(value);
  });
}
