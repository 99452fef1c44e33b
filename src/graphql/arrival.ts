import type { HTTPGraphQLRequest } from "@apollo/server";
import type { FastifyRequest } from "fastify";
import type { Meter } from "../access/rate-limits/rate-limiter.service.js";
import type { CatalogSession } from "../catalog/releases/graphql/catalog-session.js";
import { admit, type AdmissionSources, type Arrival } from "./admission.js";
import type { RequestContext } from "./context.js";
import type { OpenedRequest } from "./endpoint.js";

/** Opens requests of callers who are known by their credentials and measured against their limits. */
export function arriveBy(sources: AdmissionSources): (request: FastifyRequest, graphql: HTTPGraphQLRequest) => OpenedRequest<RequestContext> {
  return (request, graphql) => {
    const { authorization, origin } = request.headers;
    const arrival: Arrival = { requestId: request.id, address: request.ip, credentials: { authorization, origin }, graphql, meter: null };
    let catalog: CatalogSession | null = null;
    return {
      context: async () => {
        const context = await admit(sources, arrival);
        catalog = context.catalog;
        // Apollo reads these two only after it has the context.
        graphql.body = arrival.graphql.body;
        graphql.search = arrival.graphql.search;
        return context;
      },
      headers: () => ({ ...(arrival.meter ? limitOf(arrival.meter) : {}), ...releaseOf(catalog) }),
    };
  };
}

/** As structured fields, in the words of the draft "RateLimit header fields for HTTP": what there is at all, what is left, and when all of it is back. */
function limitOf(meter: Meter): Readonly<Record<string, string>> {
  const { burst, perSecond } = meter.limit;
  const { remaining, resetInMs } = meter.state();
  return {
    "ratelimit-policy": `"${meter.name}";q=${burst};qu="points";w=${Math.ceil(burst / perSecond)}`,
    ratelimit: `"${meter.name}";r=${remaining};t=${Math.ceil(resetInMs / 1_000)}`,
  };
}

/** Nothing for a request that did not look at the catalog. */
function releaseOf(catalog: CatalogSession | null): Readonly<Record<string, string>> {
  const release = catalog?.release ?? null;
  return release === null ? {} : { "catalog-release": String(release) };
}
