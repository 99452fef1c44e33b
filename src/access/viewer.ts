import { ANY_CUSTOMER, isWithinScope, reaches, type CustomerReach } from "./customer-reach.js";
import { ROLES, withImplied, type Permission, type Role } from "./permission.js";

/** Who calls, as far as it matters for what they may. */
export interface Viewer {
  readonly kind: "ANONYMOUS" | "API_KEY" | "TOKEN";
  /**
   * Whose the things are that the caller makes: quotes and idempotency keys. It outlives one key or token: a rotated key
   * has that of its predecessor, all tokens of a subject have one. Null for the anonymous caller, who makes nothing.
   */
  readonly credentialId: string | null;
  readonly permissions: ReadonlySet<Permission>;
  /** Of which customers it may ask at all; what it may ask of them is a matter of permissions. */
  readonly customers: CustomerReach;
  /** Which part of the catalog there is for it. */
  readonly catalog: CatalogReach;
}

/** Keys of markets and of products; null = all. A market brings along those below it, and those above it that it inherits from. */
export interface CatalogReach {
  readonly markets: readonly string[] | null;
  readonly products: readonly string[] | null;
}

export const WHOLE_CATALOG: CatalogReach = { markets: null, products: null };

export const ANONYMOUS: Viewer = {
  kind: "ANONYMOUS",
  credentialId: null,
  permissions: withImplied(ROLES.anonymous),
  customers: ANY_CUSTOMER,
  catalog: WHOLE_CATALOG,
};

/** What the roles allow together. */
export function permissionsOf(roles: readonly Role[]): ReadonlySet<Permission> {
  return withImplied(roles.flatMap((role) => [...ROLES[role]]));
}

export function can(viewer: Viewer, permission: Permission): boolean {
  return viewer.permissions.has(permission);
}

/** Whether the caller may name this customer at all: in what it asks to be priced, kept or counted. */
export function reachesCustomer(viewer: Viewer, customerId: string): boolean {
  return reaches(viewer.customers, customerId);
}

/** Whether the caller may read what is kept of a customer. "Own" customers are named by the credential: who reaches any has none of their own. */
export function mayReadCustomer(viewer: Viewer, customerId: string): boolean {
  if (!reachesCustomer(viewer, customerId)) return false;
  return can(viewer, "customers:read") || (can(viewer, "customers:read-own") && viewer.customers.kind !== "ANY");
}

/** Whether the caller may read something that was kept for a customer, or for nobody in particular (null), by whoever made it. */
export function mayRead(viewer: Viewer, { customerId, credentialId }: { readonly customerId: string | null; readonly credentialId: string }): boolean {
  if (!isWithinScope(viewer, { customerId, credentialId })) return false;
  return credentialId === viewer.credentialId || (customerId === null ? can(viewer, "customers:read") : mayReadCustomer(viewer, customerId));
}
