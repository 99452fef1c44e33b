import { LRUCache } from "lru-cache";
import { rateLimitOf } from "../../access/rate-limits/rate-limit.js";
import type { Viewer } from "../../access/viewer.js";

const MAX_AUDIENCES = 10_000;

/**
 * Numbers audiences: callers who may see the same of the released catalog, by their permissions and what there is of it for them,
 * never by the names of their roles. A number is given once.
 */
export class Audiences {
  private readonly numbers = new LRUCache<string, number>({ max: MAX_AUDIENCES });
  // Viewers of anonymous callers and of keys at hand are the same objects each time.
  private readonly ofViewers = new WeakMap<Viewer, number>();
  private count = 0;

  numberOf(viewer: Viewer): number {
    const known = this.ofViewers.get(viewer);
    if (known !== undefined) return known;
    const { permissions, catalog } = viewer;
    // What a credential is needed for is told in other words to who has none, and what costs more than a caller ever has is refused.
    const text = JSON.stringify([rateLimitOf(viewer), [...permissions].sort(), catalog.markets, catalog.products]);
    const number = this.numbers.get(text) ?? ++this.count;
    this.numbers.set(text, number);
    this.ofViewers.set(viewer, number);
    return number;
  }
}
