import type { CatalogKey } from "../../kernel/key.js";
import type { ListOrder, Page, PageRequest } from "../../kernel/page.js";
import type { CatalogSight } from "../releases/release.js";
import type { Feature, FeatureKind } from "./feature.js";

export interface FeatureFilter {
  readonly keys?: readonly CatalogKey[] | null;
  readonly kinds?: readonly FeatureKind[] | null;
  readonly categories?: readonly CatalogKey[] | null;
}

export type FeatureOrderField = "POSITION" | "KEY" | "NAME";

/** Features of one release. */
export interface FeatureRepository {
  findAll(keys: readonly CatalogKey[], release: number): Promise<Feature[]>;
  listKeys(filter: FeatureFilter, order: ListOrder<FeatureOrderField>, page: PageRequest, sight: CatalogSight): Promise<Page>;
  count(filter: FeatureFilter, sight: CatalogSight): Promise<number>;
}
