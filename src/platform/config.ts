import { isIP } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";
import { readVariableFiles, type ReadText } from "./variable-files.js";
import { passwordWeaknessOf, weaknessOf } from "./weak-secret.js";

/** Points a second, and the burst: how many at once. */
const RATE_LIMIT = /^(anonymous|customer|credential|service)=(off|[1-9]\d{0,8}\/[1-9]\d{0,8})$/;

function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const maxBits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && maxBits > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= maxBits));
}

const PEPPER = z.string().min(32, "must have at least 32 characters");
/** A server outlives this machine, so what is hashed in it must not depend on a file of this machine. */
const NEEDED_WITH_A_SERVER = {
  API_KEY_PEPPER: "at least 32 random characters, the same for every gateway (try: openssl rand -hex 32)",
  CODE_PEPPER: "at least 32 random characters, the same for every gateway (try: openssl rand -hex 32)",
  QUOTE_SIGNING_KEYS: 'the same for every gateway (try: echo "$(date +%Y%m):$(openssl rand -hex 32)")',
} as const;

/**
 * Everything the gateway reads from its environment, in one place. `.env.example` lists the same names; a test holds the
 * two together. Messages name variables, never their values: some of them are secrets.
 */
const environmentSchema = z.object({
  /** "production" turns off what only helps while trying things out: demo keys, the embedded database, the reference catalog. */
  NODE_ENV: z.enum(["production", "development", "test"]).optional(),
  HOST: z.string().min(1).default("127.0.0.1"),
  /** 0 = any free port. */
  PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  /** A PostgreSQL 18 server; without it an embedded one runs in DATA_FOLDER. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgresql://")
    .optional(),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(10),
  /** How much of the catalog is held in memory at most. */
  MEMORY_MB: z.coerce.number().int().min(0).max(1_000_000).default(512),
  DATA_FOLDER: z.string().min(1).default("data"),
  /** Keys the hashes of API keys, so that a stolen table cannot be tried offline. */
  API_KEY_PEPPER: PEPPER.optional(),
  /** Keys the hashes of unique codes, for the same reason. Codes made with another one are not found. */
  CODE_PEPPER: PEPPER.optional(),
  /** What quotes are signed with: "id:seed,id:seed", seeds of 32 bytes in hexadecimal. The first signs, all of them verify. */
  QUOTE_SIGNING_KEYS: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,40}:[0-9a-f]{64}(,[A-Za-z0-9._-]{1,40}:[0-9a-f]{64})*$/, "must be id:seed,id:seed with seeds of 64 hexadecimal digits")
    .refine((text) => new Set(text.split(",").map((key) => key.replace(/:.*/, ""))).size === text.split(",").length, "must give each id once")
    .optional(),
  /** Who may say by tokens who calls, as JSON. What it must look like is no matter of the platform: see the checks of `readConfig`. */
  TOKEN_ISSUERS: z.string().optional(),
  /** Pages of these origins may call from a browser. Whole origins, since a pattern lets in what nobody thought of. */
  CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(",").map((origin) => origin.trim()))
    .refine((origins) => origins.every(isOrigin), "must be origins as browsers name them, like https://shop.example, with commas between them")
    .optional(),
  /** Whose word is taken for where a request comes from: addresses and networks of proxies, or how many proxies there are. */
  TRUST_PROXY: z
    .string()
    .refine((text) => /^[1-9]$/.test(text) || text.split(",").every(isNetwork), "must be a number of proxies, or addresses and networks like 10.0.0.0/8,::1")
    .optional(),
  /** How many points of cost each kind of caller may ask for: "kind=points a second/burst", or "kind=off"; "off" alone is for all. */
  RATE_LIMIT: z
    .string()
    .refine((text) => text === "off" || text.split(",").every((part) => RATE_LIMIT.test(part)), "must be off, or like anonymous=10000/200000,service=off")
    .optional(),
  /** Files of trusted documents. With them, callers without the permission documents:any may send no other. */
  TRUSTED_DOCUMENTS: z.string().optional(),
  /** How long a release that nobody told of may go unseen; 0 = no request goes by what is known, each asks the database. */
  RELEASE_POLL_MS: z.coerce.number().int().min(0).max(60_000).default(1_000),
  /** How much whole answers may take that are sent again as they are; 0 = none are kept. */
  KEPT_ANSWERS_MB: z.coerce.number().int().min(0).max(100_000).default(64),
  REPEATED_REQUESTS_MB: z.coerce.number().int().min(0).max(100_000).default(32),
  /** For how long browsers and CDNs may keep an answer to a GET without asking whether it is still good. */
  CACHE_MAX_AGE_SECONDS: z.coerce.number().int().min(0).max(31_536_000).default(0),
  /** Of how many queries plans are kept, by which they are answered from the second time on; 0 = of none. */
  COMPILED_DOCUMENTS: z.coerce.number().int().min(0).max(100_000).default(1_000),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).optional(),
});

export const ENVIRONMENT_NAMES: readonly string[] = Object.keys(environmentSchema.shape);

export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Null = embedded. */
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  /** Null = nothing of the catalog is held in memory. */
  readonly memoryBytes: number | null;
  readonly dataFolder: string;
  /** Null = one is made and kept in the data folder, which only an embedded database has. */
  readonly apiKeyPepper: string | null;
  /** Null = the same. */
  readonly codePepper: string | null;
  /** Null = the same. */
  readonly quoteSigningKeys: string | null;
  /** Null = no token is good. */
  readonly tokenIssuers: string | null;
  readonly corsOrigins: readonly string[];
  /** Null = of nobody. */
  readonly trustProxy: string | number | null;
  /** As it was given; null = the defaults. */
  readonly rateLimit: string | null;
  readonly trustedDocuments: readonly string[];
  /** 0 = the current release is asked for by every request. */
  readonly releasePollMs: number;
  /** Null = no answers are kept. */
  readonly keptAnswersBytes: number | null;
  /** Of requests that are known by their bytes; null = every request is parsed. */
  readonly repeatedRequestsBytes: number | null;
  readonly cacheMaxAgeSeconds: number;
  /** 0 = nothing is compiled. */
  readonly compiledDocuments: number;
  readonly logLevel: string;
}

export class InvalidConfig extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.name = "InvalidConfig";
  }
}

/** Problems of variables that are set, from whoever knows more of what they mean than the platform does. */
export type ConfigCheck = (given: Readonly<Partial<Record<string, string>>>) => readonly string[];

export interface ReadConfigOptions {
  readonly checks?: readonly ConfigCheck[];
  /** How files are read that variables name. */
  readonly readText?: ReadText;
}

/**
 * Reads the configuration, or throws `InvalidConfig` with all problems at once. An empty variable counts as unset. Every
 * NAME may also be given as NAME_FILE, the path of a file that has it.
 */
export function readConfig(environment: NodeJS.ProcessEnv, { checks = [], readText }: ReadConfigOptions = {}): Config {
  const { values: given, problems } = readVariableFiles(environment, ENVIRONMENT_NAMES, readText);
  const parsed = environmentSchema.safeParse(given);
  problems.push(...(parsed.error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message.replace(/, received .*$/, "")}`) ?? []));
  const production = given["NODE_ENV"] === "production";
  if (production && !given["DATABASE_URL"] && !environment["DATABASE_URL_FILE"])
    problems.push("DATABASE_URL: needed in production; the embedded database is for trying things out");
  for (const [name, hint] of Object.entries(NEEDED_WITH_A_SERVER)) {
    // One that is given but cannot be had is a problem already.
    if (given["DATABASE_URL"] && !given[name] && !environment[`${name}_FILE`]) problems.push(`${name}: needed with DATABASE_URL, ${hint}`);
  }
  problems.push(...checks.flatMap((check) => check(given)));
  if (production) problems.push(...weakSecrets(given));
  if (!parsed.success || problems.length > 0) throw new InvalidConfig(problems);
  const { data } = parsed;
  return {
    production,
    host: data.HOST,
    port: data.PORT,
    databaseUrl: data.DATABASE_URL ?? null,
    databasePoolSize: data.DATABASE_POOL_SIZE,
    memoryBytes: data.MEMORY_MB === 0 ? null : data.MEMORY_MB * BYTES_PER_MB,
    dataFolder: resolve(data.DATA_FOLDER),
    apiKeyPepper: data.API_KEY_PEPPER ?? null,
    codePepper: data.CODE_PEPPER ?? null,
    quoteSigningKeys: data.QUOTE_SIGNING_KEYS ?? null,
    tokenIssuers: data.TOKEN_ISSUERS ?? null,
    corsOrigins: data.CORS_ORIGINS ?? [],
    trustProxy: data.TRUST_PROXY === undefined ? null : /^\d$/.test(data.TRUST_PROXY) ? Number(data.TRUST_PROXY) : data.TRUST_PROXY,
    rateLimit: data.RATE_LIMIT ?? null,
    trustedDocuments: data.TRUSTED_DOCUMENTS?.split(",").map((file) => resolve(file.trim())) ?? [],
    releasePollMs: data.RELEASE_POLL_MS,
    keptAnswersBytes: data.KEPT_ANSWERS_MB === 0 ? null : data.KEPT_ANSWERS_MB * BYTES_PER_MB,
    repeatedRequestsBytes: data.REPEATED_REQUESTS_MB === 0 ? null : data.REPEATED_REQUESTS_MB * BYTES_PER_MB,
    cacheMaxAgeSeconds: data.CACHE_MAX_AGE_SECONDS,
    compiledDocuments: data.COMPILED_DOCUMENTS,
    // Someone trying things out reads the banner; a service is read by its log.
    logLevel: data.LOG_LEVEL ?? (production ? "info" : "warn"),
  };
}

const BYTES_PER_MB = 1024 * 1024;

function isOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** What makes secrets that have the right form easy to guess, or one of them tell another. */
function weakSecrets(given: Readonly<Record<string, string>>): string[] {
  const secrets = [
    ...["API_KEY_PEPPER", "CODE_PEPPER"].map((name) => ({ name, secret: given[name] ?? "" })),
    ...(given["QUOTE_SIGNING_KEYS"] ?? "").split(",").map((key) => ({ name: "QUOTE_SIGNING_KEYS", secret: key.replace(/^.*:/, "") })),
  ].filter(({ secret }) => secret !== "");
  const password = passwordWeaknessOf(given["DATABASE_URL"] ?? "");
  const problems = secrets.flatMap(({ name, secret }, index) => {
    const weakness = weaknessOf(secret);
    if (weakness !== null) return [`${name}: ${weakness}; make one with: openssl rand -hex 32`];
    const other = secrets.slice(0, index).find((one) => one.secret === secret);
    return other ? [`${name}: is the same as ${other.name}; each needs one of its own`] : [];
  });
  return password === null ? problems : [`DATABASE_URL: ${password}`, ...problems];
}
