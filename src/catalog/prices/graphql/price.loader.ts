import type { BillingInterval } from "../../../kernel/billing-interval.js";
import type { CurrencyCode } from "../../../kernel/currency.js";
import type { CatalogKey } from "../../../kernel/key.js";
import type { MarketLoader } from "../../markets/graphql/market.loader.js";
import { atView, batchByKey, type AtView, type Batch, type CatalogView } from "../../releases/graphql/catalog-view.js";
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

/** All versions of a plan's prices along a path. */
interface History extends Offer {
  readonly history: boolean;
}

export class PriceLoader {
  private readonly keyed;
  private readonly versions: Batch<History, readonly PriceVersion[]>;
  private readonly offered: Batch<Offer, readonly AtView<Price>[]>;

  constructor(
    prices: PriceRepository,
    private readonly markets: MarketLoader,
  ) {
    this.keyed = batchByKey<Price>("Price", (keys, view) => prices.findAll(keys, view));
    this.versions = {
      cacheKey: ({ plan, path, history }) => `${plan} ${path[0] ?? ""} ${history}`,
      load: async (wanted, view) => {
        const listed = new Map(
          await Promise.all(
            [...new Set(wanted.map(({ history }) => history))].map(async (history) => {
              const some = wanted.filter((one) => one.history === history);
              return [history, await prices.listVersions(plansOf(some), marketsOf(some), history, view)] as const;
            }),
          ),
        );
        return wanted.map(({ plan, path, history }) => (listed.get(history) ?? []).filter((price) => price.planKey === plan && path.includes(price.marketKey)));
      },
    };
    this.offered = {
      cacheKey: ({ plan, path }) => `${plan} ${path[0] ?? ""}`,
      load: async (offers, view) => {
        const plans = plansOf(offers);
        const found = await prices.listInForce(plans, marketsOf(offers), view);
        const byPlan = new Map(plans.map((plan): [CatalogKey, AtView<Price>[]] => [plan, []]));
        for (const price of found) byPlan.get(price.planKey)?.push(atView("Price", price, view));
        return offers.map(({ plan, path }) => pricesInMarket(byPlan.get(plan) ?? [], path));
      },
    };
  }

  /** What `resolvePrice` chooses from. `history`: also what earlier releases said, for subscriptions that began then. */
  versionsOf(view: CatalogView, plan: CatalogKey, path: readonly CatalogKey[], history: boolean): Promise<readonly PriceVersion[]> {
    return view.load(this.versions, { plan, path, history });
  }

  byKey(view: CatalogView, key: string): Promise<AtView<Price> | null> {
    return view.load(this.keyed, key);
  }

  /** The prices of a plan that are in force in a market, each from the nearest market that has one; by key. */
  async ofPlan(view: CatalogView, plan: CatalogKey, market: CatalogKey, wish: PriceWish): Promise<AtView<Price>[]> {
    const prices = await view.load(this.offered, { plan, path: await this.markets.path(view, market) });
    return prices.filter(
      ({ currency, interval, channel, segment }) =>
        (wish.currency === null || currency === wish.currency) &&
        (wish.interval === null || interval === wish.interval) &&
        (channel === null || channel === wish.channel) &&
        (segment === null || segment === wish.segment),
    );
  }
}

function plansOf(offers: readonly Offer[]): CatalogKey[] {
  return [...new Set(offers.map(({ plan }) => plan))];
}

function marketsOf(offers: readonly Offer[]): CatalogKey[] {
  return [...new Set(offers.flatMap(({ path }) => path))];
}
