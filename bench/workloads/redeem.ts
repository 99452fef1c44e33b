import { randomUUID } from "node:crypto";
import { marketKey, planKey } from "../dataset/shape.js";
import { onceEach } from "../runner/load.js";
import type { RunningContender } from "../runner/running-contender.js";
import { mustAnswer, type GatewayWorkload } from "./gateway-workload.js";

const REDEEM = `mutation Redeem($input: RedeemQuoteInput!) { redeemQuote(input: $input) {
  ... on QuoteRedemption { redemptions { id amount { amountMinor } } } ... on Refused { refusals { code message } } } }`;

/** Quotes made by one request: more would cost more than an operation may. */
const AT_ONCE = 10;
const REQUESTS_UNDER_WAY = 8;

/** Binding quotes of a customer each, with what is automatic taken off. */
async function makeQuotes(running: RunningContender, count: number): Promise<string[]> {
  const ids: string[] = [];
  const makeSome = async (): Promise<void> => {
    while (ids.length < count) {
      const quotes = Array.from(
        { length: AT_ONCE },
        (_, index) =>
          `q${index}: createQuote(input: { quote: { items: [{ plan: "${planKey(index + 1)}" }], market: "${marketKey(index + 1)}", periods: 1, customer: { id: "${randomUUID()}", isNew: true } } }) {
            ... on StoredQuote { quoteId } ... on Refused { refusals { code message } } }`,
      );
      const { data } = JSON.parse(await mustAnswer(running, `mutation { ${quotes.join(" ")} }`, {})) as { data: Record<string, { quoteId: string }> };
      ids.push(...Object.values(data).map(({ quoteId }) => quoteId));
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_UNDER_WAY }, makeSome));
  return ids.slice(0, count);
}

export const redeem: GatewayWorkload = {
  ...{
    name: "redeem",
    label: "redeem",
    title: "redeeming a stored quote, each once, all of the same limited discounts, on the disk before it is acknowledged",
  },
  prepare: async (running, _shape, { count }) => {
    const inputOf = (quoteId: string): object => ({ input: { quoteId, idempotencyKey: randomUUID() } });
    for (const quoteId of await makeQuotes(running, 1)) await mustAnswer(running, REDEEM, inputOf(quoteId));
    return async () => onceEach((await makeQuotes(running, count)).map((quoteId) => running.documentRequest(REDEEM, inputOf(quoteId))));
  },
};
