import type { CatalogKey } from "../../../kernel/key.js";
import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../../kernel/page.js";
import type { CatalogSight } from "../../releases/release.js";
import type { Conditions } from "../../releases/storage/memory/conditions.js";
import { countMatching, listKeys } from "../../releases/storage/memory/listing.js";
import { MemoryTable } from "../../releases/storage/memory/memory-table.js";
import type { Feature } from "../feature.js";
import type { FeatureFilter, FeatureOrderField, FeatureRepository } from "../feature.repository.js";
import { FEATURE_COLUMNS, FEATURE_ORDERS, fromRow } from "./pg-feature.repository.js";

type FeatureIndex = "kind" | "category";

export const featureTable = (): MemoryTable<Feature, FeatureIndex, FeatureOrderField> =>
  new MemoryTable({
    table: "feature",
    columns: FEATURE_COLUMNS,
    fromRow,
    bytesPerRow: 2_000,
    indexes: { kind: ({ kind }) => kind, category: ({ category }) => category },
    orders: FEATURE_ORDERS,
    sortedBy: { position: ({ position }) => position, name: ({ name }) => name.text },
  });

export class MemoryFeatureRepository implements FeatureRepository {
  constructor(
    private readonly features: ReturnType<typeof featureTable>,
    private readonly database: FeatureRepository,
  ) {}

  isAtHand(release: number): boolean {
    return this.features.isAtHand(release);
  }

  findAll(keys: readonly CatalogKey[], release: number): MaybePromise<readonly Feature[]> {
    return this.isAtHand(release) ? this.features.findAll(keys, release) : this.database.findAll(keys, release);
  }

  listKeys(filter: FeatureFilter, order: ListOrder<FeatureOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Feature>> {
    const { release } = sight.point;
    return this.isAtHand(release) ? listKeys(this.features, matching(filter), order, page, release) : this.database.listKeys(filter, order, page, sight);
  }

  count(filter: FeatureFilter, sight: CatalogSight): MaybePromise<number> {
    const { release } = sight.point;
    return this.isAtHand(release) ? countMatching(this.features, matching(filter), release) : this.database.count(filter, sight);
  }
}

function matching({ keys, kinds, categories }: FeatureFilter): Conditions<Feature, FeatureIndex> {
  return {
    among: [
      ["key", keys],
      ["kind", kinds],
      ["category", categories],
    ],
    where: null,
  };
}
