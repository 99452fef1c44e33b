import { marketKey, planKey, type CatalogShape } from "../dataset/shape.js";
import { inTurn } from "../runner/load.js";
import { mustAnswer, type GatewayWorkload } from "./gateway-workload.js";

const DOCUMENT = `query Quote($input: QuoteInput!) { quote(input: $input) {
  ... on Quote {
    currency
    totals { list { amountMinor } discount { amountMinor } amount { amountMinor } tax { amountMinor } gross { amountMinor } }
    lines { plan { key name } list { amountMinor } amount { amountMinor } discounts { discount { key name } amount { amountMinor } } }
  }
  ... on Refused { refusals { code message } } } }`;

const ITEMS = 5;
const DISTINCT = 12;

/** A customer holds one plan of a product, so the items are of different products. */
function inputs({ plans, plansPerProduct, markets }: CatalogShape): object[] {
  const products = plans / plansPerProduct;
  return Array.from({ length: DISTINCT }, (_, index) => ({
    input: {
      items: Array.from({ length: ITEMS }, (_item, item) => ({ plan: planKey(((index + item) % products) * plansPerProduct + (item % plansPerProduct) + 1) })),
      market: marketKey((index % markets) + 1),
      periods: 1,
      customer: { isNew: true },
    },
  }));
}

export const quote: GatewayWorkload = {
  ...{ name: "quote", label: "quote", title: "a quote of 5 plans with 10 discounts that could apply" },
  prepare: async (running, shape, { durationMs }) => {
    const wanted = inputs(shape);
    for (const input of wanted) await mustAnswer(running, DOCUMENT, input);
    const requests = wanted.map((input) => running.documentRequest(DOCUMENT, input));
    return async () => inTurn(requests, durationMs);
  },
};
