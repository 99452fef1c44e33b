import { needs, open, openConnection, type PermissionMap } from "../../../access/permission-map.js";

export const planPermissions = {
  Query: needs("catalog:read", "plan", "plans"),
  Plan: { ...open("id", "key", "kind", "rank", "name", "description", "product", "addOns", "addOnFor"), ...needs("catalog:read-internal", "internalNote") },
  Product: open("plans"),
  ...openConnection("Plan"),
} as const satisfies PermissionMap;
