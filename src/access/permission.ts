/** What a caller may be allowed. The words are part of the API: descriptions in the schema and errors name them. */
export const PERMISSIONS = {
  "catalog:read": "what is on sale now",
  "catalog:read-upcoming": "prices and discounts not yet in force, and future catalog points",
  "catalog:read-internal": "internal notes, limits, budgets, codes and authors",
  "quotes:create": "keeping quotes",
  "discounts:redeem": "claiming the discounts of quotes for customers",
  "customers:vouch": "saying of a customer what then counts as true: segments, whether they are new, the channel",
  "customers:read-own": "the quotes and redemptions of the customers that are the caller's own",
  "customers:read": "the quotes and redemptions of any customer within the caller's reach",
  "documents:any": "sending documents of one's own where only trusted ones are taken from others",
  "keys:manage": "listing, making, rotating and revoking API keys",
} as const;

export type Permission = keyof typeof PERMISSIONS;

/** Who may do the one may do the other: a field needs one permission, the weaker. */
const IMPLIED: Partial<Record<Permission, readonly Permission[]>> = { "customers:read": ["customers:read-own"] };

const READ = ["catalog:read"] as const;
const READ_ALL = ["catalog:read", "catalog:read-upcoming", "catalog:read-internal", "documents:any"] as const;
const SERVE = ["quotes:create", "discounts:redeem", "customers:vouch", "customers:read"] as const;

/** Roles are bundles of permissions; what is cached or decided depends on the permissions, never on the role's name. */
export const ROLES = {
  anonymous: READ,
  customer: [...READ, "quotes:create", "customers:read-own"],
  frontend: [...READ, "quotes:create"],
  partner: [...READ, "quotes:create", "customers:read-own", "documents:any"],
  service: [...READ, ...SERVE, "documents:any"],
  editor: READ_ALL,
  analyst: READ_ALL,
  admin: [...READ_ALL, ...SERVE, "keys:manage"],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof ROLES;

export function isPermission(text: string): text is Permission {
  return Object.hasOwn(PERMISSIONS, text);
}

export function isRole(text: string): text is Role {
  return Object.hasOwn(ROLES, text);
}

/** The permissions and all that they imply. */
export function withImplied(permissions: Iterable<Permission>): ReadonlySet<Permission> {
  return new Set([...permissions].flatMap((permission) => [permission, ...(IMPLIED[permission] ?? [])]));
}

/** Roles that a key can be made for: everyone is anonymous without one, and a customer is known by a token. */
export type KeyRole = Exclude<Role, "anonymous" | "customer">;
export const KEY_ROLES = (Object.keys(ROLES) as Role[]).filter(isKeyRole);

export function isKeyRole(text: string): text is KeyRole {
  return isRole(text) && text !== "anonymous" && text !== "customer";
}

/** Roles that a token can give: its claims say which customer it is. */
export const TOKEN_ROLES = (Object.keys(ROLES) as Role[]).filter((role) => role !== "anonymous");
