import type { Place } from "./problem.js";

export type PathStep = string | number;

/** A piece of a file that knows where each of its parts stands. */
export interface Source {
  readonly file: string;
  place(...path: PathStep[]): Place;
}

/** Fields of which some may be `undefined`: those were broken, and have been reported. A field that was left out is null, or its default. */
export type Read<Fields> = { readonly [Name in keyof Fields]: Fields[Name] | undefined };

/** What was read of one entity, and where. */
export interface Draft<Fields> {
  readonly source: Source;
  readonly fields: Read<Fields>;
}

/** The fields of those entities of which none is broken. */
export function wholeFields<Fields extends object>(drafts: readonly Draft<Fields>[]): Fields[] {
  return drafts.flatMap(({ fields }) => (isWhole(fields) ? [fields] : []));
}

export function isWhole<Fields extends object>(fields: Read<Fields> | Fields): fields is Fields {
  return Object.values(fields).every((value) => value !== undefined);
}

/** The same piece, seen from one of its parts. */
export function sourceWithin(source: Source, ...prefix: PathStep[]): Source {
  return { file: source.file, place: (...path) => source.place(...prefix, ...path) };
}

/** `["plans", 2, "addOns"]` is "plans[2].addOns". */
export function pathText(path: readonly PathStep[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[\w-]{1,80}$/.test(step)) return `${text}[${JSON.stringify(step.slice(0, 80))}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** What was found, as a message shows it. */
export function show(found: unknown): string {
  if (found === undefined || found === null) return "nothing";
  if (Array.isArray(found)) return found.length === 0 ? "an empty list" : "a list";
  if (typeof found === "object") return "a map";
  if (typeof found !== "string") return JSON.stringify(found);
  // Cut first: a few aliases can repeat a long text very often.
  const text = JSON.stringify(found.slice(0, 80));
  return found.length > 80 ? `${text.slice(0, -1)}…"` : text;
}
