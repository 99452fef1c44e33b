import { LRUCache } from "lru-cache";
import type { Horizon } from "../horizon.js";
import { ALL_IN_REACH } from "../reach.js";
import { CatalogView } from "./catalog-view.js";

/** One for each kind of callers that see the same. */
const MAX_VIEWS = 8;
/** What a view remembers, in entries; beyond it a new one begins. */
const MAX_REMEMBERED = 50_000;

/**
 * Views that requests share: of a release in memory nothing changes until its horizon, so what was put together for one request
 * is right for the next that sees the same. Theirs is an instant at which the same was in force as is now.
 */
export class SharedViews {
  private readonly views = new LRUCache<string, CatalogView>({ max: MAX_VIEWS });

  constructor(
    private readonly isAtHand: (release: number) => boolean,
    private readonly horizon: Horizon,
  ) {}

  /** The shared view that shows what this one shows, or this one if there is none. */
  like(view: CatalogView): CatalogView {
    const { point, seesUpcoming, reach, idPoint } = view;
    if (!this.isAtHand(point.release)) return view;
    const until = this.horizon.of(point.release, point.time);
    if (until instanceof Promise) {
      // Nobody waits for it: the horizon is known by the next time.
      void until.catch(() => undefined);
      return view;
    }
    const name = `${point.release} ${until} ${seesUpcoming} ${idPoint ?? ""} ${reach === ALL_IN_REACH ? "" : JSON.stringify(reach)}`;
    const known = this.views.get(name);
    if (known && known.remembered < MAX_REMEMBERED) return known;
    const shared = new CatalogView(point, seesUpcoming, reach, idPoint, true);
    this.views.set(name, shared);
    return shared;
  }
}
