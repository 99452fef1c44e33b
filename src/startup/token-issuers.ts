import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { isCustomerPrefix } from "../access/customer-reach.js";
import { TOKEN_ROLES } from "../access/permission.js";
import { readType, TOKEN_ALGORITHMS, type ClaimMapping, type KeyLocation, type TokenIssuer } from "../access/tokens/token-issuer.js";
import { parseUnambiguous } from "../access/tokens/unambiguous-json.js";
import { isCatalogKey } from "../kernel/key.js";
import { InvalidConfig, type ConfigCheck } from "../platform/config.js";
import { LOCAL_ISSUER } from "./local-issuer.js";

const VARIABLE = "TOKEN_ISSUERS";

const name = z.string().min(1).max(255);
const role = z.enum(TOKEN_ROLES, `must be one of ${TOKEN_ROLES.join(", ")}`);
/** Names may hold dots, as "https://acme.example/roles" does, so a path through objects is a list. */
const claim = z
  .union([name, z.array(name).min(1).max(5)], "must be the name of a claim, or a list of the names that lead to it")
  .transform((path) => (typeof path === "string" ? [path] : path));
const keys = z.strictObject({
  claim: claim.optional(),
  optional: z.boolean().optional(),
  fixed: z.array(z.string().refine(isCatalogKey, "must be a key of the catalog")).min(1).max(500).optional(),
});
const prefix = z.strictObject({
  claim: claim.optional(),
  optional: z.boolean().optional(),
  append: z.string().max(10).optional(),
  fixed: z.string().refine(isCustomerPrefix, "must begin ids of customers and end with a separator, like acme:").optional(),
});

const issuerSchema = z.strictObject({
  issuer: name.refine((text) => text !== LOCAL_ISSUER, "is the gateway's own, for trying things out"),
  audience: z.union([name, z.array(name).min(1).max(20)], "must be a text or a list of texts").transform((audience) => [audience].flat()),
  algorithms: z.array(z.enum(TOKEN_ALGORITHMS, `must be one of ${TOKEN_ALGORITHMS.join(", ")}`)).min(1),
  types: z.array(name.transform(readType)).min(1),
  jwks: z.string().transform((text, context) => {
    const location = readLocation(text);
    if (typeof location !== "string") return location;
    context.addIssue({ code: "custom", message: location });
    return z.NEVER;
  }),
  clockToleranceSeconds: z.number().int().min(0).max(60).default(5),
  maxTokenAgeSeconds: z.number().int().min(1).optional(),
  claims: z.strictObject({
    roles: z.strictObject({
      claim: claim.optional(),
      values: z.record(name, role).optional(),
      fixed: z.array(role).min(1).optional(),
    }),
    customer: claim.optional(),
    customerPrefix: prefix.optional(),
    markets: keys.optional(),
    products: keys.optional(),
  }),
});

type IssuerDocument = z.infer<typeof issuerSchema>;

/** The issuers of a configuration, each `iss` once. Throws `InvalidConfig` with all problems at once. */
export function readTokenIssuers(text: string | null): readonly TokenIssuer[] {
  if (text === null) return [];
  const read = parse(text);
  if (read.problems.length > 0) throw new InvalidConfig(read.problems);
  return read.issuers.map(toIssuer);
}

/** For `readConfig`, so that what is wrong with issuers is told together with all else. */
export const checkTokenIssuers: ConfigCheck = ({ [VARIABLE]: text }) => (text === undefined ? [] : parse(text).problems);

function parse(text: string): { readonly issuers: readonly IssuerDocument[]; readonly problems: readonly string[] } {
  let document: unknown;
  try {
    document = parseUnambiguous(text);
  } catch {
    return { issuers: [], problems: [`${VARIABLE}: must be JSON that names nothing twice`] };
  }
  const parsed = z.array(issuerSchema, "must be a list of issuers").safeParse(document);
  const problems = parsed.error?.issues.map(({ path, message }) => problem(path, message.replace(/, received .*$/, ""))) ?? [];
  // Told beside what zod finds, which would keep them back until all else is mended.
  const shapes = z.array(z.unknown()).safeParse(document).data ?? [];
  return { issuers: parsed.data ?? [], problems: [...problems, ...checkTogether(shapes)] };
}

const loose = z.looseObject({
  issuer: z.string().optional().catch(undefined),
  claims: z.looseObject({}).catch({}),
});

/** What is wrong with parts that are each in order. */
function checkTogether(documents: readonly unknown[]): string[] {
  const seen = new Set<string>();
  return documents.flatMap((document, index) => {
    const { issuer, claims } = loose.catch({ issuer: undefined, claims: {} }).parse(document);
    const problems: string[] = [];
    const say = (path: readonly string[], message: string): void => void problems.push(problem([index, ...path], message));
    if (issuer !== undefined && seen.has(issuer)) say(["issuer"], "is in the list already");
    if (issuer !== undefined) seen.add(issuer);
    for (const part of ["roles", "customerPrefix", "markets", "products"]) {
      const source = claims[part];
      if (typeof source !== "object" || source === null) continue;
      const [hasClaim, hasFixed] = ["claim" in source, "fixed" in source];
      if (hasClaim === hasFixed) say(["claims", part], "must have either claim or fixed");
      if (part === "roles" && hasClaim !== "values" in source)
        say(["claims", part], "must have values, from those of the claim to roles, where it has claim, and only there");
      if (part !== "roles" && hasFixed && ("optional" in source || "append" in source)) say(["claims", part], "can have optional and append only with claim");
    }
    if (claims["customer"] === undefined && JSON.stringify(claims["roles"] ?? null).includes('"customer"'))
      say(["claims", "customer"], "is needed where the role customer can be given: a customer's token must say whose it is");
    return problems;
  });
}

function problem(path: readonly PropertyKey[], message: string): string {
  return `${[VARIABLE, ...path].join(".")}: ${message}`;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Where keys are, or what is wrong with the text. */
function readLocation(text: string): KeyLocation | string {
  const url = URL.canParse(text, `${pathToFileURL(process.cwd()).href}/`) ? new URL(text, `${pathToFileURL(process.cwd()).href}/`) : null;
  if (url?.protocol === "file:" && /^file:/i.test(text)) {
    try {
      return { kind: "FILE", path: fileURLToPath(url) };
    } catch {
      return "must be a file of this machine";
    }
  }
  if (!URL.canParse(text) || !url || !["https:", "http:"].includes(url.protocol)) return "must be an address that begins with https:// or file:";
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname))
    return "must begin with https://, unless it is of this machine: whoever is on the way could put keys in";
  if (url.username !== "" || url.password !== "") return "must have no user and no password";
  return { kind: "URL", url: url.href };
}

function toIssuer({ issuer, audience, algorithms, types, jwks, clockToleranceSeconds, maxTokenAgeSeconds, claims }: IssuerDocument): TokenIssuer {
  return {
    ...{ issuer, audiences: audience, algorithms, types, keys: jwks, clockToleranceSeconds },
    maxTokenAgeSeconds: maxTokenAgeSeconds ?? null,
    claims: toMapping(claims),
  };
}

function toMapping({ roles, customer, customerPrefix, markets, products }: IssuerDocument["claims"]): ClaimMapping {
  return {
    roles: roles.fixed
      ? { kind: "FIXED", roles: roles.fixed }
      : { kind: "CLAIM", path: roles.claim ?? [], values: new Map(Object.entries(roles.values ?? {})) },
    customer: customer ?? null,
    customerPrefix:
      customerPrefix === undefined
        ? null
        : customerPrefix.fixed !== undefined
          ? { kind: "FIXED", prefix: customerPrefix.fixed }
          : { kind: "CLAIM", path: customerPrefix.claim ?? [], optional: customerPrefix.optional ?? false, append: customerPrefix.append ?? "" },
    markets: toKeySource(markets),
    products: toKeySource(products),
  };
}

function toKeySource(source: z.infer<typeof keys> | undefined): ClaimMapping["markets"] {
  if (source === undefined) return null;
  if (source.fixed) return { kind: "FIXED", keys: [...new Set(source.fixed)].sort() };
  return { kind: "CLAIM", path: source.claim ?? [], optional: source.optional ?? false };
}
