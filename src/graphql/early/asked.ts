/** A query as it is asked for in a body. */
export interface Asked {
  readonly query: string | null;
  /** The name of a document in place of its text. */
  readonly documentId: string | null;
  readonly operationName: string | null;
  readonly variables: Record<string, unknown>;
}

const decoder = new TextDecoder("utf-8", { fatal: true });
/** Keys that reach a prototype, or could if they were written with escapes. */
const SUSPICIOUS = /__proto__|constructor|\\u00[0-7]/i;

/** Reads a body; null = it is not just a query and its variables, and whatever it is, others will say. */
export function readAsked(body: Buffer): Asked | null {
  try {
    const text = decoder.decode(body);
    return SUSPICIOUS.test(text) ? null : fromJson(JSON.parse(text));
  } catch {
    return null;
  }
}

function fromJson(json: unknown): Asked | null {
  if (typeof json !== "object" || json === null) return null;
  const asked: { -readonly [Key in keyof Asked]: Asked[Key] } = { query: null, documentId: null, operationName: null, variables: {} };
  for (const [key, value] of Object.entries(json)) {
    if (key === "variables" && isRecord(value)) asked.variables = value;
    else if ((key === "query" || key === "documentId" || key === "operationName") && typeof value === "string" && value !== "") asked[key] = value;
    else if (value !== null || !(key in asked)) return null;
  }
  return asked;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
