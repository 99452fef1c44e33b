import { defaultFieldResolver, isAbstractType, isObjectType, lexicographicSortSchema, printSchema, type GraphQLSchema } from "graphql";
import { buildSchemaSync, type NonEmptyArray } from "type-graphql";
import { apiKeyPermissions } from "../../access/api-keys/graphql/api-key.permissions.js";
import { rateLimitPermissions } from "../../access/rate-limits/graphql/rate-limit.permissions.js";
import { comparisonPermissions } from "../../catalog/comparison/graphql/comparison.permissions.js";
import { discountPermissions } from "../../catalog/discounts/graphql/discount.permissions.js";
import { entitlementPermissions } from "../../catalog/entitlements/graphql/entitlement.permissions.js";
import { featurePermissions } from "../../catalog/features/graphql/feature.permissions.js";
import { marketPermissions } from "../../catalog/markets/graphql/market.permissions.js";
import { planPermissions } from "../../catalog/plans/graphql/plan.permissions.js";
import { pricePermissions } from "../../catalog/prices/graphql/price.permissions.js";
import { productPermissions } from "../../catalog/products/graphql/product.permissions.js";
import { quotePermissions } from "../../catalog/quotes/graphql/quote.permissions.js";
import { releasePermissions } from "../../catalog/releases/graphql/release.permissions.js";
import { redemptionPermissions } from "../../customers/redemptions/graphql/redemption.permissions.js";
import type { PermissionMap } from "../../access/permission-map.js";
import { countItems } from "../limits/item-budget.js";
import { callDirectly } from "./lean-resolvers.js";
import { rootPermissions, valuePermissions } from "./node.resolver.js";
import { checkPermissionMap, describePermissions, mergePermissionMaps, protect } from "./permissions.js";

/** What is said by nothing but a release and an instant. */
export const releasedFields: PermissionMap = mergePermissionMaps([
  releasePermissions,
  marketPermissions,
  productPermissions,
  planPermissions,
  featurePermissions,
  entitlementPermissions,
  pricePermissions,
  discountPermissions,
  comparisonPermissions,
  valuePermissions,
]);

export const permissionMap: PermissionMap = mergePermissionMaps([
  rootPermissions,
  releasedFields,
  quotePermissions,
  redemptionPermissions,
  apiKeyPermissions,
  rateLimitPermissions,
]);

/** The resolvers of the schema: instances, because they hold what they need from the composition root. */
export type Resolvers = readonly object[];

/** Builds the schema that is served: every field with its permission, in its description and before its resolver. */
export function buildGatewaySchema(resolvers: Resolvers): GraphQLSchema {
  const instances = new Map<unknown, object>(resolvers.map((resolver) => [resolver.constructor, resolver]));
  const classes = resolvers.map((resolver) => resolver.constructor);
  const schema = buildSchemaSync({
    resolvers: classes as unknown as NonEmptyArray<() => void>, // There is at least one, and type-graphql wants classes typed as functions.
    container: { get: (resolver: object) => instances.get(resolver) },
    validate: false,
  });
  const problems = checkPermissionMap(schema, permissionMap);
  if (problems.length > 0) throw new Error(`The schema and its permissions differ:\n${problems.join("\n")}`);
  describePermissions(schema, permissionMap);
  const query = schema.getQueryType();
  if (query)
    query.description = "Reads of the released catalog. Each is pinned with all others of its request to one release and one instant, or looks `at` others.";
  const mutation = schema.getMutationType();
  if (mutation) mutation.description = "What changes something. Each answers what it did, or every reason why it did nothing.";
  return countItems(withPlainTypeResolution(protect(withLazyPages(callDirectly(schema, instances)), permissionMap)));
}

/** What is printed to `schema.graphql`: sorted, so that the order of files and imports does not show. */
export function printGatewaySchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

/** Pages are laid out as functions, called when they are asked for: said here, because not every way of execution looks for functions in values. */
function withLazyPages(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !/(Connection|Edge|PageInfo)$/.test(type.name)) continue;
    for (const field of Object.values(type.getFields())) field.resolve ??= defaultFieldResolver;
  }
  return schema;
}

/** Values of interfaces and unions carry their `__typename`, which graphql-js reads without the promise that type-graphql would make. */
function withPlainTypeResolution(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) if (isAbstractType(type)) type.resolveType = undefined;
  return schema;
}
