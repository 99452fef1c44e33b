import { needs, open, openConnection, type PermissionMap } from "../../../access/permission-map.js";

export const discountPermissions = {
  Query: needs("catalog:read", "discount", "discounts", "discountPolicy"),
  Discount: {
    ...open("id", "key", "name", "description", "benefit", "duration", "periods", "activation", "conditions", "stacking", "effectiveFrom", "effectiveUntil"),
    ...needs("catalog:read-internal", "limits", "codes", "secretCodes", "internalNote"),
  },
  DiscountConditions: open("plans", "markets", "intervals", "segments", "channels", "minimumQuantity", "newCustomersOnly"),
  DiscountStacking: open("group", "priority", "exclusive"),
  DiscountLimits: needs("catalog:read-internal", "total", "perCustomer", "budget"),
  DiscountPolicy: open("choice", "application"),
  PercentBenefit: open("percent"),
  AmountBenefit: open("amounts"),
  FixedPriceBenefit: open("prices"),
  FreePeriodsBenefit: open("periods"),
  ...openConnection("Discount"),
} as const satisfies PermissionMap;
