import { needs, open, type PermissionMap } from "../../../access/permission-map.js";

export const comparisonPermissions = {
  Query: needs("catalog:read", "comparePlans"),
  PlanComparison: open("market", "product", "plans", "features"),
  ComparedPlan: open("plan", "prices"),
  ComparedFeature: open("feature", "entitlements", "sameForAll"),
} as const satisfies PermissionMap;
