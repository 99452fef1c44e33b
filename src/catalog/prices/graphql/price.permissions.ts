import { needs, open, openConnection, type PermissionMap } from "../../../access/permission-map.js";

export const pricePermissions = {
  Query: needs("catalog:read", "price", "prices"),
  Price: {
    ...open("id", "key", "plan", "market", "currency", "interval", "channel", "segment", "model", "taxIncluded"),
    ...open("amount", "unitRate", "packageSize", "freeUnits", "minimum", "maximum", "tiers", "effectiveFrom", "effectiveUntil"),
    ...needs("catalog:read-upcoming", "existingFrom"),
  },
  PriceTier: open("upTo", "unitRate", "flatFee"),
  Plan: open("prices"),
  ...openConnection("Price"),
} as const satisfies PermissionMap;
