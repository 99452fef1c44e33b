import { ApolloServer, type ApolloServerOptions, type BaseContext } from "@apollo/server";
import { defineIntegrationTestSuite, type CreateServerForIntegrationTests } from "@apollo/server-integration-testsuite";
import { pino } from "pino";
import { drainWith } from "../../src/graphql/apollo.js";
import { addGraphqlEndpoint } from "../../src/graphql/arrival/endpoint.js";
import { createHttpServer } from "../../src/platform/http/http-server.js";

/** Apollo's servers, as the suite configures them, behind the HTTP server and the endpoint that the gateway has. */
async function createServer(config: ApolloServerOptions<BaseContext>, options?: { context?: () => Promise<BaseContext> }) {
  const server = createHttpServer(pino({ level: "silent" }));
  const apollo = new ApolloServer({ ...config, plugins: [...(config.plugins ?? []), ...drainWith(server)] });
  await apollo.start();
  await addGraphqlEndpoint(server, apollo, {
    path: "/",
    corsOrigins: [],
    open: () => ({ context: options?.context ?? (async () => ({})), headers: () => ({}) }),
  });
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  return { server: apollo, url, extraCleanup: () => server.close() };
}

// The suite may bring types of a copy of Apollo Server; at run time there is one, which its first test makes sure of.
defineIntegrationTestSuite(createServer as unknown as CreateServerForIntegrationTests);
