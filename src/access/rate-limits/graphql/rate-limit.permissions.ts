import { open, type PermissionMap } from "../../permission-map.js";

export const rateLimitPermissions = {
  Query: open("rateLimit"),
  RateLimit: open("limit", "remaining", "restorePerSecond", "resetAt", "cost"),
} as const satisfies PermissionMap;
