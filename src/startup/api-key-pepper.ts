import { join } from "node:path";
import type { Config } from "../platform/config.js";
import { localSecret } from "../platform/local-secret.js";

/** The secret that keys the hashes of API keys: the configured one or, beside an embedded database, one of its own. */
export async function readPepper({ apiKeyPepper, dataFolder }: Pick<Config, "apiKeyPepper" | "dataFolder">): Promise<string> {
  return apiKeyPepper ?? localSecret(join(dataFolder, "api-key-pepper"));
}
