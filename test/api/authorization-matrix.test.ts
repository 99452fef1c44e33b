import { isObjectType, type GraphQLField } from "graphql";
import { describe, expect } from "vitest";
import { isKeyRole, KEY_ROLES, ROLES, type Permission, type Role } from "../../src/access/permission.js";
import { permissionsOf } from "../../src/access/viewer.js";
import { permissionMap } from "../../src/graphql/schema/schema.js";
import { test as base, type Answer, type Caller, type Gateway } from "../support/api.js";
import { pathsToTypes, valuesAt, WAYS, writeDocument, type Path, type SampleArguments, type Way } from "../support/field-paths.js";
import { commit, makeCodes, redeem } from "../support/redeeming.js";
import { keepQuote } from "../support/stored-quotes.js";

// Every field x every role: what the permission map says is what happens, whichever way is taken to the field. Whose rows are
// answered is in customer-rows.test.ts.

const NOW = "2026-12-01T12:00:00Z";
const QUOTE = `market: "se", channel: "web", codes: ["FRONTROW-GENT"], customer: { id: "acme:ada", isNew: true, segments: ["press"] },
  items: [{ plan: "premium-individual" }, { plan: "lossless-upgrade", since: "2026-06-01T00:00:00Z" }]`;
const PAGE = "first: 3";
/** For looking whether there is anything to see. */
const LONG_PAGE = "first: 100";

/** What is there to be read: ids of things of a customer. */
async function prepare(gateway: Gateway): Promise<SampleArguments> {
  gateway.clock.set(NOW);
  const service = await gateway.as("service");
  const [code = ""] = (await makeCodes(gateway, "festival-2026")).codes;
  const said = { market: "se", items: [{ plan: "premium-individual" }], codes: [code], customer: { id: "acme:ada", isNew: true } };
  const { quoteId } = await keepQuote(service, said);
  await redeem(service, { quoteId, idempotencyKey: "matrix", reserveForSeconds: 600 });
  await commit(service, quoteId);
  const { data } = await service.query('{ customer(key: "acme:ada") { redemptions(first: 1) { edges { node { id } } } } }');
  const redemption = data.customer.redemptions.edges[0].node.id as string;
  const narrow = { permissions: ["catalog:read"], markets: ["se"], products: ["music"], customerPrefix: "acme:", origins: ["https://shop.example.com"] };
  const { record } = await gateway.app.apiKeys.create({ name: "matrix", role: "frontend", expiresAt: new Date("2030-01-01"), ...narrow });
  const someOf = `query ($models: [PriceModel!]!) { prices(first: 1, filter: { models: $models, plans: ["song-locker-space", "audiobook-hours-flex"] }) { edges { node { id key } } } }`;
  const [tiered, packaged] = await Promise.all(
    ["GRADUATED", "PACKAGE"].map(
      async (model): Promise<{ id: string; key: string }> => (await service.query(someOf, { models: [model] })).data.prices.edges[0].node,
    ),
  );
  const idOf = (type: string, key: string): string => Buffer.from(`${type}:${key}`).toString("base64url");
  const ids = [redemption, idOf("ApiKey", record.id), idOf("Plan", "premium-individual"), idOf("Feature", "audiobooks"), idOf("Market", "se"), packaged?.id];
  const connections = ["plans", "features", "prices", "discounts", "markets", "products", "releases", "entitlements", "apiKeys"];
  return {
    ...Object.fromEntries(connections.map((name) => [`Query.${name}`, PAGE])),
    "Query.plan": 'key: "premium-individual"',
    "Query.product": 'key: "music"',
    "Query.market": 'key: "nordics"',
    "Query.feature": `key: "${String((await service.query("{ features(first: 1) { edges { node { key } } } }")).data.features.edges[0].node.key)}"`,
    "Query.discount": 'key: "summer-2026"',
    "Query.price": `key: "${String(tiered?.key)}"`,
    "Query.prices": `${PAGE}, filter: { segments: ["student"] }`,
    "Query.comparePlans": 'market: "se", product: "music"',
    "Query.node": `id: "${redemption}"`,
    "Query.nodes": `ids: ${JSON.stringify(ids)}`,
    "Query.quote": `input: { ${QUOTE} }`,
    "Query.explainPrice": 'input: { market: "se", plan: "premium-individual" }',
    "Query.storedQuote": `quoteId: "${quoteId}"`,
    "Query.replayQuote": `quoteId: "${quoteId}"`,
    "Query.codeReport": `code: "${code}"`,
    "Query.customer": 'key: "acme:ada"',
    "Customer.redemptions": PAGE,
    "Plan.prices": 'market: "se"',
    "Mutation.createQuote": `input: { quote: { ${QUOTE} } }`,
    "Mutation.redeemQuote": `input: { quoteId: "${quoteId}", idempotencyKey: "matrix", reserveForSeconds: 600 }`,
    "Mutation.commitRedemption": `input: { quoteId: "${quoteId}" }`,
    "Mutation.releaseRedemption": `input: { quoteId: "q_${"0".repeat(26)}" }`,
    "Mutation.createApiKey": 'input: { name: "matrix", role: FRONTEND }',
    "Mutation.rotateApiKey": `input: { keyId: "${record.id}" }`,
    "Mutation.revokeApiKey": `input: { keyId: "${record.id}" }`,
  };
}

const test = base.extend("samples", { scope: "file" }, ({ gateway }) => prepare(gateway));

/** Roots that answer one caller's rows: what is there differs by caller, what is forbidden does not. */
const OF_SOMEBODY = new Set(["customer", "storedQuote", "replayQuote", "node", "nodes", "redeemQuote", "commitRedemption", "releaseRedemption"]);
/** Nothing is wrong with quotes, and nothing limits the callers here, so that nobody sees what would be. */
const NOT_SHOWN = new Set([
  ...["RateLimit.limit", "RateLimit.remaining", "RateLimit.restorePerSecond", "RateLimit.resetAt"],
  "QuoteReplay.differences",
  "QuoteDifference.path",
  "QuoteDifference.stored",
  "QuoteDifference.replayed",
]);

const ROLES_TO_TRY: readonly Role[] = ["anonymous", "customer", ...KEY_ROLES];
const callerOf = async (gateway: Gateway, role: Role): Promise<Caller> => {
  if (role === "customer") return gateway.asCustomer("acme:ada");
  return isKeyRole(role) ? gateway.as(role) : gateway.anonymous;
};

const ruleOf = (type: string, field: string): string => permissionMap[type]?.[field] ?? "missing";
const isAllowed = (permissions: ReadonlySet<Permission>, type: string, field: string): boolean => {
  const rule = ruleOf(type, field);
  return rule === "open" || permissions.has(rule as Permission);
};

interface Mismatch {
  readonly where: string;
  readonly what: string;
}

/** What differs between the answer and what the permissions of a role say of the fields at the end of a path. */
function mismatches(answer: Answer, role: Role, path: Path, fields: readonly GraphQLField<unknown, unknown>[], way: Way, document: string): Mismatch[] {
  const permissions = permissionsOf([role]);
  const named = (field: string): string => (way === "alias" ? `innocent_${field}` : field);
  const where = `${role}: ${document}`;
  const denials = answer.errors.filter(({ extensions }) => ["UNAUTHENTICATED", "FORBIDDEN"].includes(String(extensions["code"])));
  const others = answer.errors.filter((error) => !denials.includes(error));
  const found: Mismatch[] = others.map((error) => ({ where, what: `${String(error.extensions["code"])}: ${error.message}` }));
  const closed = path.findIndex((step) => !isAllowed(permissions, step.type, step.field));
  const expected = role === "anonymous" ? "UNAUTHENTICATED" : "FORBIDDEN";
  for (const { extensions } of denials) if (extensions["code"] !== expected) found.push({ where, what: `${String(extensions["code"])}, not ${expected}` });
  if (closed >= 0) {
    const upTo = path.slice(0, closed + 1).map((step) => named(step.field));
    if (valuesAt(answer.data, upTo).length > 0) found.push({ where, what: `${upTo.join(".")} is answered` });
    if (denials.length === 0 && !OF_SOMEBODY.has(path[0]?.field ?? "")) found.push({ where, what: `${upTo.join(".")} is not denied` });
    return found;
  }
  const names = path.map((step) => named(step.field));
  const type = path.at(-1)?.on ?? "Query";
  const parents = valuesAt(answer.data, names).filter((parent) => Object.keys(parent as object).length > 0).length;
  for (const { name } of fields) {
    const denied = denials.some((error) => error.path?.filter((part) => typeof part === "string").join(".") === [...names, named(name)].join("."));
    const answered = valuesAt(answer.data, [...names, named(name)]).length > 0;
    if (isAllowed(permissions, type, name) && denied) found.push({ where, what: `${type}.${name} is denied` });
    if (!isAllowed(permissions, type, name) && answered) found.push({ where, what: `${type}.${name} is answered` });
    if (!isAllowed(permissions, type, name) && !denied && parents > 0) found.push({ where, what: `${type}.${name} is not denied` });
  }
  return found;
}

describe("every field, for every role, by every way", () => {
  test("is answered or denied as the permission map says", { timeout: 180_000 }, async ({ gateway, samples }) => {
    gateway.clock.set(NOW);
    const { schema } = gateway.app;
    const long = Object.fromEntries(Object.entries(samples).map(([at, given]) => [at, given.replace(PAGE, LONG_PAGE)]));
    const paths = pathsToTypes(schema, samples, 12);
    const admin = await gateway.as("admin");
    const wrong: Mismatch[] = [];
    const unseen: string[] = [];
    let asked = 0;
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith("__") || type === schema.getQueryType() || type === schema.getMutationType()) continue;
      const fields = Object.values(type.getFields());
      const seen = new Set<string>();
      const walked: Path[] = [];
      for (const path of paths.get(type.name) ?? []) {
        const { data } = await admin.query(writeDocument(schema, path, fields, long, "plain"));
        const names = path.map(({ field }) => field);
        for (const { name } of fields) if (valuesAt(data, [...names, name]).length > 0) seen.add(name);
        if (valuesAt(data, names).length > 0 && walked.length < 3) walked.push(path);
      }
      for (const path of walked) {
        for (const way of WAYS) {
          const document = writeDocument(schema, path, fields, samples, way);
          for (const role of ROLES_TO_TRY) {
            wrong.push(...mismatches(await (await callerOf(gateway, role)).query(document), role, path, fields, way, document));
            asked += fields.length;
          }
        }
      }
      unseen.push(...fields.filter(({ name }) => !seen.has(name)).map(({ name }) => `${type.name}.${name}`));
    }
    expect(wrong.slice(0, 10)).toEqual([]);
    // A field that even the admin sees nothing of shows nothing here: it would be allowed and denied alike.
    expect(unseen.filter((field) => !NOT_SHOWN.has(field))).toEqual([]);
    expect(asked).toBeGreaterThan(20_000);
  });

  test("roots too", async ({ gateway, samples }) => {
    const wrong: string[] = [];
    for (const root of [gateway.app.schema.getQueryType(), gateway.app.schema.getMutationType()]) {
      for (const field of Object.values(root?.getFields() ?? {})) {
        const at = `${String(root?.name)}.${field.name}`;
        for (const role of ROLES_TO_TRY) {
          const operation = root?.name === "Mutation" ? "mutation" : "query";
          const given = samples[at] ? `(${samples[at]})` : "";
          const { data, errors } = await (await callerOf(gateway, role)).query(`${operation} { ${field.name}${given} { __typename } }`);
          const denied = errors.some(({ extensions }) => ["UNAUTHENTICATED", "FORBIDDEN"].includes(String(extensions["code"])));
          const allowed = isAllowed(permissionsOf([role]), String(root?.name), field.name);
          if (denied === allowed || (denied && data?.[field.name])) wrong.push(`${role}: ${at} is ${denied ? "denied" : "answered"}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

test("who may ask for which guarded field is written down: a change of it is seen by whoever reviews it", async () => {
  const lines = Object.entries(permissionMap).flatMap(([type, fields]) =>
    Object.entries(fields).flatMap(([field, rule]) => {
      if (rule === "open") return [];
      const roles = (Object.keys(ROLES) as Role[]).filter((role) => permissionsOf([role]).has(rule));
      return [`${type}.${field}: ${rule}: ${roles.join(" ")}`];
    }),
  );
  await expect(`${lines.sort().join("\n")}\n`).toMatchFileSnapshot("../fixtures/authorization-matrix.txt");
});
