import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vitest/config";

const require = createRequire(import.meta.url);

// graphql has an ESM and a CommonJS copy. Our sources would get the one and packages the other, and types of two copies
// do not know each other ("another module or realm").
const alias = [{ find: /^graphql$/, replacement: require.resolve("graphql") }];

function project(name: string, testTimeout: number) {
  return { resolve: { alias }, test: { name, setupFiles: ["reflect-metadata"], include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: 120_000 } };
}

const APOLLO_SUITE = "@apollo/server-integration-testsuite";

/** Apollo's suite brings a copy of Apollo Server and expects Jest: it gets our server, which it is to test, and Vitest. */
function oneApolloServer(): Plugin {
  const root = fileURLToPath(import.meta.url);
  return {
    name: "one-apollo-server",
    enforce: "pre",
    resolveId(source) {
      if (source === "@jest/globals") return fileURLToPath(new URL("./test/support/jest-globals.ts", import.meta.url));
      return /^@apollo\/server(\/|$)/.test(source) ? this.resolve(source, root, { skipSelf: true }) : null;
    },
  };
}

export default defineConfig({
  test: {
    // One PostgreSQL for all projects that keep something; starts nothing when only the others are run.
    globalSetup: ["test/support/global-setup.ts"],
    maxWorkers: 2,
    projects: [
      project("domain", 20_000),
      project("storage", 60_000),
      project("api", 60_000),
      project("architecture", 60_000),
      // Kills, waits and starts servers of its own.
      project("faults", 120_000),
      {
        plugins: [oneApolloServer()],
        resolve: { alias },
        test: { name: "integration", include: ["test/integration/**/*.test.ts"], testTimeout: 20_000, server: { deps: { inline: [APOLLO_SUITE] } } },
      },
    ],
  },
});
