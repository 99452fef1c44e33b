import SchemaBuilder from "@pothos/core";
import PrismaPlugin from "@pothos/plugin-prisma";
import { PrismaPg } from "@prisma/adapter-pg";
import { createYoga } from "graphql-yoga";
import { createServer } from "node:http";
import { PrismaClient } from "./node_modules/.prisma/peer/client.js";
import { getDatamodel } from "./node_modules/.prisma/pothos/types.js";
import { callers } from "./caller.mjs";
import { inForce } from "./in-force.mjs";
import { valueOf } from "./type-defs.mjs";

/** GraphQL Yoga with Pothos, whose Prisma plugin turns what a query selects into as few queries of Prisma as it can. */

function buildSchema(prisma) {
  const builder = new SchemaBuilder({ plugins: [PrismaPlugin], prisma: { client: prisma, dmmf: getDatamodel() } });
  builder.scalarType("Minor", { serialize: Number });

  const Switch = builder.objectRef("SwitchValue").implement({ fields: (t) => ({ enabled: t.exposeBoolean("enabled") }) });
  const Setting = builder.objectRef("SettingValue").implement({ fields: (t) => ({ setting: t.exposeString("setting") }) });
  const Cap = builder.objectRef("CapValue").implement({
    fields: (t) => ({ amount: t.exposeString("amount", { nullable: true }), unlimited: t.exposeBoolean("unlimited") }),
  });
  const Value = builder.unionType("EntitlementValue", { types: [Switch, Setting, Cap], resolveType: ({ __typename }) => __typename });
  const Money = builder.objectRef("Money").implement({
    fields: (t) => ({ amountMinor: t.expose("amountMinor", { type: "Minor" }), currency: t.exposeString("currency") }),
  });

  builder.prismaObject("Market", {
    fields: (t) => ({ key: t.exposeID("key"), name: t.exposeString("name"), currency: t.exposeString("currency") }),
  });
  builder.prismaObject("Feature", {
    fields: (t) => ({ key: t.exposeID("key"), kind: t.exposeString("kind"), position: t.exposeInt("position"), name: t.exposeString("name") }),
  });
  builder.prismaObject("Entitlement", {
    select: { key: true },
    fields: (t) => ({
      key: t.exposeID("key"),
      feature: t.relation("feature"),
      value: t.field({ type: Value, select: { enabled: true, setting: true, capAmount: true, capUnlimited: true }, resolve: valueOf }),
    }),
  });
  builder.prismaObject("Price", {
    fields: (t) => ({
      key: t.exposeID("key"),
      interval: t.exposeString("interval"),
      amount: t.field({ type: Money, select: { amountMinor: true, currency: true }, resolve: (price) => price }),
      plan: t.relation("plan"),
      market: t.relation("market"),
    }),
  });
  builder.prismaObject("Plan", {
    fields: (t) => ({
      key: t.exposeID("key"),
      kind: t.exposeString("kind"),
      rank: t.exposeInt("rank"),
      name: t.exposeString("name"),
      description: t.exposeString("description"),
      entitlements: t.relation("entitlements", {
        args: { market: t.arg.id() },
        query: ({ market }) => ({ where: { OR: [{ marketKey: null }, ...(market == null ? [] : [{ marketKey: market }])] }, orderBy: { featureKey: "asc" } }),
      }),
      prices: t.relation("prices", {
        args: { market: t.arg.id({ required: true }) },
        query: ({ market }) => ({ where: { marketKey: market, ...inForce() }, orderBy: { key: "asc" } }),
      }),
    }),
  });
  builder.prismaObject("Product", {
    fields: (t) => ({
      key: t.exposeID("key"),
      name: t.exposeString("name"),
      description: t.exposeString("description"),
      plans: t.relation("plans", { query: { orderBy: { rank: "asc" } } }),
    }),
  });
  builder.prismaObject("Discount", {
    fields: (t) => ({
      key: t.exposeID("key"),
      name: t.exposeString("name"),
      activation: t.exposeString("activation"),
      duration: t.exposeString("duration"),
      periods: t.exposeInt("periods", { nullable: true }),
    }),
  });

  builder.queryType({
    fields: (t) => {
      const key = { args: { key: t.arg.id({ required: true }) }, nullable: true };
      const first = { args: { first: t.arg.int({ required: true }) } };
      return {
        plan: t.prismaField({ ...key, type: "Plan", resolve: (query, _, { key: plan }) => prisma.plan.findUnique({ ...query, where: { key: plan } }) }),
        product: t.prismaField({
          ...key,
          type: "Product",
          resolve: (query, _, { key: product }) => prisma.product.findUnique({ ...query, where: { key: product } }),
        }),
        plans: t.prismaField({
          ...first,
          type: ["Plan"],
          resolve: (query, _, { first: take }) => prisma.plan.findMany({ ...query, take, orderBy: [{ productKey: "asc" }, { rank: "asc" }] }),
        }),
        prices: t.prismaField({
          ...first,
          type: ["Price"],
          resolve: (query, _, { first: take }) => prisma.price.findMany({ ...query, where: inForce(), take, orderBy: { key: "asc" } }),
        }),
        discounts: t.prismaField({
          ...first,
          type: ["Discount"],
          resolve: (query, _, { first: take }) => prisma.discount.findMany({ ...query, where: inForce(), take, orderBy: { key: "asc" } }),
        }),
      };
    },
  });
  return builder.toSchema();
}

/** @param {{ databaseUrl: string, key: string, poolSize: number }} options */
export async function start({ databaseUrl, key, poolSize }) {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max: poolSize }) });
  const callerOf = callers(key);
  const yoga = createYoga({
    schema: buildSchema(prisma),
    graphiql: false,
    landingPage: false,
    logging: false,
    context: ({ request }) => ({ viewer: callerOf(request.headers.get("authorization")) }),
  });
  const server = createServer(yoga);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/graphql` };
}
