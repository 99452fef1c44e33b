import type { HTTPGraphQLRequest } from "@apollo/server";
import type { FastifyRequest } from "fastify";
import type { CatalogSession } from "../../catalog/releases/graphql/catalog-session.js";
import { admit, type AdmissionSources, type Arrival } from "./admission.js";
import type { RequestContext } from "../context.js";
import type { OpenedRequest } from "./endpoint.js";
import type { EarlyRequests } from "../early/early-requests.js";
import { rateLimitHeaders } from "../limits/rate-limited.js";

/** Opens requests of callers who are known by their credentials and measured against their limits. */
export function arriveBy(
  sources: AdmissionSources,
  early: EarlyRequests | null,
): (request: FastifyRequest, graphql: HTTPGraphQLRequest) => OpenedRequest<RequestContext> {
  return (request, graphql) => {
    const watcher = early?.watcherOf(request.raw);
    let known: RequestContext | null = null;
    const { authorization, origin } = request.headers;
    const arrival: Arrival = { requestId: request.id, address: request.ip, credentials: { authorization, origin }, graphql, meter: null };
    return {
      context: async () => {
        const context = await admit(sources, arrival);
        // Apollo reads these two only after it has the context.
        graphql.body = arrival.graphql.body;
        graphql.search = arrival.graphql.search;
        known = context;
        return context;
      },
      headers: () => ({ ...(arrival.meter ? rateLimitHeaders(arrival.meter) : {}), ...releaseOf(known?.catalog) }),
      finish: watcher && ((answer) => watcher(known, answer)),
    };
  };
}

/** Nothing for a request that did not look at the catalog. */
function releaseOf(catalog: CatalogSession | undefined): Readonly<Record<string, string>> {
  const release = catalog?.release ?? null;
  return release === null ? {} : { "catalog-release": String(release) };
}
