import type { FastifyInstance, RawServerDefault } from "fastify";

export interface Readiness {
  /** Names of what is not ready; empty = ready. */
  check(): Promise<readonly string[]>;
}

/** `/healthz`: the process runs. `/readyz`: it should be sent requests. Liveness asks nothing of the database: a restart would not mend that. */
export function addHealth(server: FastifyInstance<RawServerDefault>, readiness: Readiness): void {
  server.get("/healthz", async (_request, reply) => reply.header("cache-control", "no-store").send({ status: "ok" }));
  server.get("/readyz", async (_request, reply) => {
    const missing = await readiness.check();
    return reply
      .code(missing.length === 0 ? 200 : 503)
      .header("cache-control", "no-store")
      .send({ status: missing.length === 0 ? "ready" : "not ready", missing });
  });
}
