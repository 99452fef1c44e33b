import type { CatalogKey } from "../../../kernel/key.js";
import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { CatalogSight } from "../../releases/release.js";
import { isAmong, type Conditions } from "../../releases/storage/memory/conditions.js";
import { countMatching, listKeys } from "../../releases/storage/memory/listing.js";
import { MemoryTable } from "../../releases/storage/memory/memory-table.js";
import type { Market, MarketInTree } from "../market.js";
import type { MarketFilter, MarketOrderField, MarketRepository } from "../market.repository.js";
import { fromRow, MARKET_COLUMNS, MARKET_ORDERS } from "./pg-market.repository.js";

type MarketIndex = "kind" | "parent" | "currency" | "country";

export const marketTable = (): MemoryTable<Market, MarketIndex, MarketOrderField> =>
  new MemoryTable({
    table: "market",
    columns: MARKET_COLUMNS,
    fromRow,
    bytesPerRow: 1_500,
    indexes: {
      kind: ({ kind }) => kind,
      parent: ({ parentKey }) => parentKey,
      currency: ({ currency }) => currency,
      country: ({ countryCode }) => countryCode,
    },
    orders: MARKET_ORDERS,
    sortedBy: { name: ({ name }) => name.text },
  });

export class MemoryMarketRepository implements MarketRepository {
  constructor(
    private readonly markets: ReturnType<typeof marketTable>,
    private readonly database: MarketRepository,
  ) {}

  isAtHand(release: number): boolean {
    return this.markets.isAtHand(release);
  }

  findAll(keys: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Market[]> {
    const { point, reach } = sight;
    if (!this.isAtHand(point.release)) return this.database.findAll(keys, sight);
    return within(this.markets.findAll(keys, point.release), reach.markets);
  }

  listTree(release: number): MaybePromise<readonly MarketInTree[]> {
    return this.isAtHand(release) ? this.markets.all(release) : this.database.listTree(release);
  }

  listByParents(parents: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Market[]> {
    const { point, reach } = sight;
    if (!this.isAtHand(point.release)) return this.database.listByParents(parents, sight);
    return within(this.markets.of("parent", parents, point.release), reach.markets);
  }

  listKeys(filter: MarketFilter, order: ListOrder<MarketOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Market>> {
    const { release } = sight.point;
    if (!this.isAtHand(release)) return this.database.listKeys(filter, order, page, sight);
    return listKeys(this.markets, matching(filter, sight), order, page, release);
  }

  count(filter: MarketFilter, sight: CatalogSight): MaybePromise<number> {
    const { release } = sight.point;
    return this.isAtHand(release) ? countMatching(this.markets, matching(filter, sight), release) : this.database.count(filter, sight);
  }
}

function matching({ keys, kinds, parents, currencies, countryCodes }: MarketFilter, { reach }: CatalogSight): Conditions<Market, MarketIndex> {
  return {
    among: [
      ["key", reach.markets],
      ["key", keys],
      ["kind", kinds],
      ["parent", parents],
      ["currency", currencies],
      ["country", countryCodes],
    ],
    where: null,
  };
}

function within(markets: readonly Market[], keys: readonly CatalogKey[] | null): readonly Market[] {
  return keys === null ? markets : markets.filter(({ key }) => isAmong(keys, key));
}
