import { GraphQLError } from "graphql";
import type { ApiKeyService } from "../access/api-key.service.js";
import type { Viewer } from "../access/viewer.js";
import { CatalogSession, type CatalogContext } from "../catalog/releases/graphql/catalog-session.js";
import type { ReleaseRepository } from "../catalog/releases/release.repository.js";
import type { Clock } from "../platform/clock.js";

/** What every resolver of one request shares. */
export interface RequestContext extends CatalogContext {
  readonly requestId: string;
  readonly viewer: Viewer;
}

export interface ContextSources {
  readonly apiKeys: ApiKeyService;
  readonly releases: ReleaseRepository;
  readonly clock: Clock;
}

/** Opens a request: who calls, and one session of the catalog pinned to this instant. Throws a uniform 401 for a bad credential. */
export async function openRequest(sources: ContextSources, requestId: string, authorization: string | undefined): Promise<RequestContext> {
  const viewer = await sources.apiKeys.authenticate(authorization);
  if (viewer === null) {
    throw new GraphQLError("The credential is not valid.", {
      extensions: { code: "UNAUTHENTICATED", http: { status: 401, headers: new Map([["www-authenticate", "Bearer"]]) } },
    });
  }
  return { requestId, viewer, catalog: new CatalogSession(sources.releases, viewer, sources.clock.now()) };
}
