import { z } from "zod";
import { Trouble } from "../problem.js";
import type { ProblemCode } from "../problem-codes.js";
import { BROKEN } from "../reading/tree.js";
import { show, type PathStep } from "../source.js";

/** A trouble somewhere within a value. */
export interface InnerTrouble {
  readonly path: readonly PathStep[];
  /** Null: it was reported before. */
  readonly code: ProblemCode | null;
  readonly message: string;
}

/** All that is wrong with a value and its parts. */
export class Troubles {
  constructor(readonly all: readonly InnerTrouble[]) {}
}

/** A schema that reads a value, or says everything that is wrong with it. The only way in which shapes make schemas: every issue has a code. */
export function schemaOf<T>(read: (value: unknown) => T | Trouble | Troubles): z.ZodType<T> {
  return z.unknown().transform((value, context): T => {
    const result = read(value);
    if (result instanceof Trouble) context.addIssue({ code: "custom", path: [], message: result.message, params: { code: result.code } });
    else if (result instanceof Troubles) {
      for (const { path, code, message } of result.all) context.addIssue({ code: "custom", path: [...path], message, params: { code } });
    } else return result;
    return z.NEVER;
  });
}

/** Reads a part of a value: what it is, or its troubles seen from the whole. */
export function readPart<T>(schema: z.ZodType<T>, value: unknown, ...prefix: PathStep[]): { value: T } | { troubles: readonly InnerTrouble[] } {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  return {
    troubles: parsed.error.issues.map((issue) => {
      if (issue.code !== "custom") throw new TypeError(`A shape checks without a problem code: ${issue.message}`);
      const path = issue.path.filter((step): step is PathStep => typeof step !== "symbol");
      return { path: [...prefix, ...path], code: issue.params?.["code"] as ProblemCode | null, message: issue.message };
    }),
  };
}

/** The trouble of a value that is missing or of another type than expected. */
export function unexpected(what: string, found: unknown): Trouble | Troubles {
  if (found === BROKEN) return new Troubles([{ path: [], code: null, message: "" }]);
  if (found === undefined || found === null) return new Trouble("FIELD_MISSING", `It is missing. Give ${what}.`);
  const hint = typeof found === "boolean" ? " Put it in quotes if it is meant as a text." : "";
  return new Trouble("WRONG_TYPE", `Expected ${what}, found ${show(found)}.${hint}`);
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field that may be left out, or be empty: then it is `otherwise`. */
export function optional<T>(schema: z.ZodType<T>): z.ZodType<T | null>;
export function optional<T, D>(schema: z.ZodType<T>, otherwise: D): z.ZodType<T | D>;
export function optional<T>(schema: z.ZodType<T>, otherwise: unknown = null): z.ZodType<unknown> {
  return schemaOf((value) => {
    if (value === undefined || value === null) return otherwise;
    const part = readPart(schema, value);
    return "value" in part ? part.value : new Troubles(part.troubles);
  });
}
