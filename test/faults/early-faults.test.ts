import { pino } from "pino";
import { expect, test } from "vitest";
import { ANONYMOUS } from "../../src/access/viewer.js";
import { EarlyRequests } from "../../src/graphql/early/early-requests.js";
import { KnownHeaders } from "../../src/graphql/early/known-headers.js";
import { systemClock } from "../../src/platform/clock.js";
import { HTTP_LIMITS } from "../../src/platform/http/http-limits.js";
import { createHttpServer } from "../../src/platform/http/http-server.js";

const BODY = JSON.stringify({ query: "{ __typename }" });

/** Nothing is above the early way that would catch what is thrown there: a request would end the process, and all others with it. */
test.for<[string, Partial<ConstructorParameters<typeof EarlyRequests>[0]>]>([
  ["at once", { authentication: { recall: () => thrown(), isStillGood: () => thrown() } }],
  ["later", { releaseFor: () => Promise.resolve(1), planned: { find: () => thrown(), answer: () => thrown() } as never }],
  ["by a promise", { planned: { find: () => ({}), answer: () => Promise.reject(new Error("a fault")) } as never }],
])("a fault on the early way, thrown %s, leaves the request to the server proper", async ([, faulty]) => {
  const logged: string[] = [];
  const logger = pino({ level: "error" }, { write: (line: string) => void logged.push(line) });
  const early = new EarlyRequests({
    ...{
      path: "/graphql",
      limits: HTTP_LIMITS,
      authentication: { recall: () => ANONYMOUS, isStillGood: () => true },
      limiter: null,
      releaseFor: () => 1,
      addressOf: () => "",
    },
    ...{ corsOrigins: [], isDraining: () => false, clock: systemClock, logger, kept: null, planned: null, headers: new KnownHeaders() },
    ...faulty,
  });
  const server = createHttpServer(logger, { front: early });
  server.post("/graphql", async (request) => ({ received: request.body }));
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  try {
    const response = await fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json" }, body: BODY });
    expect(await response.json()).toEqual({ received: JSON.parse(BODY) });
    expect(logged.join("")).toContain("a request could not be answered early");
  } finally {
    await server.close();
  }
});

function thrown(): never {
  throw new Error("a fault");
}
