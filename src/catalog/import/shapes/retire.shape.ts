import { listSchema } from "./collections.js";
import { keySchema, scalarSchema } from "./scalars.js";
import { optional } from "./schema.js";

// Retiring twice in one list is harmless: it says the same.
const keys = (what: string) => optional(listSchema(what, keySchema, { empty: true, max: 100_000, identity: null }), []);

export const retireShape = {
  markets: keys("markets"),
  products: keys("products"),
  features: keys("features"),
  plans: keys("plans"),
  prices: optional(
    listSchema(
      "prices",
      scalarSchema("the key of a price", (text) => text),
      { empty: true, max: 100_000, identity: null },
    ),
    [],
  ),
  discounts: keys("discounts"),
  policies: keys("policies"),
};
