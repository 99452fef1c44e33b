import type { CatalogKey } from "../../../kernel/key.js";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListLoader } from "../../releases/graphql/catalog-list.js";
import { batchByKey, batchByOwner, type AtView, type Batch, type CatalogView } from "../../releases/graphql/catalog-view.js";
import type { DiscountPolicy } from "../discount-policy.js";
import { canonicalCode, type Discount } from "../discount.js";
import type { DiscountRepository } from "../discount.repository.js";

export class DiscountLoader implements ListLoader<Discount> {
  private readonly keyed;
  private readonly codes: Batch<string, readonly { discountKey: CatalogKey; word: string }[]>;
  private readonly policies: Batch<"policy", DiscountPolicy>;
  private readonly automatic: Batch<CatalogKey, readonly Discount[]>;
  private readonly claimed: Batch<string, CatalogKey | null>;

  constructor(discounts: DiscountRepository) {
    this.keyed = batchByKey<Discount>("Discount", discounts, (keys, view) => discounts.findAll(keys, view));
    this.codes = batchByOwner(
      discounts,
      (keys, { point }) => discounts.listCodes(keys, point.release),
      (code) => code.discountKey,
    );
    this.policies = {
      from: discounts,
      load: (keys, { point }) => andThen(discounts.findPolicy(point.release), (policy) => keys.map(() => policy)),
    };
    this.automatic = {
      from: discounts,
      load: (plans, view) =>
        andThen(discounts.listAutomatic(plans, view), (found) =>
          plans.map((plan) => found.filter(({ conditions: { planKeys } }) => planKeys.length === 0 || planKeys.includes(plan))),
        ),
    };
    this.claimed = {
      from: discounts,
      load: (words, { point }) =>
        andThen(discounts.findCodes(words, point.release), (codes) => {
          const found = new Map(codes.map(({ canonical, discountKey }) => [canonical, discountKey]));
          return words.map((word) => found.get(word) ?? null);
        }),
    };
  }

  /** The automatic discounts in force that are open to a plan. */
  automaticFor(view: CatalogView, plan: CatalogKey): MaybePromise<readonly Discount[]> {
    return view.load(this.automatic, plan);
  }

  /** The discount that a word of the catalog claims, in whatever spelling; null if it claims none. */
  claimedBy(view: CatalogView, code: string): MaybePromise<CatalogKey | null> {
    return view.load(this.claimed, canonicalCode(code));
  }

  byKey(view: CatalogView, key: CatalogKey): MaybePromise<AtView<Discount> | null> {
    return view.load(this.keyed, key);
  }

  /** See `CatalogView.take`. */
  take(view: CatalogView, found: readonly Discount[]): void {
    view.take(this.keyed, found);
  }

  policy(view: CatalogView): MaybePromise<DiscountPolicy> {
    return view.load(this.policies, "policy");
  }

  codesOf(view: CatalogView, key: CatalogKey): MaybePromise<readonly string[]> {
    return andThen(view.load(this.codes, key), (codes) => codes.map(({ word }) => word));
  }
}
