import { needs, open, openConnection, type PermissionMap } from "../../../access/permission-map.js";

export const releasePermissions = {
  Query: needs("catalog:read", "release", "releases", "catalogPoint"),
  Release: { ...open("id", "number", "publishedAt"), ...needs("catalog:read-internal", "author", "note") },
  CatalogPoint: open("release", "time"),
  ...openConnection("Release"),
} as const satisfies PermissionMap;
