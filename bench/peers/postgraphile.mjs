import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { callers } from "./caller.mjs";

/** PostGraphile over the tables as they are. It gives no settings to the database, so each request is spared a transaction of its own. */

/** @param {{ databaseUrl: string, key: string, poolSize: number }} options */
export async function start({ databaseUrl, key, poolSize }) {
  const callerOf = callers(key);
  const pgl = postgraphile({
    extends: [PostGraphileAmberPreset],
    pgServices: [makePgService({ connectionString: databaseUrl, schemas: ["peer"], poolConfig: { max: poolSize } })],
    grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
    grafast: {
      explain: false,
      context: ({ node }) => ({ viewer: callerOf(node?.req.headers.authorization) }),
    },
  });
  const service = pgl.createServ(grafserv);
  const server = createServer();
  server.on("error", (error) => {
    throw error;
  });
  await service.addTo(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/graphql` };
}
