import { needs, open, openConnection, type PermissionMap } from "../../../access/permission-map.js";

export const productPermissions = {
  Query: needs("catalog:read", "product", "products"),
  Product: open("id", "key", "name", "description"),
  ...openConnection("Product"),
} as const satisfies PermissionMap;
