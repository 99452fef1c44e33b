import { ApiKeyService } from "../../src/access/api-keys/api-key.service.js";
import { PgApiKeyRepository } from "../../src/access/api-keys/storage/pg-api-key.repository.js";
import { systemClock } from "../../src/platform/clock.js";
import type { Database } from "../../src/platform/database/database.js";

export const API_KEY_PEPPER = "a pepper for benchmarks, of no use elsewhere";

/** The key that every contender is called with. At the gateway it is that of a service: it reads, quotes and redeems. */
export async function makeCallerKey({ pool, prisma }: Database): Promise<string> {
  const service = new ApiKeyService(new PgApiKeyRepository(pool, prisma), API_KEY_PEPPER, systemClock);
  return (await service.create({ name: "bench", role: "service", expiresAt: null })).key;
}
