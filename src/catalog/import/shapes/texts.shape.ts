import type { z } from "zod";
import { LIMITS } from "../limits.js";
import { mapSchema } from "./collections.js";
import { fieldsSchema } from "./fields.js";
import { descriptionSchema, nameSchema } from "./scalars.js";
import { optional } from "./schema.js";
import { readLocale } from "./values.js";

interface TranslatedTexts {
  readonly name: string | null;
  readonly description?: string | null;
}

export type Translations = ReadonlyMap<string, TranslatedTexts>;

const options = { readName: readLocale, max: LIMITS.translations };
const what = "a map from language tags to texts";

export const translatedNameSchema: z.ZodType<Translations> = optional(mapSchema(what, fieldsSchema({ name: optional(nameSchema) }), options), new Map());

/** What entities with a name and a description have in common. */
export const textsShape = {
  name: nameSchema,
  description: optional(descriptionSchema, ""),
  translations: optional(
    mapSchema(what, fieldsSchema({ name: optional(nameSchema), description: optional(descriptionSchema) }), options),
    new Map(),
  ) as z.ZodType<Translations>,
};
