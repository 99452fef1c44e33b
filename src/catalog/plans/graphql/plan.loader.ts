import type { CatalogKey } from "../../../kernel/key.js";
import { atView, batchByKey, batchByOwner, required, type AtView, type Batch, type CatalogView } from "../../releases/graphql/catalog-view.js";
import type { Plan } from "../plan.js";
import type { AddOnOffer, PlanRepository } from "../plan.repository.js";

export class PlanLoader {
  private readonly keyed;
  private readonly productPlans;
  private readonly offersOfPlan: Batch<string, AddOnOffer[]>;
  private readonly offersOfAddOn: Batch<string, AddOnOffer[]>;

  constructor(plans: PlanRepository) {
    this.keyed = batchByKey<Plan>("Plan", (keys, view) => plans.findAll(keys, view));
    this.productPlans = batchByOwner(
      async (products, view) => (await plans.listByProducts(products, view)).map((plan) => atView("Plan", plan, view)),
      (plan) => plan.productKey,
    );
    this.offersOfPlan = batchByOwner(
      (keys, view) => plans.listAddOnOffers("planKey", keys, view),
      (offer) => offer.planKey,
    );
    this.offersOfAddOn = batchByOwner(
      (keys, view) => plans.listAddOnOffers("addOnKey", keys, view),
      (offer) => offer.addOnKey,
    );
  }

  byKey(view: CatalogView, key: CatalogKey): Promise<AtView<Plan> | null> {
    return view.load(this.keyed, key);
  }

  /** By rank. */
  ofProduct(view: CatalogView, product: CatalogKey): Promise<AtView<Plan>[]> {
    return view.load(this.productPlans, product);
  }

  async addOnsOf(view: CatalogView, plan: CatalogKey): Promise<AtView<Plan>[]> {
    const offers = await view.load(this.offersOfPlan, plan);
    return Promise.all(offers.map(({ addOnKey }) => required(this.byKey(view, addOnKey))));
  }

  /** The keys of the plans that it can be bought on top of. */
  async addOnForKeys(view: CatalogView, addOn: CatalogKey): Promise<CatalogKey[]> {
    return (await view.load(this.offersOfAddOn, addOn)).map(({ planKey }) => planKey);
  }

  async addOnFor(view: CatalogView, addOn: CatalogKey): Promise<AtView<Plan>[]> {
    const keys = await this.addOnForKeys(view, addOn);
    return Promise.all(keys.map((key) => required(this.byKey(view, key))));
  }
}
