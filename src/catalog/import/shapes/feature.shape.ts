import { CAP_WINDOWS, FEATURE_KINDS } from "../../features/feature.js";
import { listSchema } from "./collections.js";
import type { FieldsOf } from "./fields.js";
import { choiceSchema, descriptionSchema, keySchema, wholeNumberSchema, wordSchema } from "./scalars.js";
import { optional } from "./schema.js";
import { textsShape } from "./texts.shape.js";

export const featureShape = {
  key: keySchema,
  kind: choiceSchema(FEATURE_KINDS),
  category: keySchema,
  position: wholeNumberSchema(),
  ...textsShape,
  unit: optional(wordSchema),
  window: optional(choiceSchema(CAP_WINDOWS)),
  values: optional(listSchema("values", wordSchema)),
  internalNote: optional(descriptionSchema),
};

export type FeatureFields = FieldsOf<typeof featureShape>;
