import { isJsonObject } from "../../kernel/json-object.js";
import { utf8 } from "../../platform/http/json-body.js";

/** A query as it is asked for in a body. */
export interface Asked {
  readonly query: string | null;
  /** The name of a document in place of its text. */
  readonly documentId: string | null;
  readonly operationName: string | null;
  readonly variables: Record<string, unknown>;
}

/** Keys that reach a prototype, or could if they were written with escapes. */
const SUSPICIOUS = /__proto__|constructor|\\u00[0-7]/i;

/** Reads a body; null = it is not just a query and its variables, and whatever it is, others will say. */
export function readAsked(body: Buffer): Asked | null {
  try {
    const text = utf8.decode(body);
    return SUSPICIOUS.test(text) ? null : fromJson(JSON.parse(text));
  } catch {
    return null;
  }
}

function fromJson(json: unknown): Asked | null {
  if (typeof json !== "object" || json === null) return null;
  const asked: { -readonly [Key in keyof Asked]: Asked[Key] } = { query: null, documentId: null, operationName: null, variables: {} };
  for (const [key, value] of Object.entries(json)) {
    if (key === "variables" && isJsonObject(value)) asked.variables = value;
    else if ((key === "query" || key === "documentId" || key === "operationName") && typeof value === "string" && value !== "") asked[key] = value;
    else if (value !== null || !(key in asked)) return null;
  }
  return asked;
}
