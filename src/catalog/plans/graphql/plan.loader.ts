import type { CatalogKey } from "../../../kernel/key.js";
import { allOf, andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListLoader } from "../../releases/graphql/catalog-list.js";
import { batchByKey, batchByOwner, ownAtView, required, type AtView, type Batch, type CatalogView } from "../../releases/graphql/catalog-view.js";
import type { Plan } from "../plan.js";
import type { AddOnOffer, PlanRepository } from "../plan.repository.js";

export class PlanLoader implements ListLoader<Plan> {
  private readonly keyed;
  private readonly productPlans;
  private readonly offersOfPlan: Batch<string, readonly AddOnOffer[]>;
  private readonly offersOfAddOn: Batch<string, readonly AddOnOffer[]>;

  constructor(plans: PlanRepository) {
    this.keyed = batchByKey<Plan>("Plan", plans, (keys, view) => plans.findAll(keys, view));
    this.productPlans = batchByOwner(
      plans,
      (products, view) => andThen(plans.listByProducts(products, view), (found) => found.map((plan) => ownAtView("Plan", plan, view))),
      (plan) => plan.productKey,
    );
    this.offersOfPlan = batchByOwner(
      plans,
      (keys, view) => plans.listAddOnOffers("planKey", keys, view),
      (offer) => offer.planKey,
    );
    this.offersOfAddOn = batchByOwner(
      plans,
      (keys, view) => plans.listAddOnOffers("addOnKey", keys, view),
      (offer) => offer.addOnKey,
    );
  }

  byKey(view: CatalogView, key: CatalogKey): MaybePromise<AtView<Plan> | null> {
    return view.load(this.keyed, key);
  }

  /** One that something refers to. */
  presentByKey(view: CatalogView, key: CatalogKey): MaybePromise<AtView<Plan>> {
    return view.loadPresent(this.keyed, key);
  }

  /** See `CatalogView.take`. */
  take(view: CatalogView, found: readonly Plan[]): void {
    view.take(this.keyed, found);
  }

  /** By rank. */
  ofProduct(view: CatalogView, product: CatalogKey): MaybePromise<readonly AtView<Plan>[]> {
    return view.load(this.productPlans, product);
  }

  addOnsOf(view: CatalogView, plan: CatalogKey): MaybePromise<readonly AtView<Plan>[]> {
    return andThen(view.load(this.offersOfPlan, plan), (offers) => allOf(offers, ({ addOnKey }) => required(this.byKey(view, addOnKey))));
  }

  /** The keys of the plans that it can be bought on top of. */
  addOnForKeys(view: CatalogView, addOn: CatalogKey): MaybePromise<readonly CatalogKey[]> {
    return andThen(view.load(this.offersOfAddOn, addOn), (offers) => offers.map(({ planKey }) => planKey));
  }

  addOnFor(view: CatalogView, addOn: CatalogKey): MaybePromise<readonly AtView<Plan>[]> {
    return andThen(this.addOnForKeys(view, addOn), (keys) => allOf(keys, (key) => required(this.byKey(view, key))));
  }
}
