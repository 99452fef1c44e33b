import { andThen, bothOf, type MaybePromise } from "../../kernel/maybe-promise.js";
import type { MarketRepository } from "../../catalog/markets/market.repository.js";
import { marketsInReach } from "../../catalog/markets/market.js";
import type { PlanRepository } from "../../catalog/plans/plan.repository.js";
import type { ReachFinder } from "../../catalog/releases/reach.js";

/** Two statements at most: the tree of markets and the plans of the products. Releases know neither, so that they are handed this. */
export function createReachFinder(markets: Pick<MarketRepository, "listTree">, plans: Pick<PlanRepository, "listKeysOfProducts">): ReachFinder {
  const marketKeys = (named: readonly string[], release: number): MaybePromise<readonly string[]> =>
    andThen(markets.listTree(release), (tree) => marketsInReach(new Map(tree.map((market) => [market.key, market])), named));
  return (reach, release) =>
    andThen(
      bothOf(
        () => reach.markets && marketKeys(reach.markets, release),
        () => reach.products && plans.listKeysOfProducts(reach.products, release),
      ),
      ([marketsReached, plansReached]) => ({ markets: marketsReached, products: reach.products, plans: plansReached }),
    );
}
