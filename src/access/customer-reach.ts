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

/**
 * Whether a text can be a partner's prefix: the beginning of an id, up to a separator. Without one at the end, "acme" would
 * reach what belongs to "acmeville".
 */
export function isCustomerPrefix(text: string): boolean {
  return isCustomerId(text) && /[^\p{L}\p{N}\p{M}]$/u.test(text);
}
