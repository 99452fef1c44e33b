import type { z } from "zod";
import type { CurrencyCode } from "../../../kernel/currency.js";
import { canonicalCode, DISCOUNT_ACTIVATIONS } from "../../discounts/discount.js";
import { LIMITS } from "../limits.js";
import { Trouble } from "../problem.js";
import { listSchema } from "./collections.js";
import { benefitSchema } from "./benefit.shape.js";
import { fieldsSchema, type FieldsOf } from "./fields.js";
import {
  choiceSchema,
  currencySchema,
  descriptionSchema,
  flagSchema,
  instantSchema,
  intervalSchema,
  keySchema,
  numberTextSchema,
  scalarSchema,
  wholeNumberSchema,
} from "./scalars.js";
import { isMap, optional, readPart, schemaOf, Troubles } from "./schema.js";
import { textsShape } from "./texts.shape.js";
import { readAmount } from "./values.js";
import { show } from "../source.js";

/** ONCE, FOREVER, or a number of billing intervals. */
export type DurationText = "ONCE" | "FOREVER" | { readonly periods: number };

export interface Budget {
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
}

const periodsSchema = fieldsSchema({ periods: wholeNumberSchema({ min: 1 }) });
const durationSchema: z.ZodType<DurationText> = schemaOf((written) => {
  const schema: z.ZodType<DurationText> = isMap(written) ? periodsSchema : choiceSchema<"ONCE" | "FOREVER">(["ONCE", "FOREVER"]);
  const part = readPart(schema, written);
  return "value" in part ? part.value : new Troubles(part.troubles);
});

const amountOfCurrencySchema = fieldsSchema({ amount: numberTextSchema, currency: currencySchema });
const budgetSchema: z.ZodType<Budget> = schemaOf((written) => {
  const part = readPart(amountOfCurrencySchema, written);
  if ("troubles" in part) return new Troubles(part.troubles);
  const { amount, currency } = part.value;
  const amountMinor = readAmount(amount, currency);
  if (amountMinor instanceof Trouble) return new Troubles([{ path: ["amount"], code: amountMinor.code, message: amountMinor.message }]);
  if (amountMinor === 0n)
    return new Troubles([
      { path: ["amount"], code: "NUMBER_OUT_OF_RANGE", message: "A budget of 0 lets nobody have the discount. Give more, or end the discount." },
    ]);
  return { amountMinor, currency };
});

/** Words that claim a discount, as they are printed. */
const codeSchema = scalarSchema("a code", (word) => {
  const { length } = canonicalCode(word);
  if (word.length <= LIMITS.wordLength && length >= 3 && length <= 40 && /^[A-Za-z0-9]+(-+[A-Za-z0-9]+)*$/.test(word)) return word;
  return new Trouble(
    "CODE_MALFORMED",
    `${show(word)} is no code. Codes are 3 to 40 letters and digits, with hyphens between them at will, such as STUDENT-26.`,
  );
});

export const conditionsShape = {
  plans: optional(listSchema("plans", keySchema), []),
  markets: optional(listSchema("markets", keySchema), []),
  intervals: optional(listSchema("intervals", intervalSchema), []),
  segments: optional(listSchema("segments", keySchema), []),
  channels: optional(listSchema("channels", keySchema), []),
  minimumQuantity: optional(wholeNumberSchema({ min: 1 })),
  newCustomersOnly: optional(flagSchema, false),
};

const NO_CONDITIONS: FieldsOf<typeof conditionsShape> = {
  plans: [],
  markets: [],
  intervals: [],
  segments: [],
  channels: [],
  minimumQuantity: null,
  newCustomersOnly: false,
};

export const discountShape = {
  key: keySchema,
  ...textsShape,
  benefit: benefitSchema,
  duration: optional(durationSchema),
  activation: choiceSchema(DISCOUNT_ACTIVATIONS),
  codes: optional(listSchema("codes", codeSchema, { max: LIMITS.codesPerDiscount, empty: true, identity: null }), []),
  secretCodes: optional(flagSchema, false),
  when: optional(fieldsSchema(conditionsShape), NO_CONDITIONS),
  stacking: optional(
    fieldsSchema({
      group: optional(keySchema),
      priority: optional(wholeNumberSchema({ min: -LIMITS.wholeNumber }), 0),
      exclusive: optional(flagSchema, false),
    }),
    { group: null, priority: 0, exclusive: false },
  ),
  limits: optional(
    fieldsSchema({
      total: optional(wholeNumberSchema({ min: 1, max: Number.MAX_SAFE_INTEGER })),
      perCustomer: optional(wholeNumberSchema({ min: 1 })),
      budget: optional(budgetSchema),
    }),
    { total: null, perCustomer: null, budget: null },
  ),
  from: instantSchema,
  until: optional(instantSchema),
  internalNote: optional(descriptionSchema),
};

export type DiscountFields = FieldsOf<typeof discountShape>;
