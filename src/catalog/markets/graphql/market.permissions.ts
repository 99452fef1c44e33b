import { needs, open, openConnection, type PermissionMap } from "../../../access/permission-map.js";

export const marketPermissions = {
  Query: needs("catalog:read", "market", "markets"),
  Market: open("id", "key", "kind", "countryCode", "currency", "timeZone", "taxRate", "name", "parent", "children", "path"),
  ...openConnection("Market"),
} as const satisfies PermissionMap;
