/** What a caller may be allowed. The words are part of the API: descriptions in the schema and errors name them. */
export const PERMISSIONS = {
  "catalog:read": "what is on sale now",
  "catalog:read-upcoming": "prices and discounts not yet in force, and future catalog points",
  "catalog:read-internal": "internal notes, limits, budgets, codes and authors",
} as const;

export type Permission = keyof typeof PERMISSIONS;

/** Roles are bundles of permissions; what is cached or decided depends on the permissions, never on the role's name. */
export const ROLES = {
  anonymous: ["catalog:read"],
  frontend: ["catalog:read"],
  partner: ["catalog:read"],
  service: ["catalog:read"],
  editor: ["catalog:read", "catalog:read-upcoming", "catalog:read-internal"],
  analyst: ["catalog:read", "catalog:read-upcoming", "catalog:read-internal"],
  admin: ["catalog:read", "catalog:read-upcoming", "catalog:read-internal"],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof ROLES;

export function isRole(text: string): text is Role {
  return Object.hasOwn(ROLES, text);
}

/** Roles that a key can be made for: everyone is anonymous without one. */
export const KEY_ROLES = (Object.keys(ROLES) as Role[]).filter((role) => role !== "anonymous");
