import { isCustomerId } from "../kernel/customer-id.js";

/**
 * Of which customers a caller may ask: any; the one that a customer's token names; or those whose ids begin with a
 * partner's prefix, the partner's own. Customers are known by ids of their owner's choosing, so a prefix is how several
 * owners share one gateway: "acme:" reaches "acme:4711" and nobody else's "4711".
 */
export type CustomerReach = { readonly kind: "ANY" } | { readonly kind: "ONE"; readonly id: string } | { readonly kind: "PREFIX"; readonly prefix: string };

export const ANY_CUSTOMER: CustomerReach = { kind: "ANY" };

/** Whether a customer is within reach: a matter of the id alone, so that the answer tells nothing of what is kept. */
export function reaches(reach: CustomerReach, customerId: string): boolean {
  switch (reach.kind) {
    case "ANY":
      return true;
    case "ONE":
      return customerId === reach.id;
    case "PREFIX":
      return customerId.startsWith(reach.prefix);
  }
}

/** For whom rows are read: which customers they may be of, and whose they are that are of no customer. */
export interface RowScope {
  readonly customers: CustomerReach;
  /** Null = nobody's. */
  readonly credentialId: string | null;
}

/** Whether a row is for the eyes of whoever has this scope, as the policies of the database have it too. */
export function isWithinScope({ customers, credentialId }: RowScope, row: { readonly customerId: string | null; readonly credentialId: string }): boolean {
  if (row.customerId === null) return customers.kind === "ANY" || row.credentialId === credentialId;
  return reaches(customers, row.customerId);
}

/** What the policies of the database go by; null = every row is within reach. */
export function rowSettings({ customers, credentialId }: RowScope): Readonly<Record<string, string>> | null {
  if (customers.kind === "ANY") return null;
  const customer = customers.kind === "ONE" ? customers.id : customers.prefix;
  return { "catalog.reach": customers.kind.toLowerCase(), "catalog.customer": customer, "catalog.credential": credentialId ?? "" };
}

/**
 * Whether a text can be a partner's prefix: the beginning of an id, up to a separator. Without one at the end, "acme" would
 * reach what belongs to "acmeville".
 */
export function isCustomerPrefix(text: string): boolean {
  return isCustomerId(text) && /[^\p{L}\p{N}\p{M}]$/u.test(text);
}
