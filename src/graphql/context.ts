import { GraphQLError } from "graphql";
import type { Logger } from "pino";
import type { Authentication, Credentials } from "../access/authentication.service.js";
import { KeysUnavailable } from "../access/tokens/keys-unavailable.js";
import type { Meter } from "../access/rate-limits/rate-limiter.service.js";
import type { Viewer } from "../access/viewer.js";
import { CatalogSession, type CatalogContext } from "../catalog/releases/graphql/catalog-session.js";
import type { HeadSource } from "../catalog/releases/head-source.js";
import type { SharedViews } from "../catalog/releases/graphql/shared-views.js";
import type { ReachFinder } from "../catalog/releases/reach.js";
import type { ReleaseRepository } from "../catalog/releases/release.repository.js";
import type { Clock } from "../platform/clock.js";
import { isDatabaseAway } from "../platform/database-away.js";
import { INTERNAL, UNAVAILABLE } from "./errors/errors.js";
import { newBudget, type ItemBudget } from "./limits/item-budget.js";

/** What every resolver of one request shares. */
export interface RequestContext extends CatalogContext {
  readonly requestId: string;
  readonly viewer: Viewer;
  readonly budget: ItemBudget;
  /** What was found out about the answer. */
  readonly outcome: { isReleased: boolean; isPlanned: boolean };
  /** Measures the request against the caller's rate limit; null = it has none. */
  readonly meter: Meter | null;
}

export interface ContextSources {
  readonly authentication: Authentication;
  readonly heads: HeadSource;
  readonly releases: ReleaseRepository;
  readonly findReach: ReachFinder;
  readonly sharedViews: SharedViews | null;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "error">;
}

/** Opens a request: who calls, and one session of the catalog pinned to this instant. Throws a uniform 401 for a bad credential. */
export async function openRequest(sources: ContextSources, requestId: string, credentials: Credentials): Promise<RequestContext> {
  const viewer = await findViewer(sources, requestId, credentials);
  if (viewer === null) {
    throw new GraphQLError("The credential is not valid.", {
      extensions: { code: "UNAUTHENTICATED", http: { status: 401, headers: new Map([["www-authenticate", "Bearer"]]) } },
    });
  }
  return newContext(sources, requestId, viewer);
}

export type CatalogSources = Pick<ContextSources, "heads" | "releases" | "findReach" | "sharedViews" | "clock">;

/** The same of a caller who is known. */
export function newContext(
  { heads, releases, findReach, sharedViews, clock }: CatalogSources,
  requestId: string,
  viewer: Viewer,
  meter: Meter | null = null,
): RequestContext {
  const catalog = new CatalogSession(heads, releases, viewer, clock.now(), findReach, sharedViews);
  return { requestId, viewer, budget: newBudget(), outcome: { isReleased: false, isPlanned: false }, meter, catalog };
}

/** Here nothing of a GraphQL answer exists yet, so what goes wrong is told as the status of the whole. */
async function findViewer({ authentication, logger }: ContextSources, requestId: string, credentials: Credentials): Promise<Viewer | null> {
  try {
    return await authentication.authenticate(credentials);
  } catch (error) {
    if (isDatabaseAway(error) || error instanceof KeysUnavailable)
      throw new GraphQLError(UNAVAILABLE.message, { extensions: { code: UNAVAILABLE.code, http: { status: 503 } } });
    logger.error({ err: error, requestId }, "a caller could not be looked up");
    throw new GraphQLError(INTERNAL.message, { extensions: { code: INTERNAL.code, requestId, http: { status: 500 } } });
  }
}
