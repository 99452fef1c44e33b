import { needs, open, openConnection, type PermissionMap } from "../../../access/permission-map.js";

export const featurePermissions = {
  Query: needs("catalog:read", "feature", "features"),
  Feature: {
    ...open("id", "key", "kind", "category", "position", "unit", "window", "allowedValues", "name", "description"),
    ...needs("catalog:read-internal", "internalNote"),
  },
  ...openConnection("Feature"),
} as const satisfies PermissionMap;
