import type { CatalogReach } from "../../access/viewer.js";
import { Decimal } from "../../kernel/decimal.js";
import type { QuoteFacts } from "./quote-facts.js";
import type { QuoteRequest } from "./quote-request.js";
import type { Quote } from "./quote.js";

/** Everything that a stored quote promises, and all that is needed to reckon it again at its release. */
export interface QuoteDocument {
  readonly version: 1;
  /** 128 bits of chance: the hash of the document is public, and what is not must not be guessed from it. */
  readonly salt: string;
  readonly request: QuoteRequest;
  readonly facts: QuoteFacts;
  /** Whether changes that were not in force yet were seen. */
  readonly seesUpcoming: boolean;
  /** Which part of the catalog there was for its maker; absent = all of it. */
  readonly reach?: CatalogReach;
  readonly quote: Quote;
}

/**
 * Writes a value in its one form: keys sorted, of an object with `toJSON` what that says, and what JSON cannot say as an object with one key, `$int`, `$decimal` or
 * `$instant`. The same value is the same text, so that texts can be compared and signed.
 */
export function writeCanonical(value: unknown): string {
  if (typeof value === "bigint") return `{"$int":"${value}"}`;
  if (value instanceof Date) return `{"$instant":"${value.toISOString()}"}`;
  if (Decimal.isDecimal(value)) return `{"$decimal":"${value.toFixed()}"}`;
  if (Array.isArray(value)) return `[${value.map(writeCanonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    if (isWritten(value)) return writeCanonical(value.toJSON());
    const entries = Object.entries(value).filter(([, part]) => part !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${writeCanonical(part)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** Reads what `writeCanonical` wrote. */
export function readCanonical(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("$int" in value) return BigInt(String(value.$int));
    if ("$decimal" in value) return new Decimal(String(value.$decimal));
    if ("$instant" in value) return new Date(String(value.$instant));
    return value;
  });
}

export function readDocument(text: string): QuoteDocument {
  return readCanonical(text) as QuoteDocument; // Written by us as such, and signed.
}

/** A place where a quote that was reckoned again is another. */
export interface QuoteDifference {
  /** Such as "invoices.0.lines.1.amountMinor". */
  readonly path: string;
  /** Canonical; null where there is nothing. */
  readonly stored: string | null;
  readonly replayed: string | null;
}

/** Where two values differ, part by part; empty exactly when they are the same to the byte. */
export function differencesOf(stored: unknown, replayed: unknown, path: readonly string[] = []): QuoteDifference[] {
  const [before, after] = [stored, replayed].map((value) => (value === undefined ? null : writeCanonical(value)));
  if (before === after) return [];
  const [old, anew] = [asData(stored), asData(replayed)];
  if (isTree(old) && isTree(anew)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(anew)])].sort();
    return keys.flatMap((key) => differencesOf(old[key], anew[key], [...path, key]));
  }
  return [{ path: path.join("."), stored: before ?? null, replayed: after ?? null }];
}

/** What of a value is written. */
function asData(value: unknown): unknown {
  return isTree(value) && isWritten(value) ? value.toJSON() : value;
}

/** Some find parts of themselves when these are asked for, so they say what is written of them. */
function isWritten(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !(value instanceof Date) && !Decimal.isDecimal(value);
}
