import { needs, open, openConnection, type PermissionMap } from "../../../access/permission-map.js";

export const entitlementPermissions = {
  Query: needs("catalog:read", "entitlements"),
  Entitlement: { ...open("id", "key", "value", "plan", "feature", "market"), ...needs("catalog:read-internal", "rollout") },
  SwitchValue: open("enabled"),
  SettingValue: open("setting"),
  CapValue: open("amount", "unlimited"),
  Plan: open("entitlements"),
  ...openConnection("Entitlement"),
} as const satisfies PermissionMap;
