import { needs, open, openConnection, type PermissionMap } from "../../../access/permission-map.js";

export const redemptionPermissions = {
  Query: { ...needs("customers:read-own", "customer"), ...needs("customers:read", "codeReport") },
  Mutation: needs("discounts:redeem", "redeemQuote", "commitRedemption", "releaseRedemption"),
  QuoteRedemption: open("redemptions"),
  Redemption: open("id", "customerId", "quoteId", "discount", "discountKey", "code", "state", "amount", "reservedUntil", "createdAt", "settledAt"),
  ...openConnection("Redemption"),
  Customer: open("key", "redemptions"),
  CodeReport: open("state", "unique", "discount", "redemptions"),
  Discount: needs("catalog:read-internal", "uses"),
  DiscountUses: open("used", "reserved", "remaining", "spent", "budgetLeft"),
} as const satisfies PermissionMap;
