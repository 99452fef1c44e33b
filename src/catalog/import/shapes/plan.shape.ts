import type { z } from "zod";
import { PLAN_KINDS } from "../../plans/plan.js";
import { listSchema, mapSchema } from "./collections.js";
import { fieldsSchema, type FieldsOf } from "./fields.js";
import { choiceSchema, descriptionSchema, flagSchema, keySchema, wholeNumberSchema } from "./scalars.js";
import { isMap, optional, readPart, schemaOf, Troubles, unexpected } from "./schema.js";
import { textsShape } from "./texts.shape.js";
import { readKey } from "./values.js";

/** Whether subscriptions that began before get a change too. */
export const ROLLOUTS = ["FOLLOW", "KEEP"] as const;
export type Rollout = (typeof ROLLOUTS)[number];

/** true, false, or a text whose meaning depends on the feature. */
export type EntitlementText = string | boolean;

export interface EntitlementFields {
  /** What holds everywhere; null if only markets are named. */
  readonly value: EntitlementText | null;
  readonly markets: ReadonlyMap<string, EntitlementText>;
  readonly existing: Rollout | null;
  readonly removed: boolean;
  /** Written as the value alone. */
  readonly isShort: boolean;
}

const valueSchema: z.ZodType<EntitlementText> = schemaOf((value) => {
  if (typeof value === "boolean" || (typeof value === "string" && value !== "")) return value;
  return unexpected("true, false, a setting, an amount or unlimited", value === "" ? null : value);
});

const longFormSchema: z.ZodType<Omit<EntitlementFields, "isShort">> = fieldsSchema({
  value: optional(valueSchema),
  markets: optional(mapSchema("a map from markets to values", valueSchema, { readName: readKey }), new Map<string, EntitlementText>()),
  existing: optional(choiceSchema(ROLLOUTS)),
  removed: optional(flagSchema, false),
});

const entitlementSchema: z.ZodType<EntitlementFields> = schemaOf((written) => {
  const part = isMap(written) ? readPart(longFormSchema, written) : readPart(valueSchema, written);
  if ("troubles" in part) return new Troubles(part.troubles);
  if (typeof part.value === "object") return { ...part.value, isShort: false };
  return { value: part.value, markets: new Map(), existing: null, removed: false, isShort: true };
});

export const planShape = {
  key: keySchema,
  product: keySchema,
  kind: optional(choiceSchema(PLAN_KINDS), "BASE" as const),
  rank: wholeNumberSchema(),
  ...textsShape,
  internalNote: optional(descriptionSchema),
  addOns: optional(listSchema("add-ons", keySchema, { empty: true }), []),
  entitlements: optional(mapSchema("a map from features to values", entitlementSchema, { readName: readKey }), new Map<string, EntitlementFields>()),
};

export type PlanFields = FieldsOf<typeof planShape>;
