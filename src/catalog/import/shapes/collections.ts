import type { z } from "zod";
import { LIMITS } from "../limits.js";
import { Trouble } from "../problem.js";
import { show } from "../source.js";
import { isMap, readPart, schemaOf, Troubles, unexpected, type InnerTrouble } from "./schema.js";

export interface MapOptions {
  readonly max?: number;
  /** How a name is spelled in the end, or why it is none. Two names may not have one spelling. */
  readonly readName: (name: string) => string | Trouble;
}

/** A map from names of the user's choice to values: a locale to its texts, a currency to an amount. */
export function mapSchema<T>(what: string, schema: z.ZodType<T>, { max = LIMITS.listItems, readName }: MapOptions): z.ZodType<ReadonlyMap<string, T>> {
  return schemaOf((value) => {
    if (!isMap(value)) return unexpected(what, value);
    const entries = Object.entries(value);
    if (entries.length > max) return new Trouble("LIST_TOO_LONG", `There are ${entries.length} entries, at most ${max} are allowed.`);
    const read = new Map<string, T>();
    const troubles: InnerTrouble[] = [];
    for (const [written, item] of entries) {
      const name = readName(written);
      const part = readPart(schema, item, written);
      if ("troubles" in part) troubles.push(...part.troubles);
      if (name instanceof Trouble) troubles.push({ path: [written], code: name.code, message: name.message });
      else if (read.has(name))
        troubles.push({ path: [written], code: "FIELD_TWICE", message: `${show(written)} is ${show(name)}, which this map has already. Keep one.` });
      else if ("value" in part) read.set(name, part.value);
    }
    return troubles.length === 0 ? read : new Troubles(troubles);
  });
}

export interface ListOptions<T> {
  readonly max?: number;
  /** Whether a list that is given may be empty. */
  readonly empty?: boolean;
  /** What makes two items the same; without it they may be the same. */
  readonly identity?: ((item: T) => string) | null;
}

export function listSchema<T>(
  what: string,
  item: z.ZodType<T>,
  { max = LIMITS.listItems, empty = false, identity = String }: ListOptions<T> = {},
): z.ZodType<readonly T[]> {
  return schemaOf((value) => {
    if (!Array.isArray(value)) return unexpected(`a list of ${what}`, value);
    if (value.length === 0 && !empty) return new Trouble("LIST_EMPTY", `The list of ${what} is empty. Name some, or leave the field out.`);
    if (value.length > max) return new Trouble("LIST_TOO_LONG", `The list of ${what} has ${value.length} items, at most ${max} are allowed.`);
    const items: T[] = [];
    const troubles: InnerTrouble[] = [];
    const seen = new Map<string, number>();
    for (const [index, element] of value.entries()) {
      const part = readPart(item, element, index);
      if ("troubles" in part) {
        troubles.push(...part.troubles);
        continue;
      }
      items.push(part.value);
      if (identity === null) continue;
      const id = identity(part.value);
      const twin = seen.get(id);
      if (twin === undefined) seen.set(id, index);
      else troubles.push({ path: [index], code: "ITEM_TWICE", message: `${show(element)} is in this list already, as item ${twin + 1}. Keep one.` });
    }
    return troubles.length === 0 ? items : new Troubles(troubles);
  });
}
