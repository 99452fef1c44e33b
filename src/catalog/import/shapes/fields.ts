import type { z } from "zod";
import { didYouMean } from "../nearest.js";
import type { Report } from "../problem.js";
import { show, type Read, type Source } from "../source.js";
import { isMap, readPart, schemaOf, Troubles, unexpected, type InnerTrouble } from "./schema.js";

/** The fields of a map and how each is read. */
export type Shape = Readonly<Record<string, z.ZodType>>;
export type FieldsOf<S extends Shape> = { readonly [Name in keyof S]: z.output<S[Name]> };

/** Reads the fields of an entity and reports every trouble. A broken field is left out; null if there are no fields at all. */
export function readFields<S extends Shape>(shape: S, value: unknown, source: Source, report: Report): Read<FieldsOf<S>> | null {
  const part = isMap(value) ? readMap(shape, value) : { fields: null, ...readPart(fieldsSchema(shape), value) };
  if ("troubles" in part) for (const { path, code, message } of part.troubles) if (code) report(source.place(...path), code, message);
  return part.fields;
}

/** A map with these fields and no others, inside an entity: as a whole it is read or broken. */
export function fieldsSchema<S extends Shape>(shape: S): z.ZodType<FieldsOf<S>> {
  return schemaOf((value) => {
    if (!isMap(value)) return unexpected(`a map with the fields ${Object.keys(shape).join(", ")}`, value);
    const { fields, troubles } = readMap(shape, value);
    return troubles.length === 0 ? (fields as FieldsOf<S>) : new Troubles(troubles);
  });
}

function readMap<S extends Shape>(shape: S, value: Readonly<Record<string, unknown>>): { fields: Read<FieldsOf<S>>; troubles: InnerTrouble[] } {
  const names = Object.keys(shape);
  const troubles: InnerTrouble[] = Object.keys(value)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: [name],
      code: "FIELD_UNKNOWN",
      message: `There is no field ${show(name)} here.${didYouMean(name, names)} Fields are ${names.join(", ")}.`,
    }));
  const fields: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape)) {
    const part = readPart(schema, value[name], name);
    fields[name] = "value" in part ? part.value : undefined;
    if ("troubles" in part) troubles.push(...part.troubles);
  }
  return { fields: fields as Read<FieldsOf<S>>, troubles };
}
