import { HeaderMap, type ApolloServer, type HTTPGraphQLRequest } from "@apollo/server";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Readable } from "node:stream";
import type { Meter } from "../access/rate-limiter.service.js";
import { admit, type AdmissionSources, type Arrival } from "./admission.js";
import type { RequestContext } from "./context.js";

/** Answers GraphQL over HTTP, and says with every answer what the caller has left. */
export function graphqlHandler(
  apollo: ApolloServer<RequestContext>,
  sources: AdmissionSources,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  return async (request, reply) => {
    const { authorization, origin } = request.headers;
    const arrival: Arrival = {
      ...{ requestId: request.id, address: request.ip, credentials: { authorization, origin } },
      ...{ graphql: toGraphQLRequest(request), meter: null },
    };
    const { graphql } = arrival;
    const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: graphql,
      context: async () => {
        const context = await admit(sources, arrival);
        // Apollo reads these two only after it has the context.
        graphql.body = arrival.graphql.body;
        graphql.search = arrival.graphql.search;
        return context;
      },
    });
    for (const [name, value] of headers) reply.header(name, value);
    if (arrival.meter) tellLimit(reply, arrival.meter);
    return reply.code(status ?? 200).send(body.kind === "complete" ? body.string : Readable.from(body.asyncIterator));
  };
}

function toGraphQLRequest({ method, headers, body, url }: FastifyRequest): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(", ") : value);
  const question = url.indexOf("?");
  return { method: method.toUpperCase(), headers: map, search: question < 0 ? "" : url.slice(question), body };
}

/** As structured fields, in the words of the draft "RateLimit header fields for HTTP": what there is at all, what is left, and when all of it is back. */
function tellLimit(reply: FastifyReply, meter: Meter): void {
  const { burst, perSecond } = meter.limit;
  const { remaining, resetInMs } = meter.state();
  reply.header("ratelimit-policy", `"${meter.name}";q=${burst};qu="points";w=${Math.ceil(burst / perSecond)}`);
  reply.header("ratelimit", `"${meter.name}";r=${remaining};t=${Math.ceil(resetInMs / 1_000)}`);
}
