import type { SharedWorkloadName } from "../workloads/shared-workload.js";
import type { Contender } from "./contender.js";
import { isRecord, readData } from "./graphql-answer.js";

/** Names are those that PostGraphile gives; what is in force and what holds in one market only is no condition that it can be asked, nor is there any such row. */
const DOCUMENTS: Readonly<Record<SharedWorkloadName, string>> = {
  plan: "query Plan($key: String!) { plan: planByKey(key: $key) { key name description rank kind } }",
  "pricing-page": `query PricingPage($product: String!, $market: String!) {
    product: productByKey(key: $product) {
      key name
      plans: plansByProductKey(orderBy: RANK_ASC) { nodes {
        key name rank
        entitlements: entitlementsByPlanKey(orderBy: FEATURE_KEY_ASC) { nodes { enabled setting capAmount capUnlimited feature: featureByFeatureKey { key name } } }
        prices: pricesByPlanKey(condition: { marketKey: $market }, orderBy: PRIMARY_KEY_ASC) { nodes { interval amountMinor currency } }
      } }
    }
    discounts: allDiscounts(first: 15, orderBy: PRIMARY_KEY_ASC) { nodes { key name activation duration periods } }
  }`,
  "wide-list": `query WideList { plans: allPlans(first: 60, orderBy: [PRODUCT_KEY_ASC, RANK_ASC]) { nodes {
    key entitlements: entitlementsByPlanKey(orderBy: FEATURE_KEY_ASC) { nodes { key feature: featureByFeatureKey { key name } } } } } }`,
  "price-page": `query PricePage { prices: allPrices(first: 100, orderBy: PRIMARY_KEY_ASC) { nodes {
    key interval amountMinor currency plan: planByPlanKey { key name } market: marketByMarketKey { key name } } } }`,
};

export const postgraphile: Contender = {
  ...{ name: "postgraphile", title: "PostGraphile 5.0.0-rc.3", server: "peers/postgraphile.mjs", options: {}, kind: "peer" },
  authorization: "key hashed and compared; no roles or row security in the database, and nothing else; does not ask what is in force",
  ask: (workload, variables) => ({ path: "/graphql", body: JSON.stringify({ query: DOCUMENTS[workload], variables }) }),
  read: (_, answer) => withObjects(readData(answer)),
};

/** Columns as the objects that others answer: `value` of an entitlement, `amount` of a price. Its BigInt is a text. */
function withObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withObjects);
  if (!isRecord(value)) return value;
  const { amountMinor, currency, enabled, setting, capAmount, capUnlimited, ...rest } = value;
  const others = Object.fromEntries(Object.entries(rest).map(([name, field]) => [name, withObjects(field)]));
  if (amountMinor !== undefined) return { ...others, amount: { amountMinor: Number(amountMinor), currency } };
  if (enabled === undefined) return currency === undefined ? others : { ...others, currency };
  if (enabled !== null) return { ...others, value: { enabled } };
  return { ...others, value: setting !== null ? { setting } : { amount: capAmount, unlimited: capUnlimited } };
}
