import type { CatalogKey } from "../../../kernel/key.js";
import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { CatalogSight } from "../../releases/release.js";
import { isAmong, type Conditions } from "../../releases/storage/memory/conditions.js";
import { countMatching, listKeys } from "../../releases/storage/memory/listing.js";
import { MemoryTable } from "../../releases/storage/memory/memory-table.js";
import type { Plan } from "../plan.js";
import type { AddOnOffer, PlanFilter, PlanOrderField, PlanRepository } from "../plan.repository.js";
import { fromRow, PLAN_COLUMNS, PLAN_ORDERS } from "./pg-plan.repository.js";

type PlanIndex = "product" | "kind";

export const planTable = (): MemoryTable<Plan, PlanIndex, PlanOrderField> =>
  new MemoryTable({
    table: "plan",
    columns: PLAN_COLUMNS,
    fromRow,
    bytesPerRow: 2_000,
    indexes: { product: ({ productKey }) => productKey, kind: ({ kind }) => kind },
    ordersWithin: { product: ({ rank }) => rank },
    orders: PLAN_ORDERS,
    sortedBy: { productKey: ({ productKey }) => productKey, rank: ({ rank }) => rank, name: ({ name }) => name.text },
  });

interface KeptOffer extends AddOnOffer {
  readonly key: string;
}

export const addOnTable = (): MemoryTable<KeptOffer, "planKey" | "addOnKey", never> =>
  new MemoryTable({
    table: "plan_add_on",
    columns: "key, plan_key, add_on_key",
    fromRow: (row: { key: string; plan_key: string; add_on_key: string }) => ({ key: row.key, planKey: row.plan_key, addOnKey: row.add_on_key }),
    bytesPerRow: 500,
    indexes: { planKey: ({ planKey }) => planKey, addOnKey: ({ addOnKey }) => addOnKey },
    ordersWithin: { planKey: ({ addOnKey }) => addOnKey, addOnKey: ({ planKey }) => planKey },
    orders: {},
    sortedBy: {},
  });

export class MemoryPlanRepository implements PlanRepository {
  constructor(
    private readonly plans: ReturnType<typeof planTable>,
    private readonly addOns: ReturnType<typeof addOnTable>,
    private readonly database: PlanRepository,
  ) {}

  isAtHand(release: number): boolean {
    return this.plans.isAtHand(release) && this.addOns.isAtHand(release);
  }

  findAll(keys: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Plan[]> {
    const { point, reach } = sight;
    if (!this.isAtHand(point.release)) return this.database.findAll(keys, sight);
    return within(this.plans.findAll(keys, point.release), reach.products);
  }

  listByProducts(products: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly Plan[]> {
    const { point, reach } = sight;
    if (!this.isAtHand(point.release)) return this.database.listByProducts(products, sight);
    return within(this.plans.of("product", products, point.release), reach.products);
  }

  listKeysOfProducts(products: readonly CatalogKey[], release: number): MaybePromise<readonly CatalogKey[]> {
    if (!this.isAtHand(release)) return this.database.listKeysOfProducts(products, release);
    return this.plans.of("product", products, release).map(({ key }) => key);
  }

  listAddOnOffers(side: "planKey" | "addOnKey", keys: readonly CatalogKey[], sight: CatalogSight): MaybePromise<readonly AddOnOffer[]> {
    const { release } = sight.point;
    const { plans } = sight.reach;
    if (!this.isAtHand(release)) return this.database.listAddOnOffers(side, keys, sight);
    const offers = this.addOns.of(side, keys, release);
    return plans === null ? offers : offers.filter(({ planKey, addOnKey }) => isAmong(plans, planKey) && isAmong(plans, addOnKey));
  }

  listKeys(filter: PlanFilter, order: ListOrder<PlanOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Plan>> {
    const { release } = sight.point;
    if (!this.isAtHand(release)) return this.database.listKeys(filter, order, page, sight);
    return listKeys(this.plans, matching(filter, sight), order, page, release);
  }

  count(filter: PlanFilter, sight: CatalogSight): MaybePromise<number> {
    const { release } = sight.point;
    return this.isAtHand(release) ? countMatching(this.plans, matching(filter, sight), release) : this.database.count(filter, sight);
  }
}

function matching({ keys, products, kinds }: PlanFilter, { reach }: CatalogSight): Conditions<Plan, PlanIndex> {
  return {
    among: [
      ["product", reach.products],
      ["key", keys],
      ["product", products],
      ["kind", kinds],
    ],
    where: null,
  };
}

function within(plans: readonly Plan[], products: readonly CatalogKey[] | null): readonly Plan[] {
  return products === null ? plans : plans.filter(({ productKey }) => isAmong(products, productKey));
}
