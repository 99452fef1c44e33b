import { fastifyCors } from "@fastify/cors";
import type { FastifyInstance, RawServerDefault } from "fastify";

const ALLOWED_HEADERS = ["authorization", "content-type", "apollo-require-preflight", "x-apollo-operation-name", "catalog-consistency", "catalog-min-release"];
const EXPOSED_HEADERS = ["x-request-id", "retry-after", "ratelimit", "ratelimit-policy", "catalog-release"];
/** How long a browser may remember that it may ask. Browsers cap it themselves, at two hours or less. */
const MAX_AGE_SECONDS = 7_200;

/**
 * Lets pages of these origins, and of no other, read what this scope of the server answers. Credentials of the browser
 * (cookies, certificates) are never asked for: a page shows a token that it holds itself.
 */
export async function allowOrigins(scope: FastifyInstance<RawServerDefault>, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  const allowed = {
    origin: [...origins],
    methods: ["GET", "POST"],
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: MAX_AGE_SECONDS,
    credentials: false,
  };
  await scope.register(fastifyCors, {
    delegator: ({ method, headers }, answer) => {
      const isPreflight = headers.origin !== undefined && headers["access-control-request-method"] !== undefined;
      // OPTIONS is a method like any other unless a browser asks with it; then it is told what a listed origin may do, or nothing.
      const asks = method !== "OPTIONS" || (isPreflight && origins.includes(headers.origin ?? ""));
      answer(null, asks ? allowed : { origin: false });
    },
  });
}
