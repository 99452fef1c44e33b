import type { MarketRepository } from "../catalog/markets/market.repository.js";
import { marketsInReach } from "../catalog/markets/market.js";
import type { PlanRepository } from "../catalog/plans/plan.repository.js";
import type { ReachFinder } from "../catalog/releases/reach.js";

/** Two statements at most: the tree of markets and the plans of the products. Releases know neither, so that they are handed this. */
export function createReachFinder(markets: Pick<MarketRepository, "listTree">, plans: Pick<PlanRepository, "listKeysOfProducts">): ReachFinder {
  const marketKeys = async (named: readonly string[], release: number): Promise<string[]> => {
    const tree = await markets.listTree(release);
    return marketsInReach(new Map(tree.map((market) => [market.key, market])), named);
  };
  return async (reach, release) => {
    const [reached, planKeys] = await Promise.all([
      reach.markets && marketKeys(reach.markets, release),
      reach.products && plans.listKeysOfProducts(reach.products, release),
    ]);
    return { markets: reached, products: reach.products, plans: planKeys };
  };
}
