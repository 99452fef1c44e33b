import { isCatalogKey } from "../../kernel/key.js";
import type { Refusal } from "../../kernel/refusal.js";
import { ANY_CUSTOMER, isCustomerPrefix } from "../customer-reach.js";
import { isPermission, ROLES, withImplied, type KeyRole, type Permission } from "../permission.js";
import { can, permissionsOf, type Viewer } from "../viewer.js";
import type { ApiKeyReach } from "./api-key-reach.js";

/** A key that somebody wants. What is not narrowed is as its role has it. */
export interface ApiKeyWish extends Partial<ApiKeyReach> {
  /** Whose it is, for whoever reads the list. */
  readonly name: string;
  readonly role: KeyRole;
  /** Null = never. */
  readonly expiresAt: Date | null;
}

/** For how long two keys of a rotation are good at once: none, to end a leaked one, up to a month. */
export const OVERLAP_SECONDS = { least: 0, most: 31 * 86_400, usual: 86_400 } as const;

const MAX_NAME_LENGTH = 200;
const MAX_VALUES = 100;

export const NO_SUCH_KEY: Refusal = { code: "UNKNOWN_API_KEY", message: "There is no such key.", path: ["input", "keyId"] };
export const KEY_ENDED: Refusal = { code: "API_KEY_ENDED", message: "The key was revoked or has expired. Make a new one.", path: ["input", "keyId"] };

/** What a key of this reach may do: what its role may, narrowed to the permissions that it names. */
export function permissionsOfKey(role: KeyRole, { permissions }: Pick<ApiKeyReach, "permissions">): ReadonlySet<Permission> {
  const ofRole = permissionsOf([role]);
  return permissions === null ? ofRole : withImplied(permissions.filter(isPermission).filter((permission) => ofRole.has(permission)));
}

/** Who shows a key of this reach. */
export function viewerOfKey(credentialId: string, role: KeyRole, reach: ApiKeyReach): Viewer {
  return {
    kind: "API_KEY",
    credentialId,
    permissions: permissionsOfKey(role, reach),
    customers: reach.customerPrefix === null ? ANY_CUSTOMER : { kind: "PREFIX", prefix: reach.customerPrefix },
    catalog: { markets: reach.markets, products: reach.products },
  };
}

/** Everything that is wrong with a wish, whoever has it. */
export function checkApiKeyWish(wish: ApiKeyWish, now: Date): Refusal[] {
  const { name, role, expiresAt, permissions, markets, products, customerPrefix, origins } = wish;
  const ofRole = permissionsOf([role]);
  return [
    ...(isLine(name, MAX_NAME_LENGTH) ? [] : [refuse("NAME_MALFORMED", `Give one line of 1 to ${MAX_NAME_LENGTH} characters.`, "name")]),
    ...(expiresAt === null || expiresAt > now ? [] : [refuse("EXPIRY_IN_THE_PAST", "Give a time to come: the key would never be good.", "expiresAt")]),
    ...checkList(
      "permissions",
      permissions,
      (one) => isPermission(one) && ofRole.has(one),
      `It is no permission of the role ${role}, which has ${ROLES[role].join(", ")}.`,
    ),
    ...checkList("markets", markets, isCatalogKey, "A key of the catalog has small letters, digits and hyphens."),
    ...checkList("products", products, isCatalogKey, "A key of the catalog has small letters, digits and hyphens."),
    ...checkList("origins", origins, isOrigin, 'An origin is like "https://shop.example.com": a scheme and a host, and a port that is not the usual one.'),
    ...(customerPrefix == null || isCustomerPrefix(customerPrefix)
      ? []
      : [refuse("CUSTOMER_PREFIX_MALFORMED", 'Give how the ids of these customers begin, up to a separator: "acme:".', "customerPrefix")]),
  ];
}

/** Why a caller may not hand out such a key: nobody gives what they do not have. */
export function checkGrant(role: KeyRole, reach: ApiKeyReach, by: Viewer): Refusal[] {
  const beyond = [...permissionsOfKey(role, reach)].filter((permission) => !can(by, permission));
  return [
    ...(beyond.length === 0 ? [] : [refuse("PERMISSION_NOT_YOURS", `You cannot give what you do not have: ${beyond.join(", ")}.`, "role")]),
    ...(isWithin(reach.markets, by.catalog.markets)
      ? []
      : [refuse("REACH_NOT_YOURS", "You cannot give markets that you do not reach: name some of yours.", "markets")]),
    ...(isWithin(reach.products, by.catalog.products)
      ? []
      : [refuse("REACH_NOT_YOURS", "You cannot give products that you do not reach: name some of yours.", "products")]),
    ...(reachesCustomersOf(reach, by)
      ? []
      : [refuse("REACH_NOT_YOURS", "You cannot give customers that you do not reach: give a prefix that begins with yours.", "customerPrefix")]),
  ];
}

/** Who reaches everything manages every key; others those that they made, and their own. */
export function managedBy(viewer: Viewer): string | null {
  const { customers, catalog, credentialId } = viewer;
  return customers.kind === "ANY" && catalog.markets === null && catalog.products === null ? null : credentialId;
}

export function mayManage(viewer: Viewer, { createdBy, ownerId }: { readonly createdBy: string | null; readonly ownerId: string }): boolean {
  const of = managedBy(viewer);
  return of === null || createdBy === of || ownerId === of;
}

export function checkOverlap(seconds: number): Refusal[] {
  const { least, most } = OVERLAP_SECONDS;
  if (seconds >= least && seconds <= most) return [];
  return [refuse("OVERLAP_OUT_OF_RANGE", `Both keys are good for ${least} to ${most} seconds, not ${seconds}.`, "overlapSeconds")];
}

function reachesCustomersOf({ customerPrefix }: ApiKeyReach, { customers }: Viewer): boolean {
  if (customers.kind === "ANY") return true;
  return customers.kind === "PREFIX" && customerPrefix?.startsWith(customers.prefix) === true;
}

function isWithin(wished: readonly string[] | null, own: readonly string[] | null): boolean {
  return own === null || wished?.every((one) => own.includes(one)) === true;
}

function checkList(field: string, values: readonly string[] | null | undefined, isSound: (one: string) => boolean, expected: string): Refusal[] {
  if (values == null) return [];
  if (values.length === 0) return [refuse("EMPTY_RESTRICTION", "An empty list would leave nothing: leave it out, or name something.", field)];
  if (values.length > MAX_VALUES) return [refuse("TOO_MANY_VALUES", `${values.length} are too many: at most ${MAX_VALUES}.`, field)];
  return values.flatMap((one, index) =>
    isSound(one)
      ? []
      : [{ code: "VALUE_MALFORMED", message: `${JSON.stringify(one.slice(0, 100))} cannot be meant. ${expected}`, path: ["input", field, String(index)] }],
  );
}

function refuse(code: string, message: string, field: string): Refusal {
  return { code, message, path: ["input", field] };
}

function isLine(text: string, max: number): boolean {
  return text.trim() !== "" && text.length <= max && !/\p{Cc}/u.test(text);
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
