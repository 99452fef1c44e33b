import type { CatalogKey } from "../../../kernel/key.js";
import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import type { ListLoader } from "../../releases/graphql/catalog-list.js";
import { batchByKey, type AtView, type CatalogView } from "../../releases/graphql/catalog-view.js";
import type { Feature } from "../feature.js";
import type { FeatureRepository } from "../feature.repository.js";

export class FeatureLoader implements ListLoader<Feature> {
  private readonly keyed;

  constructor(features: FeatureRepository) {
    this.keyed = batchByKey<Feature>("Feature", features, (keys, { point }) => features.findAll(keys, point.release));
  }

  byKey(view: CatalogView, key: CatalogKey): MaybePromise<AtView<Feature> | null> {
    return view.load(this.keyed, key);
  }

  /** See `CatalogView.take`. */
  take(view: CatalogView, found: readonly Feature[]): void {
    view.take(this.keyed, found);
  }

  byKeys(view: CatalogView, keys: readonly CatalogKey[]): MaybePromise<readonly (AtView<Feature> | null)[]> {
    return view.loadAll(this.keyed, keys);
  }
}
