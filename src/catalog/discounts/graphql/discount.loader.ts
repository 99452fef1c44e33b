import type { CatalogKey } from "../../../kernel/key.js";
import { batchByKey, batchByOwner, type AtView, type Batch, type CatalogView } from "../../releases/graphql/catalog-view.js";
import type { Discount } from "../discount.js";
import type { DiscountRepository } from "../discount.repository.js";

export class DiscountLoader {
  private readonly keyed;
  private readonly codes: Batch<string, { discountKey: CatalogKey; word: string }[]>;

  constructor(discounts: DiscountRepository) {
    this.keyed = batchByKey<Discount>("Discount", (keys, view) => discounts.findAll(keys, view));
    this.codes = batchByOwner(
      (keys, { point }) => discounts.listCodes(keys, point.release),
      (code) => code.discountKey,
    );
  }

  byKey(view: CatalogView, key: CatalogKey): Promise<AtView<Discount> | null> {
    return view.load(this.keyed, key);
  }

  async codesOf(view: CatalogView, key: CatalogKey): Promise<string[]> {
    return (await view.load(this.codes, key)).map(({ word }) => word);
  }
}
