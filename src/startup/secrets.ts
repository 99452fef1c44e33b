import { join } from "node:path";
import type { Config } from "../platform/config.js";
import { localSecret } from "../platform/local-secret.js";

/** Each kind of hash has a secret of its own, so that the one can be replaced without the other. */
const FILES = { apiKeyPepper: "api-key-pepper", codePepper: "code-pepper" } as const;

type Pepper = keyof typeof FILES;

/** The secret that keys the hashes of API keys or of unique codes: the configured one or, beside an embedded database, one of its own. */
export async function readPepper(config: Pick<Config, Pepper | "dataFolder">, which: Pepper): Promise<string> {
  return config[which] ?? localSecret(join(config.dataFolder, FILES[which]));
}

/** What quotes are signed with: the configured keys or, beside an embedded database, one of its own. */
export async function readQuoteKeys({ quoteSigningKeys, dataFolder }: Pick<Config, "quoteSigningKeys" | "dataFolder">): Promise<string> {
  return quoteSigningKeys ?? `local:${await localSecret(join(dataFolder, "quote-signing-key"))}`;
}
