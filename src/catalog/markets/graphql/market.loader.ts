import type { CatalogKey } from "../../../kernel/key.js";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import { InputError } from "../../../platform/graphql/input-error.js";
import type { ListLoader } from "../../releases/graphql/catalog-list.js";
import { batchByKey, batchByOwner, ownAtView, type AtView, type Batch, type CatalogView } from "../../releases/graphql/catalog-view.js";
import { isInReach } from "../../releases/reach.js";
import { marketPath, type Market, type MarketInTree, type MarketTree } from "../market.js";
import type { MarketRepository } from "../market.repository.js";

export class MarketLoader implements ListLoader<Market> {
  private readonly keyed;
  private readonly children;
  private readonly trees: Batch<"tree", MarketTree>;

  constructor(markets: MarketRepository) {
    this.keyed = batchByKey<Market>("Market", markets, (keys, view) => markets.findAll(keys, view));
    this.children = batchByOwner(
      markets,
      (parents, view) => andThen(markets.listByParents(parents, view), (found) => found.map((market) => ownAtView("Market", market, view))),
      (market) => market.parentKey ?? "",
    );
    this.trees = {
      from: markets,
      load: (keys, { point, reach }) =>
        andThen(markets.listTree(point.release), (listed) => {
          const tree = treeOf(listed, reach.markets);
          return keys.map(() => tree);
        }),
    };
  }

  byKey(view: CatalogView, key: CatalogKey): MaybePromise<AtView<Market> | null> {
    return view.load(this.keyed, key);
  }

  /** One that something refers to. */
  presentByKey(view: CatalogView, key: CatalogKey): MaybePromise<AtView<Market>> {
    return view.loadPresent(this.keyed, key);
  }

  /** See `CatalogView.take`. */
  take(view: CatalogView, found: readonly Market[]): void {
    view.take(this.keyed, found);
  }

  ofParent(view: CatalogView, key: CatalogKey): MaybePromise<readonly AtView<Market>[]> {
    return view.load(this.children, key);
  }

  /** All markets within reach at the view's release, for rules that look along paths: one statement, once a view. */
  tree(view: CatalogView): MaybePromise<MarketTree> {
    return view.load(this.trees, "tree");
  }

  /** See `marketPath`; empty for an unknown market. */
  path(view: CatalogView, key: CatalogKey): MaybePromise<readonly CatalogKey[]> {
    return andThen(this.tree(view), (tree) => marketPath(tree, key));
  }

  /** Throws `UNKNOWN_MARKET`: an argument that names a market is not silently taken for "no market". */
  mustExist(view: CatalogView, key: CatalogKey): MaybePromise<void> {
    return andThen(this.tree(view), (tree) => {
      if (!tree.has(key)) throw new InputError("UNKNOWN_MARKET", `There is no market ${JSON.stringify(key)} at this catalog point.`, "market");
    });
  }
}

/** What is listed from memory is the same list each time, and so is the tree of it. */
const wholeTrees = new WeakMap<readonly MarketInTree[], MarketTree>();

function treeOf(listed: readonly MarketInTree[], reach: readonly CatalogKey[] | null): MarketTree {
  if (reach !== null) return new Map(listed.flatMap((market) => (isInReach(reach, market.key) ? [[market.key, market]] : [])));
  const tree = wholeTrees.get(listed) ?? new Map(listed.map((market) => [market.key, market]));
  wholeTrees.set(listed, tree);
  return tree;
}
