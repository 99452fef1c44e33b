import type { SharedWorkloadName } from "../workloads/shared-workload.js";
import type { Contender } from "./contender.js";
import { readData } from "./graphql-answer.js";

/** For peers that serve the schema of `peers/type-defs.mjs`. */
const DOCUMENTS: Readonly<Record<SharedWorkloadName, string>> = {
  plan: "query Plan($key: ID!) { plan(key: $key) { key name description rank kind } }",
  "pricing-page": `query PricingPage($product: ID!, $market: ID!) {
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
    discounts(first: 15) { key name activation duration periods }
  }`,
  "wide-list": "query WideList { plans(first: 60) { key entitlements { key feature { key name } } } }",
  "price-page": "query PricePage { prices(first: 100) { key interval amount { amountMinor currency } plan { key name } market { key name } } }",
};

const KEY_ONLY = "key hashed and compared; no permissions, reach, embargo, cost or limits";

function peer(name: string, title: string, path: string): Contender {
  return {
    ...{ name, title, authorization: KEY_ONLY, server: `peers/${name}.mjs`, options: {}, kind: "peer" },
    ask: (workload, variables) => ({ path, body: JSON.stringify({ query: DOCUMENTS[workload], variables }) }),
    read: (_, answer) => readData(answer),
  };
}

export const peers: readonly Contender[] = [
  peer("apollo-prisma", "Apollo Server, DataLoader, Prisma", "/"),
  peer("yoga-pothos", "GraphQL Yoga, Pothos, its Prisma plugin", "/graphql"),
  peer("mercurius", "Mercurius, JIT, its loaders, pg", "/graphql"),
];
