import type { FieldsOf } from "./fields.js";
import { keySchema } from "./scalars.js";
import { textsShape } from "./texts.shape.js";

export const productShape = { key: keySchema, ...textsShape };

export type ProductFields = FieldsOf<typeof productShape>;
