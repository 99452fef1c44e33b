import { join } from "node:path";
import type { Logger } from "pino";
import { demoKeys } from "./demo-keys.js";
import { localIssuer, whyNoLocalIssuer } from "./local-issuer.js";
import { readPepper, readQuoteKeys, refuseLocalSecrets } from "./secrets.js";
import { readTokenIssuers } from "./token-issuers.js";
import { readTrustedDocuments } from "./trusted-documents.js";
import type { KeyRole } from "../access/permission.js";
import { DEFAULT_RATE_LIMITS, readRateLimits } from "../access/rate-limits/rate-limit.js";
import { createApp } from "../app.js";
import { loadReferenceCatalog } from "./reference-catalog.js";
import { systemClock } from "../platform/clock.js";
import type { Config } from "../platform/config.js";
import { openDatabase } from "../platform/database/open-database.js";
import { EXIT_CODE, OperatorError } from "../platform/operator-error.js";

const ROOT = join(import.meta.dirname, "..", "..");

export interface Gateway {
  readonly url: string;
  /** Finishes what is under way, then leaves the database. May be called again. */
  stop(): Promise<void>;
}

interface Surroundings {
  readonly logger: Logger;
  /** Shows a person one line. */
  readonly say: (line: string) => void;
}

/** Starts a whole gateway: database, first catalog, server; and says where it is. */
export async function startGateway(config: Config, { logger, say }: Surroundings): Promise<Gateway> {
  const issuers = readTokenIssuers(config.tokenIssuers);
  await refuseLocalSecrets(config);
  const { database, stop: leaveDatabase } = await openDatabase(config, {
    log: say,
    onConnectionLost: (err) => logger.warn({ err }, "lost a database connection"),
  });
  try {
    const isForTrying = config.databaseUrl === null && !config.production;
    if (isForTrying) await loadReferenceCatalog(database, { clock: systemClock, say });
    const hasLocalIssuer = whyNoLocalIssuer(config) === null;
    const app = await createApp({
      database,
      apiKeyPepper: await readPepper(config, "apiKeyPepper"),
      codePepper: await readPepper(config, "codePepper"),
      quoteSigningKeys: await readQuoteKeys(config),
      tokenIssuers: hasLocalIssuer ? [...issuers, await localIssuer(config.dataFolder)] : issuers,
      clock: systemClock,
      logger,
      explorerFolder: join(ROOT, "dist", "explorer"),
      corsOrigins: config.corsOrigins,
      rateLimits: config.rateLimit === null ? DEFAULT_RATE_LIMITS : readRateLimits(config.rateLimit),
      trustedDocuments: await readTrustedDocuments(config.trustedDocuments),
      trustProxy: config.trustProxy,
      currentRelease: config.releasePollMs === 0 ? null : { pollMs: config.releasePollMs },
      finishedAnswers: config.keptAnswersBytes === null ? null : { bytes: config.keptAnswersBytes, maxAgeSeconds: config.cacheMaxAgeSeconds },
      repeatedRequests: config.repeatedRequestsBytes === null ? null : { bytes: config.repeatedRequestsBytes },
      memory: config.memoryBytes === null ? null : { bytes: config.memoryBytes },
      compiled: config.compiledDocuments === 0 ? null : { documents: config.compiledDocuments },
    });
    const { url } = await listen(app, config);
    const keys = isForTrying ? await demoKeys(app.apiKeys, config.dataFolder) : new Map<KeyRole, string>();
    say(banner(url, keys, hasLocalIssuer));
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      await app.close(config.production ? DRAIN_MS : ARRIVE_MS);
      await leaveDatabase();
    };
    return { url, stop: () => (stopped ??= stop()) };
  } catch (error) {
    await leaveDatabase();
    throw error;
  }
}

/** How long load balancers get to see that this gateway is not ready any more. */
const DRAIN_MS = 5_000;
/** How long requests get to arrive that were sent before anybody could know. */
const ARRIVE_MS = 200;

async function listen(app: Awaited<ReturnType<typeof createApp>>, { host, port }: Config): Promise<{ url: string }> {
  try {
    return await app.listen(host, port);
  } catch (error) {
    await app.close();
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "EADDRINUSE")
      throw new OperatorError(`Port ${port} is taken by another program. Choose one with PORT=4001, or PORT=0 for any that is free.`, EXIT_CODE.CONFIG);
    if (error.code === "EACCES" || error.code === "EADDRNOTAVAIL")
      throw new OperatorError(`Cannot listen on ${host}, port ${port}: ${error.message}. Choose others with HOST and PORT.`, EXIT_CODE.CONFIG);
    throw error;
  }
}

function banner(url: string, keys: ReadonlyMap<KeyRole, string>, hasLocalIssuer: boolean): string {
  const query = '{ comparePlans(market: \\"se\\", product: \\"music\\") { plans { plan { name } prices { interval amount { formatted } } } } }';
  return [
    "",
    "catalog-gateway is ready.",
    "",
    `  API       ${url}/graphql`,
    `  Explorer  ${url}/explorer/`,
    "",
    ...(keys.size === 0
      ? []
      : [
          "  Without a key you are anonymous and see what is on sale. Keys to try other roles with:",
          ...[...keys].map(([role, key]) => `    ${role.padEnd(9)} ${key}`),
          "",
        ]),
    ...(hasLocalIssuer ? ["  A token, to be one of the customers:", "    npm run -s catalog -- token --role customer --customer alice", ""] : []),
    "  Try it:",
    `    curl -s ${url}/graphql -H 'content-type: application/json' \\`,
    `      -d '{"query":"${query}"}'`,
    "",
    "  Stop with Ctrl-C.",
  ].join("\n");
}
