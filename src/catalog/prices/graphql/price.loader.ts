import type { BillingInterval } from "../../../kernel/billing-interval.js";
import type { CurrencyCode } from "../../../kernel/currency.js";
import type { CatalogKey } from "../../../kernel/key.js";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { MarketLoader } from "../../markets/graphql/market.loader.js";
import type { ListLoader } from "../../releases/graphql/catalog-list.js";
import { batchByKey, ownAtView, type AtView, type Batch, type CatalogView } from "../../releases/graphql/catalog-view.js";
import type { PriceVersion } from "../price-resolution.js";
import { pricesInMarket, type Price } from "../price.js";
import type { PriceRepository } from "../price.repository.js";

/** Which of a plan's prices in a market are wanted; null asks for any currency or interval, and for no channel or segment beside "everyone". */
export interface PriceWish {
  readonly currency: CurrencyCode | null;
  readonly interval: BillingInterval | null;
  readonly channel: CatalogKey | null;
  readonly segment: CatalogKey | null;
}

interface Offer {
  readonly plan: CatalogKey;
  /** See `marketPath`. */
  readonly path: readonly CatalogKey[];
}

export class PriceLoader implements ListLoader<Price> {
  private readonly keyed;
  private readonly versions: Batch<Offer, readonly PriceVersion[]>;
  private readonly histories: Batch<Offer, readonly PriceVersion[]>;
  private readonly offered: Batch<Offer, readonly AtView<Price>[]>;

  constructor(
    prices: PriceRepository,
    private readonly markets: MarketLoader,
  ) {
    this.keyed = batchByKey<Price>("Price", prices, (keys, view) => prices.findAll(keys, view));
    this.versions = { from: prices, ...versionBatch(prices, false) };
    // Earlier releases are not in memory: these are always gathered.
    this.histories = versionBatch(prices, true);
    this.offered = {
      from: prices,
      cacheKey: offerName,
      load: (offers, view) => {
        const plans = plansOf(offers);
        return andThen(prices.listInForce(plans, marketsOf(offers), view), (found) => {
          const byPlan = new Map(plans.map((plan): [CatalogKey, Price[]] => [plan, []]));
          for (const price of found) byPlan.get(price.planKey)?.push(price);
          return offers.map(({ plan, path }) => pricesInMarket(byPlan.get(plan) ?? [], path).map((price) => ownAtView("Price", price, view)));
        });
      },
    };
  }

  /** What `resolvePrice` chooses from. `history`: also what earlier releases said, for subscriptions that began then. */
  versionsOf(view: CatalogView, plan: CatalogKey, path: readonly CatalogKey[], history: boolean): MaybePromise<readonly PriceVersion[]> {
    return view.load(history ? this.histories : this.versions, { plan, path });
  }

  byKey(view: CatalogView, key: string): MaybePromise<AtView<Price> | null> {
    return view.load(this.keyed, key);
  }

  /** See `CatalogView.take`. */
  take(view: CatalogView, found: readonly Price[]): void {
    view.take(this.keyed, found);
  }

  /** The prices of a plan that are in force in a market, each from the nearest market that has one; by key. */
  ofPlan(view: CatalogView, plan: CatalogKey, market: CatalogKey, wish: PriceWish): MaybePromise<readonly AtView<Price>[]> {
    return andThen(this.markets.path(view, market), (path) =>
      andThen(view.load(this.offered, { plan, path }), (prices) => prices.filter((price) => isWished(price, wish))),
    );
  }
}

/** All versions of plans' prices along paths: what stands at the catalog point, with `history` also what earlier releases said. */
function versionBatch(prices: PriceRepository, history: boolean): Batch<Offer, readonly PriceVersion[]> {
  return {
    cacheKey: offerName,
    load: (offers, view) =>
      andThen(prices.listVersions(plansOf(offers), marketsOf(offers), history, view), (versions) =>
        offers.map(({ plan, path }) => versions.filter((price) => price.planKey === plan && path.includes(price.marketKey))),
      ),
  };
}

function offerName({ plan, path }: Offer): string {
  return `${plan} ${path[0] ?? ""}`;
}

function isWished({ currency, interval, channel, segment }: Price, wish: PriceWish): boolean {
  return (
    (wish.currency === null || currency === wish.currency) &&
    (wish.interval === null || interval === wish.interval) &&
    (channel === null || channel === wish.channel) &&
    (segment === null || segment === wish.segment)
  );
}

function plansOf(offers: readonly Offer[]): CatalogKey[] {
  return [...new Set(offers.map(({ plan }) => plan))];
}

function marketsOf(offers: readonly Offer[]): CatalogKey[] {
  return [...new Set(offers.flatMap(({ path }) => path))];
}
