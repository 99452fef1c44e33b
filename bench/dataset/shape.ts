/** How large a catalog is. A plan is sold in every market, monthly and yearly: that makes its prices. */
export interface CatalogShape {
  readonly factor: Factor;
  readonly plans: number;
  readonly plansPerProduct: number;
  readonly markets: number;
  readonly features: number;
  readonly entitlementsPerPlan: number;
  readonly discounts: number;
  /** So many of the discounts need no code and are open to every plan: the candidates of every quote. */
  readonly automaticDiscounts: number;
}

export type Factor = 1 | 10 | 100;

export const FACTORS: readonly Factor[] = [1, 10, 100];

const SAME = { plansPerProduct: 5, entitlementsPerPlan: 40, automaticDiscounts: 10 } as const;

/** Prices grow with the factor. A real catalog grows in plans and in markets at once, so that a plan keeps a likely number: 80, 160 or 400. */
const SHAPES: Readonly<Record<Factor, CatalogShape>> = {
  1: { ...SAME, factor: 1, plans: 60, markets: 40, features: 200, discounts: 200 },
  10: { ...SAME, factor: 10, plans: 300, markets: 80, features: 400, discounts: 1_000 },
  100: { ...SAME, factor: 100, plans: 1_200, markets: 200, features: 800, discounts: 4_000 },
};

export function shapeOf(factor: Factor): CatalogShape {
  return SHAPES[factor];
}

export function priceCount({ plans, markets }: CatalogShape): number {
  return plans * markets * 2;
}

export function describeShape(shape: CatalogShape): string {
  const { plans, features, markets, discounts, entitlementsPerPlan } = shape;
  const count = (value: number): string => value.toLocaleString("en");
  return `${count(plans)} plans, ${count(markets)} markets, ${count(features)} features, ${count(plans * entitlementsPerPlan)} entitlements, ${count(priceCount(shape))} prices, ${count(discounts)} discounts`;
}

/** Keys sort as their numbers do, from 1. */
export function planKey(number: number): string {
  return `plan-${String(number).padStart(4, "0")}`;
}

export function productKey(number: number): string {
  return `product-${String(number).padStart(4, "0")}`;
}

export function marketKey(number: number): string {
  return `market-${String(number).padStart(3, "0")}`;
}

export function isFactor(value: number): value is Factor {
  return FACTORS.some((factor) => factor === value);
}
