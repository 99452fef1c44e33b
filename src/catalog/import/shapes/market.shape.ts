import { MARKET_KINDS } from "../../markets/market.js";
import type { FieldsOf } from "./fields.js";
import { choiceSchema, countrySchema, currencySchema, keySchema, nameSchema, percentSchema, timeZoneSchema } from "./scalars.js";
import { optional } from "./schema.js";
import { translatedNameSchema } from "./texts.shape.js";

export const marketShape = {
  key: keySchema,
  kind: optional(choiceSchema(MARKET_KINDS)),
  country: optional(countrySchema),
  parent: optional(keySchema),
  name: nameSchema,
  translations: translatedNameSchema,
  currency: currencySchema,
  timeZone: timeZoneSchema,
  taxRate: optional(percentSchema({ zero: true })),
};

export type MarketFields = FieldsOf<typeof marketShape>;
