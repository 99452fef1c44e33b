import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import "reflect-metadata";
import { buildExplorerIfNeeded } from "../../../scripts/build-explorer.js";
import { generatePrismaClientIfNeeded } from "../../../scripts/prisma-generate.js";
import { makeTemporaryFolder } from "../../support/temporary-folder.js";

export interface ServerUnderTest {
  readonly url: string;
  /** A key that the server knows. */
  readonly apiKey: string;
  readonly close: () => Promise<void>;
}

/**
 * What the tests expect of the server: examples, a text in the first lines of the answer of each (the code editor draws
 * only the lines in view), and a type to look up.
 */
export const expected = {
  firstExample: { name: "PricingPage", answer: '"Sverige"' },
  otherExample: { title: "One plan in a market", name: "PlanInMarket", answer: '"premium-individual"' },
  type: { name: "Plan", description: "A sellable tier of a product, or an add-on." },
};

/** The one place that knows which server is tested: a whole gateway on the reference catalog. */
export async function startServer(): Promise<ServerUnderTest> {
  await generatePrismaClientIfNeeded();
  await buildExplorerIfNeeded({ log: console.log });
  const { startGateway } = await import("../../../src/startup/gateway.js");
  const folder = await makeTemporaryFolder();
  const said: string[] = [];
  const config = {
    production: false,
    host: "127.0.0.1",
    port: 0,
    databaseUrl: null,
    databasePoolSize: 4,
    memoryBytes: null,
    dataFolder: join(folder, "data"),
    apiKeyPepper: null,
    codePepper: null,
    quoteSigningKeys: null,
    tokenIssuers: null,
    corsOrigins: [],
    ...{
      trustProxy: null,
      rateLimit: null,
      trustedDocuments: [],
      releasePollMs: 1_000,
      keptAnswersBytes: null,
      repeatedRequestsBytes: null,
      cacheMaxAgeSeconds: 0,
    },
    compiledDocuments: 100,
    logLevel: "warn",
  };
  const gateway = await startGateway(config, { logger: pino({ level: "warn" }), say: (line) => said.push(line) });
  return {
    url: gateway.url,
    apiKey: /editor\s+(cgk_\S+)/.exec(said.join("\n"))?.[1] ?? "",
    close: async () => {
      await gateway.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
