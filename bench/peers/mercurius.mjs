import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";
import { callers } from "./caller.mjs";
import { typeDefs, valueOf } from "./type-defs.mjs";

/** Mercurius with its JIT from the first request, its loaders, and named statements of pg: one a batch, whatever the number of keys. */

const IN_FORCE = "effective_from <= now() and (effective_until is null or effective_until > now())";
const PLAN = `key, product_key as "productKey", kind, rank, name, description`;
const PRICE = `key, plan_key as "planKey", market_key as "marketKey", currency, interval, amount_minor as "amountMinor"`;
const ENTITLEMENT = `key, plan_key as "planKey", feature_key as "featureKey", enabled, setting, cap_amount as "capAmount", cap_unlimited as "capUnlimited"`;
const DISCOUNT = "key, name, activation, duration, periods";

function statements(pool) {
  const run = async (name, text, values) => (await pool.query({ name, text, values })).rows;
  return {
    plansByKey: (keys) => run("plans", `select ${PLAN} from peer.plan where key = any($1)`, [keys]),
    productsByKey: (keys) => run("products", `select key, name, description from peer.product where key = any($1)`, [keys]),
    featuresByKey: (keys) => run("features", `select key, kind, position, name from peer.feature where key = any($1)`, [keys]),
    marketsByKey: (keys) => run("markets", `select key, name, currency from peer.market where key = any($1)`, [keys]),
    firstPlans: (first) => run("first-plans", `select ${PLAN} from peer.plan order by product_key, rank limit $1`, [first]),
    firstPrices: (first) => run("first-prices", `select ${PRICE} from peer.price where ${IN_FORCE} order by key limit $1`, [first]),
    firstDiscounts: (first) => run("first-discounts", `select ${DISCOUNT} from peer.discount where ${IN_FORCE} order by key limit $1`, [first]),
    plansOf: (products) => run("plans-of", `select ${PLAN} from peer.plan where product_key = any($1) order by rank`, [products]),
    entitlementsOf: (plans, market) =>
      run(
        "entitlements-of",
        `select ${ENTITLEMENT} from peer.entitlement where plan_key = any($1) and (market_key is null or market_key = $2) order by feature_key`,
        [plans, market],
      ),
    pricesOf: (plans, market) =>
      run("prices-of", `select ${PRICE} from peer.price where plan_key = any($1) and market_key = $2 and ${IN_FORCE} order by key`, [plans, market]),
  };
}

/** Loads rows by the keys that the objects of a batch hold. */
function one(keyOf, load) {
  return async (queries) => {
    const found = new Map((await load([...new Set(queries.map(({ obj }) => keyOf(obj)))])).map((row) => [row.key, row]));
    return queries.map(({ obj }) => found.get(keyOf(obj)));
  };
}

/** Loads the rows that belong to the objects of a batch, which all ask with the same arguments. */
function many(ownerOf, load) {
  return async (queries) => {
    const rows = new Map(queries.map(({ obj }) => [obj.key, []]));
    for (const row of await load([...rows.keys()], queries[0]?.params ?? {})) rows.get(ownerOf(row))?.push(row);
    return queries.map(({ obj }) => rows.get(obj.key));
  };
}

/** @param {{ databaseUrl: string, key: string, poolSize: number }} options */
export async function start({ databaseUrl, key, poolSize }) {
  const sql = statements(new pg.Pool({ connectionString: databaseUrl, max: poolSize }));
  const callerOf = callers(key);
  const app = Fastify();
  await app.register(mercurius, {
    schema: typeDefs,
    jit: 1,
    context: (request) => ({ viewer: callerOf(request.headers.authorization) }),
    resolvers: {
      Query: {
        plan: async (_, { key: plan }) => (await sql.plansByKey([plan]))[0] ?? null,
        product: async (_, { key: product }) => (await sql.productsByKey([product]))[0] ?? null,
        plans: (_, { first }) => sql.firstPlans(first),
        prices: (_, { first }) => sql.firstPrices(first),
        discounts: (_, { first }) => sql.firstDiscounts(first),
      },
      Entitlement: { value: valueOf },
      Price: { amount: ({ amountMinor, currency }) => ({ amountMinor: Number(amountMinor), currency }) },
    },
    loaders: {
      Product: { plans: many((plan) => plan.productKey, sql.plansOf) },
      Plan: {
        entitlements: many(
          (entitlement) => entitlement.planKey,
          (plans, { market }) => sql.entitlementsOf(plans, market ?? null),
        ),
        prices: many(
          (price) => price.planKey,
          (plans, { market }) => sql.pricesOf(plans, market),
        ),
      },
      Entitlement: { feature: one(({ featureKey }) => featureKey, sql.featuresByKey) },
      Price: { plan: one(({ planKey }) => planKey, sql.plansByKey), market: one(({ marketKey }) => marketKey, sql.marketsByKey) },
    },
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  return { url: `http://127.0.0.1:${app.server.address().port}/graphql` };
}
