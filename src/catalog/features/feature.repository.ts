import type { CatalogKey } from "../../kernel/key.js";
import type { MaybePromise } from "../../kernel/maybe-promise.js";
import type { ListOrder, Page, PageRequest } from "../../kernel/page.js";
import type { CatalogSight } from "../releases/release.js";
import type { ReleasedRepository } from "../releases/released.repository.js";
import type { Feature, FeatureKind } from "./feature.js";

export interface FeatureFilter {
  readonly keys?: readonly CatalogKey[] | null;
  readonly kinds?: readonly FeatureKind[] | null;
  readonly categories?: readonly CatalogKey[] | null;
}

export type FeatureOrderField = "POSITION" | "KEY" | "NAME";

/** Features of one release. */
export interface FeatureRepository extends ReleasedRepository {
  findAll(keys: readonly CatalogKey[], release: number): MaybePromise<readonly Feature[]>;
  listKeys(filter: FeatureFilter, order: ListOrder<FeatureOrderField>, page: PageRequest, sight: CatalogSight): MaybePromise<Page<Feature>>;
  count(filter: FeatureFilter, sight: CatalogSight): MaybePromise<number>;
}
