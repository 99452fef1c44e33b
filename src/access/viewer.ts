import { ROLES, type Permission, type Role } from "./permission.js";

/** Who calls, as far as it matters for what they may. */
export interface Viewer {
  readonly role: Role;
  readonly permissions: ReadonlySet<Permission>;
  /** The API key that was shown; null for the anonymous caller. */
  readonly keyId: string | null;
}

export function viewerOf(role: Role, keyId: string | null): Viewer {
  return { role, permissions: new Set(ROLES[role]), keyId };
}

export const ANONYMOUS: Viewer = viewerOf("anonymous", null);

export function can(viewer: Viewer, permission: Permission): boolean {
  return viewer.permissions.has(permission);
}
