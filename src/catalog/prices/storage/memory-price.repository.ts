import type { CatalogKey } from "../../../kernel/key.js";
import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { CatalogSight } from "../../releases/release.js";
import { isAmong, isInForce, isSeen, whereEffective, type Conditions } from "../../releases/storage/memory/conditions.js";
import { countMatching, listKeys } from "../../releases/storage/memory/listing.js";
import { MemoryTable } from "../../releases/storage/memory/memory-table.js";
import type { ReleaseStore } from "../../releases/storage/memory/release-store.js";
import type { IndexedBy } from "../../releases/storage/memory/table-definition.js";
import type { PriceVersion } from "../price-resolution.js";
import type { Price } from "../price.js";
import type { PriceFilter, PriceOrderField, PriceRepository } from "../price.repository.js";
import { PRICE_ORDERS } from "./pg-price.repository.js";
import { fromRow, PRICE_COLUMNS } from "./price.mapping.js";

/** Of plans and markets that are looked up together. */
const MAX_PAIRS = 200;

type PriceIndex = "plan" | "market" | "planAndMarket" | "currency" | "interval" | "channel" | "segment" | "model";

export const priceTable = (): MemoryTable<Price, PriceIndex, PriceOrderField> =>
  new MemoryTable({
    table: "price",
    columns: PRICE_COLUMNS,
    fromRow,
    bytesPerRow: 800,
    indexes: {
      plan: ({ planKey }) => planKey,
      market: ({ marketKey }) => marketKey,
      planAndMarket: lastPair(),
      currency: ({ currency }) => currency,
      interval: ({ interval }) => interval,
      channel: ({ channel }) => channel,
      segment: ({ segment }) => segment,
      model: ({ model }) => model,
    },
    orders: PRICE_ORDERS,
    sortedBy: { effectiveFrom: ({ effective }) => effective.from, amountMinor: ({ amountMinor }) => amountMinor },
    instants: ({ effective, existingFrom }) => [effective.from, effective.until, existingFrom],
  });

export class MemoryPriceRepository implements PriceRepository {
  constructor(
    private readonly prices: ReturnType<typeof priceTable>,
    private readonly store: Pick<ReleaseStore, "publishedAt">,
    private readonly database: PriceRepository,
  ) {}

  isAtHand(release: number): boolean {
    return this.prices.isAtHand(release);
  }

  findAll(keys: readonly string[], sight: CatalogSight): MaybePromise<readonly Price[]> {
    const { release } = sight.point;
    if (!this.isAtHand(release)) return this.database.findAll(keys, sight);
    const { markets, plans } = sight.reach;
    return this.prices.findAll(keys, release).filter((price) => isSeen(price, sight) && isAmong(markets, price.marketKey) && isAmong(plans, price.planKey));
  }

  listInForce(plans: readonly CatalogKey[], markets: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Price[]> {
    if (!this.isAtHand(sight.point.release)) return this.database.listInForce(plans, markets, sight);
    return this.offered(plans, markets, sight).filter((price) => isInForce(price, sight.point.time));
  }

  /** What earlier releases had is asked of the database, since only the latest of them are at hand. */
  listVersions(plans: readonly CatalogKey[], markets: readonly CatalogKey[], history: boolean, sight: CatalogSight): MaybePromise<readonly PriceVersion[]> {
    const { release } = sight.point;
    if (history || !this.isAtHand(release)) return this.database.listVersions(plans, markets, history, sight);
    return this.offered(plans, markets, sight)
      .filter((price) => isSeen(price, sight))
      .map((price) => ({ ...price, knownFrom: this.knownFrom(price.key, release), knownUntil: null }));
  }

  listKeys(filter: PriceFilter, order: ListOrder<PriceOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Price>> {
    const { release } = sight.point;
    if (!this.isAtHand(release)) return this.database.listKeys(filter, order, page, sight);
    return listKeys(this.prices, matching(filter, sight), order, page, release);
  }

  count(filter: PriceFilter, sight: CatalogSight): MaybePromise<number> {
    const { release } = sight.point;
    return this.isAtHand(release) ? countMatching(this.prices, matching(filter, sight), release) : this.database.count(filter, sight);
  }

  /** The prices of these plans in these markets that are within reach, by key. */
  private offered(plans: readonly CatalogKey[], markets: readonly CatalogKey[], { point, reach }: CatalogSight): readonly Price[] {
    const pairs = plans.flatMap((plan) =>
      isAmong(reach.plans, plan) ? markets.flatMap((market) => (isAmong(reach.markets, market) ? planAndMarket(plan, market) : [])) : [],
    );
    return this.prices.of("planAndMarket", pairs, point.release);
  }

  /** Release 1 speaks for all time before it. */
  private knownFrom(key: string, release: number): Date | null {
    const since = this.prices.since(key, release);
    return since > 1 ? this.store.publishedAt(since) : null;
  }
}

/** Prices come by key, so that one after the other is of the same plan and market. */
function lastPair(): IndexedBy<Price> {
  let [plan, market, pair] = ["", "", planAndMarket("", "")];
  return ({ planKey, marketKey }) => (planKey === plan && marketKey === market ? pair : (pair = planAndMarket((plan = planKey), (market = marketKey))));
}

function planAndMarket(plan: CatalogKey, market: CatalogKey): string {
  return `${plan}/${market}`;
}

/** What says nothing new, but finds the few prices of some plans in some markets at once. */
function pairsOf({ plans, markets }: PriceFilter): readonly string[] | null {
  if (plans == null || markets == null || plans.length * markets.length > MAX_PAIRS) return null;
  return plans.flatMap((plan) => markets.map((market) => planAndMarket(plan, market)));
}

function matching(filter: PriceFilter, sight: CatalogSight): Conditions<Price, PriceIndex> {
  return {
    among: [
      ["plan", sight.reach.plans],
      ["market", sight.reach.markets],
      ["key", filter.keys],
      ["plan", filter.plans],
      ["market", filter.markets],
      ["currency", filter.currencies],
      ["interval", filter.intervals],
      ["channel", filter.channels],
      ["segment", filter.segments],
      ["model", filter.models],
      ["planAndMarket", pairsOf(filter)],
    ],
    where: whereEffective(filter.periods, sight),
  };
}
