import type { CatalogKey } from "../../../kernel/key.js";
import { InputError } from "../../../platform/graphql/input-error.js";
import { atView, batchByKey, batchByOwner, type AtView, type Batch, type CatalogView } from "../../releases/graphql/catalog-view.js";
import { marketPath, type Market } from "../market.js";
import type { MarketRepository } from "../market.repository.js";

type MarketTree = ReadonlyMap<CatalogKey, Pick<Market, "key" | "parentKey">>;

export class MarketLoader {
  private readonly keyed;
  private readonly children;
  private readonly tree: Batch<"tree", MarketTree>;

  constructor(markets: MarketRepository) {
    this.keyed = batchByKey<Market>("Market", (keys, { point }) => markets.findAll(keys, point.release));
    this.children = batchByOwner(
      async (parents, view) => (await markets.listByParents(parents, view.point.release)).map((market) => atView("Market", market, view)),
      (market) => market.parentKey ?? "",
    );
    this.tree = {
      load: async (keys, { point }) => {
        const tree = new Map((await markets.listParents(point.release)).map((market) => [market.key, market]));
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

  /** See `marketPath`; empty for an unknown market. */
  async path(view: CatalogView, key: CatalogKey): Promise<CatalogKey[]> {
    return marketPath(await view.load(this.tree, "tree"), key);
  }

  /** Throws `UNKNOWN_MARKET`: an argument that names a market is not silently taken for "no market". */
  async mustExist(view: CatalogView, key: CatalogKey): Promise<void> {
    if (!(await view.load(this.tree, "tree")).has(key))
      throw new InputError("UNKNOWN_MARKET", `There is no market ${JSON.stringify(key)} at this catalog point.`, "market");
  }
}
