import type { z } from "zod";
import type { CurrencyCode } from "../../../kernel/currency.js";
import type { Decimal } from "../../../kernel/decimal.js";
import { Trouble } from "../problem.js";
import { mapSchema } from "./collections.js";
import { fieldsSchema } from "./fields.js";
import { numberTextSchema, percentSchema, wholeNumberSchema } from "./scalars.js";
import { optional, readPart, schemaOf, Troubles, type InnerTrouble } from "./schema.js";
import { readAmount, readCurrency } from "./values.js";

export type Benefit =
  | { readonly kind: "PERCENT"; readonly percent: Decimal }
  | { readonly kind: "AMOUNT" | "FIXED_PRICE"; readonly amounts: ReadonlyMap<CurrencyCode, bigint> }
  | { readonly kind: "FREE_PERIODS"; readonly periods: number };

const amountsSchema = ({ zero }: { zero: boolean }): z.ZodType<ReadonlyMap<CurrencyCode, bigint>> =>
  schemaOf((written) => {
    const part = readPart(mapSchema("a map from currencies to amounts", numberTextSchema, { readName: readCurrency }), written);
    if ("troubles" in part) return new Troubles(part.troubles);
    if (part.value.size === 0) return new Trouble("LIST_EMPTY", "No currency is named. Give an amount for each currency in which the discount exists.");
    const amounts = new Map<CurrencyCode, bigint>();
    const troubles: InnerTrouble[] = [];
    for (const [currency, text] of part.value) {
      const amount = readAmount(text, currency);
      if (amount instanceof Trouble) troubles.push({ path: [currency], code: amount.code, message: amount.message });
      else if (amount === 0n && !zero)
        troubles.push({ path: [currency], code: "NUMBER_OUT_OF_RANGE", message: "An amount of 0 off changes nothing. Give more, or leave the currency out." });
      else amounts.set(currency, amount);
    }
    return troubles.length === 0 ? amounts : new Troubles(troubles);
  });

const oneOfThem = fieldsSchema({
  percent: optional(percentSchema({ zero: false })),
  amount: optional(amountsSchema({ zero: false })),
  fixedPrice: optional(amountsSchema({ zero: true })),
  freePeriods: optional(wholeNumberSchema({ min: 1 })),
});

export const benefitSchema: z.ZodType<Benefit> = schemaOf((written) => {
  const part = readPart(oneOfThem, written);
  if ("troubles" in part) return new Troubles(part.troubles);
  const { percent, amount, fixedPrice, freePeriods } = part.value;
  const benefits: Benefit[] = [];
  if (percent) benefits.push({ kind: "PERCENT", percent });
  if (amount) benefits.push({ kind: "AMOUNT", amounts: amount });
  if (fixedPrice) benefits.push({ kind: "FIXED_PRICE", amounts: fixedPrice });
  if (freePeriods !== null) benefits.push({ kind: "FREE_PERIODS", periods: freePeriods });
  const [benefit] = benefits;
  if (benefit && benefits.length === 1) return benefit;
  return new Trouble("BENEFIT_UNCLEAR", `A discount has one benefit, found ${benefits.length}. Give one of percent, amount, fixedPrice and freePeriods.`);
});
