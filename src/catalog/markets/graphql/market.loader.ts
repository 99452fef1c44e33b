import type { CatalogKey } from "../../../kernel/key.js";
import { InputError } from "../../../platform/graphql/input-error.js";
import { atView, batchByKey, batchByOwner, type AtView, type Batch, type CatalogView } from "../../releases/graphql/catalog-view.js";
import { isInReach } from "../../releases/reach.js";
import { marketPath, type Market, type MarketTree } from "../market.js";
import type { MarketRepository } from "../market.repository.js";

export class MarketLoader {
  private readonly keyed;
  private readonly children;
  private readonly trees: Batch<"tree", MarketTree>;

  constructor(markets: MarketRepository) {
    this.keyed = batchByKey<Market>("Market", (keys, view) => markets.findAll(keys, view));
    this.children = batchByOwner(
      async (parents, view) => (await markets.listByParents(parents, view)).map((market) => atView("Market", market, view)),
      (market) => market.parentKey ?? "",
    );
    this.trees = {
      load: async (keys, { point, reach }) => {
        const all = await markets.listTree(point.release);
        const tree = new Map(all.flatMap((market) => (isInReach(reach.markets, market.key) ? [[market.key, market]] : [])));
        return keys.map(() => tree);
      },
    };
  }

  byKey(view: CatalogView, key: CatalogKey): Promise<AtView<Market> | null> {
    return view.load(this.keyed, key);
  }

  ofParent(view: CatalogView, key: CatalogKey): Promise<AtView<Market>[]> {
    return view.load(this.children, key);
  }

  /** All markets within reach at the view's release, for rules that look along paths: one statement, once a view. */
  tree(view: CatalogView): Promise<MarketTree> {
    return view.load(this.trees, "tree");
  }

  /** See `marketPath`; empty for an unknown market. */
  async path(view: CatalogView, key: CatalogKey): Promise<CatalogKey[]> {
    return marketPath(await this.tree(view), key);
  }

  /** Throws `UNKNOWN_MARKET`: an argument that names a market is not silently taken for "no market". */
  async mustExist(view: CatalogView, key: CatalogKey): Promise<void> {
    if (!(await this.tree(view)).has(key)) throw new InputError("UNKNOWN_MARKET", `There is no market ${JSON.stringify(key)} at this catalog point.`, "market");
  }
}
