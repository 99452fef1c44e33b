/** What a caller may be allowed. The words are part of the API: descriptions in the schema and errors name them. */
export const PERMISSIONS = {
  "catalog:read": "what is on sale now",
  "catalog:read-upcoming": "prices and discounts not yet in force, and future catalog points",
  "catalog:read-internal": "internal notes, limits, budgets, codes and authors",
  "quotes:create": "keeping quotes",
  "discounts:redeem": "claiming the discounts of quotes for customers",
  "customers:vouch": "saying of a customer what then counts as true: segments, whether they are new, the channel",
  "customers:read": "the quotes and redemptions of any customer",
} as const;

export type Permission = keyof typeof PERMISSIONS;

const READ = ["catalog:read"] as const;
const READ_ALL = ["catalog:read", "catalog:read-upcoming", "catalog:read-internal"] as const;

/** Roles are bundles of permissions; what is cached or decided depends on the permissions, never on the role's name. */
export const ROLES = {
  anonymous: READ,
  frontend: [...READ, "quotes:create"],
  partner: [...READ, "quotes:create"],
  service: [...READ, "quotes:create", "discounts:redeem", "customers:vouch", "customers:read"],
  editor: READ_ALL,
  analyst: READ_ALL,
  admin: [...READ_ALL, "quotes:create", "discounts:redeem", "customers:vouch", "customers:read"],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof ROLES;

export function isRole(text: string): text is Role {
  return Object.hasOwn(ROLES, text);
}

/** Roles that a key can be made for: everyone is anonymous without one. */
export const KEY_ROLES = (Object.keys(ROLES) as Role[]).filter((role) => role !== "anonymous");
