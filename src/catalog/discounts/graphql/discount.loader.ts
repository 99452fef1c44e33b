import type { CatalogKey } from "../../../kernel/key.js";
import { batchByKey, batchByOwner, type AtView, type Batch, type CatalogView } from "../../releases/graphql/catalog-view.js";
import type { DiscountPolicy } from "../discount-policy.js";
import { canonicalCode, type Discount } from "../discount.js";
import type { DiscountRepository } from "../discount.repository.js";

export class DiscountLoader {
  private readonly keyed;
  private readonly codes: Batch<string, { discountKey: CatalogKey; word: string }[]>;
  private readonly policies: Batch<"policy", DiscountPolicy>;
  private readonly automatic: Batch<CatalogKey, readonly Discount[]>;
  private readonly claimed: Batch<string, CatalogKey | null>;

  constructor(discounts: DiscountRepository) {
    this.keyed = batchByKey<Discount>("Discount", (keys, view) => discounts.findAll(keys, view));
    this.codes = batchByOwner(
      (keys, { point }) => discounts.listCodes(keys, point.release),
      (code) => code.discountKey,
    );
    this.policies = {
      load: async (keys, { point }) => {
        const policy = await discounts.findPolicy(point.release);
        return keys.map(() => policy);
      },
    };
    this.automatic = {
      load: async (plans, view) => {
        const found = await discounts.listAutomatic(plans, view);
        return plans.map((plan) => found.filter(({ conditions: { planKeys } }) => planKeys.length === 0 || planKeys.includes(plan)));
      },
    };
    this.claimed = {
      load: async (words, { point }) => {
        const found = new Map((await discounts.findCodes(words, point.release)).map(({ canonical, discountKey }) => [canonical, discountKey]));
        return words.map((word) => found.get(word) ?? null);
      },
    };
  }

  /** The automatic discounts in force that are open to a plan. */
  automaticFor(view: CatalogView, plan: CatalogKey): Promise<readonly Discount[]> {
    return view.load(this.automatic, plan);
  }

  /** The discount that a word of the catalog claims, in whatever spelling; null if it claims none. */
  claimedBy(view: CatalogView, code: string): Promise<CatalogKey | null> {
    return view.load(this.claimed, canonicalCode(code));
  }

  byKey(view: CatalogView, key: CatalogKey): Promise<AtView<Discount> | null> {
    return view.load(this.keyed, key);
  }

  policy(view: CatalogView): Promise<DiscountPolicy> {
    return view.load(this.policies, "policy");
  }

  async codesOf(view: CatalogView, key: CatalogKey): Promise<string[]> {
    return (await view.load(this.codes, key)).map(({ word }) => word);
  }
}
