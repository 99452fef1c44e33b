import type { Release } from "../release.js";
import type { ReleaseRepository } from "../release.repository.js";
import { batchByKey, type AtView, type CatalogView } from "./catalog-view.js";

export type ReleaseNode = Release & { readonly key: string };

export class ReleaseLoader {
  private readonly batch;

  constructor(releases: ReleaseRepository) {
    this.batch = batchByKey<ReleaseNode>("Release", async (keys) =>
      (await releases.findAll(keys.map(Number))).map((release) => ({ ...release, key: String(release.number) })),
    );
  }

  /** A release that is newer than the view's is not there for it. */
  async byNumber(view: CatalogView, number: number): Promise<AtView<ReleaseNode> | null> {
    return Number.isSafeInteger(number) && number >= 1 && number <= view.point.release ? view.load(this.batch, String(number)) : null;
  }
}
