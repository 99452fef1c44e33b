import type { z } from "zod";
import type { Decimal } from "../../../kernel/decimal.js";
import { LIMITS } from "../limits.js";
import { Trouble } from "../problem.js";
import { schemaOf, unexpected } from "./schema.js";
import { readChoice, readCountry, readCurrency, readDecimal, readInstant, readInterval, readKey, readText, readTimeZone, readWholeNumber } from "./values.js";

/** A schema of a value that is written as one text. */
export function scalarSchema<T>(what: string, read: (text: string) => T | Trouble): z.ZodType<T> {
  return schemaOf((value) => {
    if (typeof value !== "string") return unexpected(what, value);
    // An empty text in quotes says no more than no text.
    if (value === "") return unexpected(what, null);
    const tooLong = readText(value, { max: LIMITS.textLength, lines: true });
    return tooLong instanceof Trouble ? tooLong : read(value);
  });
}

const text = (what: string, options: Parameters<typeof readText>[1]): z.ZodType<string> => scalarSchema(what, (found) => readText(found, options));

export const keySchema = scalarSchema("a key", readKey);
export const nameSchema = text("a name", { max: LIMITS.nameLength });
export const descriptionSchema = text("a text", { max: LIMITS.textLength, lines: true });
export const wordSchema = text("a word", { max: LIMITS.wordLength });
export const currencySchema = scalarSchema("a currency", readCurrency);
export const countrySchema = scalarSchema("a country code", readCountry);
export const timeZoneSchema = scalarSchema("a time zone", readTimeZone);
export const instantSchema = scalarSchema("a date", readInstant);
export const intervalSchema = scalarSchema("a billing interval", readInterval);
export const numberTextSchema = scalarSchema("a number", (found) => found);
export const flagSchema = schemaOf((value) => (typeof value === "boolean" ? value : unexpected("true or false", value)));

export function choiceSchema<T extends string>(choices: readonly T[]): z.ZodType<T> {
  return scalarSchema(`one of ${choices.join(", ")}`, (found) => readChoice(choices, found));
}

export function wholeNumberSchema({ min = 0, max = LIMITS.wholeNumber }: { min?: number; max?: number } = {}): z.ZodType<number> {
  return scalarSchema("a whole number", (found) => readWholeNumber(found, { min, max }));
}

/** At most 100, with up to four digits after the point. */
export function percentSchema({ zero }: { zero: boolean }): z.ZodType<Decimal> {
  return scalarSchema("a percentage", (text) => {
    const percent = readDecimal(text, { integer: 3, fraction: 4 });
    if (percent instanceof Trouble || ((zero || percent.gt(0)) && percent.lte(100))) return percent;
    return new Trouble("NUMBER_OUT_OF_RANGE", `${text} percent is out of range. Give ${zero ? "0 or more" : "more than 0"} and at most 100.`);
  });
}
