import { marketKey, planKey } from "../dataset/shape.js";
import { inTurn } from "../runner/load.js";
import { mustAnswer, type GatewayWorkload } from "./gateway-workload.js";

const DOCUMENT = `query Check($plan: Key!, $market: Key!) { plan(key: $plan) { entitlements(market: $market) {
  feature { key } value { ... on SwitchValue { enabled } ... on SettingValue { setting } ... on CapValue { amount unlimited } } } } }`;

const DISTINCT = 60;

export const entitlementCheck: GatewayWorkload = {
  ...{ name: "check", label: "check", title: "what one plan gives in a market: 40 entitlements" },
  prepare: async (running, { markets }, { durationMs }) => {
    const wanted = Array.from({ length: DISTINCT }, (_, index) => ({ plan: planKey(index + 1), market: marketKey((index % markets) + 1) }));
    for (const input of wanted) await mustAnswer(running, DOCUMENT, input);
    const requests = wanted.map((input) => running.documentRequest(DOCUMENT, input));
    return async () => inTurn(requests, durationMs);
  },
};
