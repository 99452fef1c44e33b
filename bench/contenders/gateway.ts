import type { SharedWorkloadName } from "../workloads/shared-workload.js";
import type { Contender } from "./contender.js";
import { readData } from "./graphql-answer.js";

const DOCUMENTS: Readonly<Record<SharedWorkloadName, string>> = {
  plan: "query Plan($key: Key!) { plan(key: $key) { key name description rank kind } }",
  "pricing-page": `query PricingPage($product: Key!, $market: Key!) {
    product(key: $product) {
      key name
      plans {
        key name rank
        entitlements(market: $market) {
          value { ... on SwitchValue { enabled } ... on SettingValue { setting } ... on CapValue { amount unlimited } }
          feature { key name }
        }
        prices(market: $market) { interval amount { amountMinor currency } }
      }
    }
    discounts(first: 15) { edges { node { key name activation duration periods } } }
  }`,
  "wide-list": "query WideList { plans(first: 60) { edges { node { key entitlements { key feature { key name } } } } } }",
  "price-page":
    "query PricePage { prices(first: 100) { edges { node { key interval amount { amountMinor currency } plan { key name } market { key name } } } } }",
};

/** This project, with what its composition root is given beside the usual. Each variant is a contender of its own. */
const VARIANTS: readonly { readonly name: string; readonly title: string; readonly parts: Readonly<Record<string, unknown>> }[] = [
  { name: "gateway", title: "catalog-gateway, without layers", parts: {} },
];

export const gateways: readonly Contender[] = VARIANTS.map(({ name, title, parts }) => ({
  ...{ name, title, options: { parts }, kind: "gateway", server: "contenders/gateway.server.ts" },
  authorization: "API key looked up by its keyed hash, permissions a field, markets and products within reach, embargo, cost, rate limits (out of reach)",
  ask: (workload, variables) => ({ path: "/graphql", body: JSON.stringify({ query: DOCUMENTS[workload], variables }) }),
  read: (_, answer) => readData(answer),
}));
