import type { CatalogKey } from "../../../kernel/key.js";
import { batchByKey, batchByOwner, type AtView, type Batch, type CatalogView } from "../../releases/graphql/catalog-view.js";
import type { DiscountPolicy } from "../discount-policy.js";
import type { Discount } from "../discount.js";
import type { DiscountRepository } from "../discount.repository.js";

export class DiscountLoader {
  private readonly keyed;
  private readonly codes: Batch<string, { discountKey: CatalogKey; word: string }[]>;

  private readonly policies: Batch<"policy", DiscountPolicy>;

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
