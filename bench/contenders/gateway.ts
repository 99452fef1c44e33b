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

/** Layers of the read path, as the composition root is given them. A request that is known by its bytes is still answered anew. */
const KNOWN_RELEASE = { currentRelease: { pollMs: 1_000 }, repeatedRequests: { bytes: 32_000_000 } };
const COMPILED = { compiled: { documents: 1_000 } };
const MEMORY = { memory: { bytes: 4_000_000_000 } };
const FINISHED = { finishedAnswers: { bytes: 64_000_000, maxAgeSeconds: 0 } };

/** This project with some of its layers. Each variant is a contender of its own. */
const VARIANTS: readonly { readonly name: string; readonly title: string; readonly parts: object; readonly headers?: Readonly<Record<string, string>> }[] = [
  { name: "gateway-plain", title: "catalog-gateway, every layer off", parts: {} },
  { name: "gateway-database", title: "catalog-gateway, nothing kept", parts: { ...KNOWN_RELEASE, ...COMPILED } },
  { name: "gateway-memory", title: "catalog-gateway, entities in memory", parts: { ...KNOWN_RELEASE, ...COMPILED, ...MEMORY } },
  { name: "gateway", title: "catalog-gateway", parts: { ...KNOWN_RELEASE, ...COMPILED, ...MEMORY, ...FINISHED } },
  {
    ...{ name: "gateway-strict", title: "catalog-gateway, asked to be strict", parts: { ...KNOWN_RELEASE, ...COMPILED, ...MEMORY, ...FINISHED } },
    headers: { "catalog-consistency": "strict" },
  },
];

export const gateways: readonly Contender[] = VARIANTS.map(({ name, title, parts, headers = {} }) => ({
  ...{ name, title, headers, options: { parts }, kind: "gateway", server: "contenders/gateway.server.ts" },
  authorization: "API key looked up by its keyed hash, permissions a field, markets and products within reach, embargo, cost, rate limits (out of reach)",
  ask: (workload, variables) => ({ path: "/graphql", body: JSON.stringify({ query: DOCUMENTS[workload], variables }) }),
  read: (_, answer) => readData(answer),
}));
