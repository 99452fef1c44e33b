import type { CatalogShape } from "../dataset/shape.js";
import { marketKey, planKey, productKey } from "../dataset/shape.js";

/** What every contender is asked. */
export type SharedWorkloadName = "plan" | "pricing-page" | "wide-list" | "price-page";

/** Values of a document's variables, in the order in which a statement would take them. */
export type Input = Readonly<Record<string, string>>;

export interface SharedWorkload {
  readonly name: SharedWorkloadName;
  /** As reports call it. */
  readonly label: string;
  readonly title: string;
  /** What is asked for in turn, so that no server answers one request over and over. */
  inputs(shape: CatalogShape): readonly Input[];
}

const DISTINCT = 12;

function spread(count: number): number[] {
  return Array.from({ length: DISTINCT }, (_, index) => Math.floor((index * count) / DISTINCT) + 1);
}

export const SHARED_WORKLOADS: readonly SharedWorkload[] = [
  {
    ...{ name: "plan", label: "Q1", title: "one plan" },
    inputs: ({ plans }) => spread(plans).map((number) => ({ key: planKey(number) })),
  },
  {
    ...{ name: "pricing-page", label: "Q2", title: "a pricing page: 5 plans, 200 entitlements with their features, 10 prices in a market, 15 discounts" },
    inputs: ({ plans, plansPerProduct, markets }) => {
      const inMarkets = spread(markets);
      return spread(plans / plansPerProduct).map((number, index) => ({ product: productKey(number), market: marketKey(inMarkets[index] ?? 1) }));
    },
  },
  { ...{ name: "wide-list", label: "Q3", title: "a wide list: 60 plans, their 2,400 entitlements with their features" }, inputs: () => [{}] },
  { ...{ name: "price-page", label: "Q4", title: "a page of 100 prices with plan and market" }, inputs: () => [{}] },
];
