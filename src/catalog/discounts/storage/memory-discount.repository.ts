import type { CatalogKey } from "../../../kernel/key.js";
import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { CatalogSight } from "../../releases/release.js";
import { isAmong, isInForce, isSeen, setOf, whereEffective, type Conditions } from "../../releases/storage/memory/conditions.js";
import { freeze } from "../../releases/storage/memory/freeze.js";
import { countMatching, listKeys } from "../../releases/storage/memory/listing.js";
import { DEFAULT_DISCOUNT_POLICY, DISCOUNT_POLICY_KEY, type DiscountPolicy } from "../discount-policy.js";
import type { Discount } from "../discount.js";
import type { DiscountFilter, DiscountOrderField, DiscountRepository } from "../discount.repository.js";
import type { DiscountTables } from "./discount-tables.js";
import { both, type Wanted } from "./pg-discount.repository.js";

type Named = readonly { readonly named: CatalogKey }[];

export class MemoryDiscountRepository implements DiscountRepository {
  /** A discount with all of its conditions, for as long as these are the same rows. */
  private readonly conditioned = new WeakMap<Discount, { readonly plans: Named; readonly markets: Named; readonly discount: Discount }>();

  constructor(
    private readonly tables: DiscountTables,
    private readonly database: DiscountRepository,
  ) {}

  isAtHand(release: number): boolean {
    const { discounts, plans, markets, codes, policies } = this.tables;
    return discounts.isAtHand(release) && plans.isAtHand(release) && markets.isAtHand(release) && codes.isAtHand(release) && policies.isAtHand(release);
  }

  findAll(keys: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Discount[]> {
    const { release } = sight.point;
    if (!this.isAtHand(release)) return this.database.findAll(keys, sight);
    return this.tables.discounts
      .findAll(keys, release)
      .filter((discount) => isSeen(discount, sight))
      .flatMap((discount) => this.asSeen(discount, sight) ?? []);
  }

  listCodes(discounts: readonly CatalogKey[], release: number): MaybePromise<readonly { discountKey: CatalogKey; word: string }[]> {
    return this.isAtHand(release) ? this.tables.codes.of("discount", discounts, release) : this.database.listCodes(discounts, release);
  }

  findPolicy(release: number): MaybePromise<DiscountPolicy> {
    if (!this.isAtHand(release)) return this.database.findPolicy(release);
    return this.tables.policies.find(DISCOUNT_POLICY_KEY, release) ?? DEFAULT_DISCOUNT_POLICY;
  }

  listAutomatic(plans: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Discount[]> {
    const { release, time } = sight.point;
    if (!this.isAtHand(release)) return this.database.listAutomatic(plans, sight);
    const wanted = setOf(plans);
    return this.tables.discounts
      .of("activation", ["AUTOMATIC"], release)
      .filter((discount) => isInForce(discount, time) && isOpenTo(this.named("plans", discount.key, release), wanted))
      .flatMap((discount) => this.asSeen(discount, sight) ?? []);
  }

  findCodes(canonical: readonly string[], release: number): MaybePromise<readonly { canonical: string; discountKey: CatalogKey }[]> {
    if (!this.isAtHand(release)) return this.database.findCodes(canonical, release);
    return this.tables.codes.findAll(canonical, release).map(({ key, discountKey }) => ({ canonical: key, discountKey }));
  }

  listKeys(filter: DiscountFilter, order: ListOrder<DiscountOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Discount>> {
    const { release } = sight.point;
    if (!this.isAtHand(release)) return this.database.listKeys(filter, order, page, sight);
    return listKeys(this.tables.discounts, this.matching(filter, sight), order, page, release);
  }

  count(filter: DiscountFilter, sight: CatalogSight): MaybePromise<number> {
    const { release } = sight.point;
    if (!this.isAtHand(release)) return this.database.count(filter, sight);
    return countMatching(this.tables.discounts, this.matching(filter, sight), release);
  }

  private matching(filter: DiscountFilter, sight: CatalogSight): Conditions<Discount, "benefit" | "activation"> {
    const { point, reach } = sight;
    const effective = whereEffective(filter.periods, sight);
    const [markets, plans] = [both(filter.markets, reach.markets), both(filter.plans, reach.plans)];
    const isOpen = (condition: "plans" | "markets", wanted: Wanted): ((discount: Discount) => boolean) => {
      if (wanted === null || wanted === "NONE") return () => wanted === null;
      return ({ key }) => isOpenTo(this.named(condition, key, point.release), setOf(wanted));
    };
    const [isOpenToMarkets, isOpenToPlans] = [isOpen("markets", markets), isOpen("plans", plans)];
    return {
      among: [
        ["key", filter.keys],
        ["benefit", filter.benefits],
        ["activation", filter.activations],
      ],
      where: {
        holds: (discount) => effective.holds(discount) && isOpenToMarkets(discount) && isOpenToPlans(discount),
        asks: () => JSON.stringify([effective.asks(), markets, plans]),
        at: effective.at,
        never: effective.never || markets === "NONE" || plans === "NONE",
      },
    };
  }

  /** With its conditions as far as they are within reach; null if they leave nothing that is. */
  private asSeen(own: Discount, { point, reach }: CatalogSight): Discount | null {
    const plans = this.named("plans", own.key, point.release);
    const markets = this.named("markets", own.key, point.release);
    if (reach.plans === null && reach.markets === null) return this.withAll(own, plans, markets);
    const leavesSome = (rows: Named, keys: readonly CatalogKey[] | null): boolean =>
      keys === null || (rows.length === 0 ? keys.length > 0 : isOpenTo(rows, setOf(keys)));
    return leavesSome(plans, reach.plans) && leavesSome(markets, reach.markets)
      ? withConditions(own, within(plans, reach.plans), within(markets, reach.markets))
      : null;
  }

  private withAll(own: Discount, plans: Named, markets: Named): Discount {
    if (plans.length === 0 && markets.length === 0) return own;
    const known = this.conditioned.get(own);
    if (known?.plans === plans && known.markets === markets) return known.discount;
    const discount = freeze(withConditions(own, plans, markets));
    this.conditioned.set(own, { plans, markets, discount });
    return discount;
  }

  /** What the discount names as a condition at the release, in order. */
  private named(condition: "plans" | "markets", discount: CatalogKey, release: number): Named {
    return this.tables[condition].of("discount", [discount], release);
  }
}

/** One that names nothing is open to all. */
function isOpenTo(rows: Named, wanted: ReadonlySet<CatalogKey>): boolean {
  return rows.length === 0 || rows.some(({ named }) => wanted.has(named));
}

function within(rows: Named, keys: readonly CatalogKey[] | null): Named {
  return keys === null ? rows : rows.filter(({ named }) => isAmong(keys, named));
}

function withConditions(own: Discount, plans: Named, markets: Named): Discount {
  const [planKeys, marketKeys] = [plans, markets].map((rows) => rows.map(({ named }) => named));
  return { ...own, conditions: { ...own.conditions, planKeys: planKeys ?? [], marketKeys: marketKeys ?? [] } };
}
