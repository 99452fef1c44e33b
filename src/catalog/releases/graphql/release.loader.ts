import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import type { Release } from "../release.js";
import type { ReleaseRepository } from "../release.repository.js";
import { batchByKey, type AtView, type CatalogView } from "./catalog-view.js";

export type ReleaseNode = Release & { readonly key: string };

export class ReleaseLoader {
  private readonly batch;

  constructor(releases: ReleaseRepository) {
    this.batch = batchByKey<ReleaseNode>("Release", releases, (keys) =>
      andThen(releases.findAll(keys.map(Number)), (found) => found.map((release) => ({ ...release, key: String(release.number) }))),
    );
  }

  /** A release that is newer than the view's is not there for it. */
  byNumber(view: CatalogView, number: number): MaybePromise<AtView<ReleaseNode> | null> {
    return Number.isSafeInteger(number) && number >= 1 && number <= view.point.release ? view.load(this.batch, String(number)) : null;
  }
}
