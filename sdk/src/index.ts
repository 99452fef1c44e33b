export { createCatalogClient } from "./client.js";
export type { CatalogClient, CatalogClientOptions, Connection, QueryArguments, QueryOptions } from "./client.js";
export { CatalogError } from "./catalog-error.js";
export type { CatalogErrorCode, CatalogProblem } from "./catalog-error.js";
export * from "./generated/operations.js";
export type * from "./generated/schema.js";
