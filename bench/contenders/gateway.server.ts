import "reflect-metadata";
import type { RateLimit } from "../../src/access/rate-limits/rate-limit.js";
import { createApp } from "../../src/app.js";
import { systemClock } from "../../src/platform/clock.js";
import { connectDatabase } from "../../src/platform/database/database.js";
import { createLogger } from "../../src/platform/logging/logger.js";
import { redactor } from "../../src/platform/logging/redaction.js";
import type { ServerOptions } from "./contender.js";
import { API_KEY_PEPPER } from "./caller-key.js";

/** Counted like any other, and never reached. */
const OUT_OF_REACH: RateLimit = { perSecond: 1e9, burst: 1e10 };

/** @param options `parts` goes to `createApp` as it is. */
export async function start({ databaseUrl, poolSize, options }: ServerOptions): Promise<{ url: string }> {
  const app = await createApp({
    database: connectDatabase({ url: databaseUrl, maxConnections: poolSize, readConnections: Math.floor(poolSize / 2) }),
    ...{ clock: systemClock, explorerFolder: "none is built for this" },
    ...{ apiKeyPepper: API_KEY_PEPPER, codePepper: API_KEY_PEPPER, quoteSigningKeys: `bench:${"07".repeat(32)}` },
    logger: createLogger("warn", redactor([])),
    rateLimits: { anonymous: OUT_OF_REACH, customer: OUT_OF_REACH, credential: OUT_OF_REACH, service: OUT_OF_REACH },
    ...(options["parts"] as object), // Comes from the list of variants.
  });
  const { url } = await app.listen("127.0.0.1", 0);
  return { url: `${url.replace("localhost", "127.0.0.1")}/graphql` };
}
