import { needs, open, openConnection, type PermissionMap } from "../../permission-map.js";

export const apiKeyPermissions = {
  Query: needs("keys:manage", "apiKeys"),
  Mutation: needs("keys:manage", "createApiKey", "rotateApiKey", "revokeApiKey"),
  ApiKey: open(
    ...(["id", "keyId", "ownerId", "createdBy", "name", "role", "permissions", "markets", "products", "customerPrefix", "origins"] as const),
    ...(["createdAt", "expiresAt", "revokedAt", "lastUsedAt"] as const),
  ),
  IssuedApiKey: open("apiKey", "clearKey"),
  ...openConnection("ApiKey"),
} as const satisfies PermissionMap;
