import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { PrismaPg } from "@prisma/adapter-pg";
import DataLoader from "dataloader";
import { PrismaClient } from "./node_modules/.prisma/peer/client.js";
import { callers } from "./caller.mjs";
import { inForce } from "./in-force.mjs";
import { typeDefs, valueOf } from "./type-defs.mjs";

/** Apollo Server as it comes, its own HTTP server, plain resolvers, a DataLoader for each relation, Prisma. */

/** Answers in the order asked: all rows of each owner. */
function groupBy(owners, rows, ownerOf) {
  const groups = new Map(owners.map((owner) => [owner, []]));
  for (const row of rows) groups.get(ownerOf(row))?.push(row);
  return owners.map((owner) => groups.get(owner));
}

function byKey(load) {
  return new DataLoader(async (keys) => {
    const found = new Map((await load({ where: { key: { in: [...keys] } } })).map((row) => [row.key, row]));
    return keys.map((key) => found.get(key));
  });
}

/** The arguments are the same for all plans of a request, so there is one loader for each that is asked for. */
function oncePer(make) {
  const made = new Map();
  return (argument) => {
    if (!made.has(argument)) made.set(argument, make(argument));
    return made.get(argument);
  };
}

function createContext(prisma, viewer) {
  return {
    viewer,
    prisma,
    plans: byKey((query) => prisma.plan.findMany(query)),
    markets: byKey((query) => prisma.market.findMany(query)),
    features: byKey((query) => prisma.feature.findMany(query)),
    plansOfProduct: new DataLoader(async (products) =>
      groupBy(products, await prisma.plan.findMany({ where: { productKey: { in: [...products] } }, orderBy: { rank: "asc" } }), (plan) => plan.productKey),
    ),
    entitlementsIn: oncePer(
      (market) =>
        new DataLoader(async (plans) => {
          const where = { planKey: { in: [...plans] }, OR: [{ marketKey: null }, ...(market === null ? [] : [{ marketKey: market }])] };
          return groupBy(plans, await prisma.entitlement.findMany({ where, orderBy: { featureKey: "asc" } }), (entitlement) => entitlement.planKey);
        }),
    ),
    pricesIn: oncePer(
      (market) =>
        new DataLoader(async (plans) => {
          const where = { planKey: { in: [...plans] }, marketKey: market, ...inForce() };
          return groupBy(plans, await prisma.price.findMany({ where, orderBy: { key: "asc" } }), (price) => price.planKey);
        }),
    ),
  };
}

const resolvers = {
  Query: {
    plan: (_, { key }, { prisma }) => prisma.plan.findUnique({ where: { key } }),
    product: (_, { key }, { prisma }) => prisma.product.findUnique({ where: { key } }),
    plans: (_, { first }, { prisma }) => prisma.plan.findMany({ take: first, orderBy: [{ productKey: "asc" }, { rank: "asc" }] }),
    prices: (_, { first }, { prisma }) => prisma.price.findMany({ where: inForce(), take: first, orderBy: { key: "asc" } }),
    discounts: (_, { first }, { prisma }) => prisma.discount.findMany({ where: inForce(), take: first, orderBy: { key: "asc" } }),
  },
  Product: { plans: ({ key }, _, { plansOfProduct }) => plansOfProduct.load(key) },
  Plan: {
    entitlements: ({ key }, { market }, { entitlementsIn }) => entitlementsIn(market ?? null).load(key),
    prices: ({ key }, { market }, { pricesIn }) => pricesIn(market).load(key),
  },
  Entitlement: { feature: ({ featureKey }, _, { features }) => features.load(featureKey), value: valueOf },
  Price: {
    amount: ({ amountMinor, currency }) => ({ amountMinor: Number(amountMinor), currency }),
    plan: ({ planKey }, _, { plans }) => plans.load(planKey),
    market: ({ marketKey }, _, { markets }) => markets.load(marketKey),
  },
};

/** @param {{ databaseUrl: string, key: string, poolSize: number }} options */
export async function start({ databaseUrl, key, poolSize }) {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max: poolSize }) });
  const callerOf = callers(key);
  const server = new ApolloServer({ typeDefs, resolvers });
  const { url } = await startStandaloneServer(server, {
    listen: { host: "127.0.0.1", port: 0 },
    context: async ({ req }) => createContext(prisma, callerOf(req.headers.authorization)),
  });
  return { url: new URL("/", url).href };
}
