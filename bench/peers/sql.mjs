import { createServer } from "node:http";
import pg from "pg";
import { callers } from "./caller.mjs";

/** What can be had by hand: one statement that makes the whole answer, and nothing else. `POST /name` with the statement's parameters as JSON. */

const IN_FORCE = "effective_from <= now() and (effective_until is null or effective_until > now())";
const VALUE = `case
  when enabled is not null then json_build_object('enabled', enabled)
  when setting is not null then json_build_object('setting', setting)
  else json_build_object('amount', cap_amount::text, 'unlimited', cap_unlimited) end`;
const AMOUNT = "json_build_object('amountMinor', amount_minor, 'currency', price.currency)";

const STATEMENTS = {
  plan: `select json_build_object('plan', (
    select json_build_object('key', key, 'name', name, 'description', description, 'rank', rank, 'kind', kind) from peer.plan where key = $1))::text as answer`,

  "pricing-page": `select json_build_object(
    'product', (select json_build_object('key', key, 'name', name, 'plans', (
      select json_agg(json_build_object('key', plan.key, 'name', plan.name, 'rank', rank,
        'entitlements', (
          select json_agg(json_build_object('value', ${VALUE}, 'feature', json_build_object('key', feature.key, 'name', feature.name)) order by feature_key)
          from peer.entitlement join peer.feature on feature.key = feature_key
          where plan_key = plan.key and (market_key is null or market_key = $2)),
        'prices', (
          select json_agg(json_build_object('interval', interval, 'amount', ${AMOUNT}) order by price.key)
          from peer.price where plan_key = plan.key and market_key = $2 and ${IN_FORCE})) order by rank)
      from peer.plan where product_key = product.key)) from peer.product where key = $1),
    'discounts', (select json_agg(json_build_object('key', key, 'name', name, 'activation', activation, 'duration', duration, 'periods', periods))
      from (select * from peer.discount where ${IN_FORCE} order by key limit 15) as discount))::text as answer`,

  "wide-list": `select json_build_object('plans', (
    select json_agg(json_build_object('key', plan.key, 'entitlements', (
      select json_agg(json_build_object('key', entitlement.key, 'feature', json_build_object('key', feature.key, 'name', feature.name)) order by feature_key)
      from peer.entitlement join peer.feature on feature.key = feature_key where plan_key = plan.key and market_key is null)) order by product_key, rank)
    from (select * from peer.plan order by product_key, rank limit 60) as plan))::text as answer`,

  "price-page": `select json_build_object('prices', (
    select json_agg(json_build_object('key', price.key, 'interval', interval, 'amount', ${AMOUNT},
      'plan', json_build_object('key', plan.key, 'name', plan.name), 'market', json_build_object('key', market.key, 'name', market.name)) order by price.key)
    from (select * from peer.price where ${IN_FORCE} order by key limit 100) as price
    join peer.plan on plan.key = plan_key join peer.market on market.key = market_key))::text as answer`,
};

/** @param {{ databaseUrl: string, key: string, poolSize: number }} options */
export async function start({ databaseUrl, key, poolSize }) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize });
  const callerOf = callers(key);
  const server = createServer((request, response) => {
    callerOf(request.headers.authorization);
    const name = request.url.slice(1);
    const parts = [];
    request
      .on("data", (part) => parts.push(part))
      .on("end", async () => {
        const { rows } = await pool.query({ name, text: STATEMENTS[name], values: JSON.parse(Buffer.concat(parts).toString()) });
        const body = Buffer.from(rows[0].answer);
        response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
      });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/` };
}
