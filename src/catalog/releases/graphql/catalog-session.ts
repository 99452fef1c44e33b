import { GraphQLError } from "graphql";
import { can, type CatalogReach, type Viewer } from "../../../access/viewer.js";
import { isInstant } from "../../../kernel/instant.js";
import { andThen, type MaybePromise } from "../../../kernel/maybe-promise.js";
import { InputError } from "../../../platform/graphql/input-error.js";
import { isPublicPoint, resolveCatalogPoint, type CatalogPointWish } from "../catalog-point.js";
import type { HeadSource } from "../head-source.js";
import { ALL_IN_REACH, type KeysInReach, type ReachFinder } from "../reach.js";
import type { CatalogPoint } from "../release.js";
import type { ReleaseRepository } from "../release.repository.js";
import { CatalogView } from "./catalog-view.js";
import type { SharedViews } from "./shared-views.js";

/** Each point has loaders and statements of its own. */
const MAX_POINTS = 10;

/** What a resolver of the catalog is handed by the request. */
export interface CatalogContext {
  readonly catalog: CatalogSession;
}

/**
 * One request's way into the catalog. The request is pinned to one release and one instant when it first asks, so all
 * its fields agree; reads at the same point share one view and so its loaders.
 */
export class CatalogSession {
  private readonly views = new Map<string, MaybePromise<CatalogView>>();
  private head: MaybePromise<number> | null = null;
  private common: MaybePromise<CatalogView> | null = null;
  private isFresh = false;
  private pinned: number | null = null;

  constructor(
    private readonly heads: HeadSource,
    private readonly releases: ReleaseRepository,
    private readonly viewer: Viewer,
    readonly now: Date,
    private readonly findReach: ReachFinder,
    /** Null = no request shares anything with another. */
    private readonly shared: SharedViews | null,
  ) {}

  /** The release that the request takes for the current one; null as long as it has not looked at the catalog. */
  get release(): number | null {
    return this.pinned;
  }

  /** For requests that decide something: they take the head that the database has, not the one that is known here. */
  beFresh(): void {
    this.isFresh = true;
  }

  /** The view at the point that `at` means. Throws `UNKNOWN_RELEASE`, or `FORBIDDEN` for an embargoed point. */
  viewAt(at?: { release?: number | null; time?: Date | null } | null): MaybePromise<CatalogView> {
    const wish = { release: at?.release ?? null, time: at?.time ?? null };
    const text = writeWish(wish);
    let view = this.views.get(text);
    if (!view) {
      if (this.views.size >= MAX_POINTS) throw new InputError("TOO_MANY_POINTS", `One request looks at ${MAX_POINTS} catalog points at most.`, "at");
      const idPoint = text === NO_WISH ? null : text;
      view = andThen(this.resolve(wish), (point) => this.open(point, can(this.viewer, "catalog:read-upcoming"), this.viewer.catalog, idPoint));
      this.views.set(text, view);
    }
    return view;
  }

  /**
   * The same for reads that say nothing but what the catalog says. At the default point it may be a view that requests share, whose instant
   * is another one at which the same was in force.
   */
  readAt(at?: { release?: number | null; time?: Date | null } | null): MaybePromise<CatalogView> {
    const { shared } = this;
    if (!shared || at?.release != null || at?.time != null) return this.viewAt(at);
    return (this.common ??= andThen(this.viewAt(), (view) => shared.like(view)));
  }

  /**
   * The view at a point that something kept was made at, for whoever may read that thing.
   * @param reach that of its maker, to see what its maker saw; without it the caller's own.
   */
  viewOf(point: CatalogPoint, seesUpcoming: boolean, reach: CatalogReach = this.viewer.catalog): MaybePromise<CatalogView> {
    return this.open(point, seesUpcoming, reach, writeWish(point));
  }

  private open(point: CatalogPoint, seesUpcoming: boolean, reach: CatalogReach, idPoint: string | null): MaybePromise<CatalogView> {
    return andThen(this.keysInReach(reach, point), (keys) => new CatalogView(point, seesUpcoming, keys, idPoint));
  }

  /** Asks nothing for callers that reach everything. */
  private keysInReach(reach: CatalogReach, { release }: CatalogPoint): MaybePromise<KeysInReach> {
    return reach.markets === null && reach.products === null ? ALL_IN_REACH : this.findReach(reach, release);
  }

  private resolve(wish: CatalogPointWish): MaybePromise<CatalogPoint> {
    return andThen((this.head ??= this.isFresh ? this.heads.catchUp() : this.heads.getHead()), (head) => {
      this.pinned = head;
      const isPast = wish.time !== null && wish.time.getTime() < this.now.getTime();
      return wish.release === null && !isPast ? this.permit({ release: head, time: wish.time ?? this.now }, true) : this.resolveOther(wish, head);
    });
  }

  private async resolveOther(wish: CatalogPointWish, head: number): Promise<CatalogPoint> {
    if (wish.release !== null) {
      // A release that appeared after this request was pinned is not there for it.
      const reign = wish.release > head || wish.release < 1 ? null : await this.releases.findReign(wish.release);
      if (reign === null) throw new InputError("UNKNOWN_RELEASE", `There is no release ${wish.release}; the current one is ${head}.`, "at.release");
      return this.permit(resolveCatalogPoint(wish, reign, this.now), wish.time === null);
    }
    const reign = wish.time === null ? null : await this.releases.findReignAt(wish.time);
    return reign === null
      ? { release: 0, time: this.now }
      : this.permit(resolveCatalogPoint(wish, { ...reign, number: Math.min(reign.number, head) }, this.now), true);
  }

  /** @param wasCurrent whether the release of the point is known to have been current at its time, if that has come. */
  private permit(point: CatalogPoint, wasCurrent: boolean): MaybePromise<CatalogPoint> {
    if (can(this.viewer, "catalog:read-upcoming")) return point;
    return andThen(wasCurrent ? { number: point.release } : this.releases.findReignAt(point.time), (currentThen) => {
      if (currentThen === null || !isPublicPoint(point, currentThen, this.now)) {
        throw new GraphQLError("This catalog point shows what was decided but not in force. It needs the permission catalog:read-upcoming.", {
          extensions: { code: "FORBIDDEN" },
        });
      }
      return point;
    });
  }
}

const NO_WISH = ".";

/** "2.1777593600000": release and milliseconds, either may be left out. Ids hold it, so it never changes its form. */
function writeWish({ release, time }: CatalogPointWish): string {
  return `${release ?? ""}.${time?.getTime() ?? ""}`;
}

/** The wish that an id holds, or null if it holds none that can be meant. */
export function readWish(text: string): CatalogPointWish | null {
  const match = /^(-?\d{1,10})?\.(-?\d{1,15})?$/.exec(text);
  if (!match || text === NO_WISH) return null;
  const wish = { release: match[1] === undefined ? null : Number(match[1]), time: match[2] === undefined ? null : new Date(Number(match[2])) };
  return writeWish(wish) === text && (wish.time === null || isInstant(wish.time)) && (wish.release ?? 0) <= MAX_INT ? wish : null;
}

const MAX_INT = 2 ** 31 - 1;
