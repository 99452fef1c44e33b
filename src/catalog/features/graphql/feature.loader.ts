import type { CatalogKey } from "../../../kernel/key.js";
import type { MaybePromise } from "../../../kernel/maybe-promise.js";
import { batchByKey, type AtView, type CatalogView } from "../../releases/graphql/catalog-view.js";
import type { Feature } from "../feature.js";
import type { FeatureRepository } from "../feature.repository.js";

export class FeatureLoader {
  private readonly keyed;

  constructor(features: FeatureRepository) {
    this.keyed = batchByKey<Feature>("Feature", features, (keys, { point }) => features.findAll(keys, point.release));
  }

  byKey(view: CatalogView, key: CatalogKey): MaybePromise<AtView<Feature> | null> {
    return view.load(this.keyed, key);
  }

  byKeys(view: CatalogView, keys: readonly CatalogKey[]): MaybePromise<readonly (AtView<Feature> | null)[]> {
    return view.loadAll(this.keyed, keys);
  }
}
