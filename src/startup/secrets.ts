import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidConfig, type Config } from "../platform/config.js";
import { localSecret } from "../platform/local-secret.js";

/** Each kind of hash has a secret of its own, so that the one can be replaced without the other. */
const FILES = { apiKeyPepper: "api-key-pepper", codePepper: "code-pepper", quoteSigningKeys: "quote-signing-key" } as const;

type Pepper = "apiKeyPepper" | "codePepper";

/** The secret that keys the hashes of API keys or of unique codes: the configured one or, beside an embedded database, one of its own. */
export async function readPepper(config: Pick<Config, Pepper | "dataFolder">, which: Pepper): Promise<string> {
  return config[which] ?? localSecret(join(config.dataFolder, FILES[which]));
}

/** What quotes are signed with: the configured keys or, beside an embedded database, one of its own. */
export async function readQuoteKeys({ quoteSigningKeys, dataFolder }: Pick<Config, "quoteSigningKeys" | "dataFolder">): Promise<string> {
  return quoteSigningKeys ?? `local:${await localSecret(join(dataFolder, FILES.quoteSigningKeys))}`;
}

const VARIABLES = { apiKeyPepper: "API_KEY_PEPPER", codePepper: "CODE_PEPPER", quoteSigningKeys: "QUOTE_SIGNING_KEYS" } as const;

/** In production no secret may be one that lies in the data folder, where whoever tries the gateway out on this machine has it. */
export async function refuseLocalSecrets(config: Pick<Config, keyof typeof FILES | "dataFolder" | "production">): Promise<void> {
  if (!config.production) return;
  const problems: string[] = [];
  for (const which of ["apiKeyPepper", "codePepper", "quoteSigningKeys"] as const) {
    const local = await readFile(join(config.dataFolder, FILES[which]), "utf8").catch(() => "");
    const isLocal = local !== "" && [config.apiKeyPepper, config.codePepper, config.quoteSigningKeys].some((secret) => secret?.includes(local));
    if (isLocal) problems.push(`${VARIABLES[which]}: is the one of DATA_FOLDER, which is for trying things out; make one with: openssl rand -hex 32`);
  }
  if (problems.length > 0) throw new InvalidConfig(problems);
}

/** Every secret that the configuration has, alone and as part of what it was given in. */
export function secretsOf({ databaseUrl, apiKeyPepper, codePepper, quoteSigningKeys }: Config): string[] {
  const seeds = (quoteSigningKeys ?? "").split(",").map((key) => key.replace(/^.*:/, ""));
  return [databaseUrl, ...passwordsOf(databaseUrl), apiKeyPepper, codePepper, quoteSigningKeys, ...seeds].filter((secret): secret is string => Boolean(secret));
}

function passwordsOf(databaseUrl: string | null): string[] {
  if (databaseUrl === null || !URL.canParse(databaseUrl)) return [];
  const { password, searchParams } = new URL(databaseUrl);
  return [password, decode(password), ...searchParams.getAll("password")];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // An escape that is none stands for itself.
  }
}
