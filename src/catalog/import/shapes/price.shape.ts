import type { z } from "zod";
import { LIMITS } from "../limits.js";
import { listSchema } from "./collections.js";
import { fieldsSchema, type FieldsOf } from "./fields.js";
import { numberTextSchema, scalarSchema } from "./scalars.js";
import { optional, schemaOf, unexpected } from "./schema.js";

const cellSchema = optional(scalarSchema("a text", (text) => text));

/** true and false, or the same as text: price lists know only text. */
const flagCellSchema = optional(schemaOf((value) => (typeof value === "boolean" ? String(value) : unexpected("true or false", value))));

export interface TierText {
  readonly upTo: string | null;
  readonly rate: string;
  readonly flatFee: string | null;
}

const tierSchema: z.ZodType<TierText> = fieldsSchema({ upTo: optional(numberTextSchema), rate: numberTextSchema, flatFee: optional(numberTextSchema) });

/** A price as texts: the cells of a price list, and the fields of a price in YAML. */
export const priceShape = {
  plan: cellSchema,
  market: cellSchema,
  currency: cellSchema,
  interval: cellSchema,
  channel: cellSchema,
  segment: cellSchema,
  model: cellSchema,
  amount: cellSchema,
  rate: cellSchema,
  packageSize: cellSchema,
  freeUnits: cellSchema,
  minimum: cellSchema,
  maximum: cellSchema,
  tiers: optional(listSchema("tiers", tierSchema, { max: LIMITS.tiers, identity: null })),
  taxIncluded: flagCellSchema,
  from: cellSchema,
  until: cellSchema,
  existing: cellSchema,
};

export type PriceText = FieldsOf<typeof priceShape>;
export type PriceField = keyof PriceText;

export const PRICE_COLUMNS = {
  known: Object.keys(priceShape),
  needed: ["plan", "market", "currency", "interval", "from"] satisfies PriceField[],
};
