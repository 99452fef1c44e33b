import { parseInstant } from "../../kernel/instant.js";
import { InvalidCursor, type Page, type PageRequest } from "../../kernel/page.js";

/** One column of an order. None may be null; the last one makes the order total. */
export interface SortColumn {
  readonly field: string;
  readonly type: "text" | "int" | "bigint" | "instant";
  readonly direction: "asc" | "desc";
}

/** The columns of an order by their type, the first one first; the key, which makes an order total, is not named. */
export type OrderColumns = Readonly<Record<string, SortColumn["type"]>>;

/** An order in one direction: its columns, then the key. */
export function keyedOrder(columns: OrderColumns, direction: SortColumn["direction"]): SortColumn[] {
  return Object.entries<SortColumn["type"]>({ ...columns, key: "text" }).map(([field, type]) => ({ field, type, direction }));
}

export type SortValue = string | number | bigint | Date;

/** Where a page begins, in SQL, and in which order it is read. */
export interface Keyset {
  /** The condition; null = at the very start or end. */
  readonly beyond: string | null;
  /** With the number of rows: one more than the page has, to know whether more follow. */
  readonly orderBy: string;
  readonly values: readonly unknown[];
}

/**
 * A page by keyset, which is a condition on the sort columns, never an offset: so a page costs the same wherever it lies and rows that come
 * or go elsewhere do not shift it. The columns of an order go in one direction, so rows of them compare as the list is ordered.
 * @param parameters how many come before.
 */
export function keysetOf(columns: readonly SortColumn[], request: PageRequest, parameters: number): Keyset {
  const walked = request.from === "END" ? columns.map(reverse) : columns;
  const cursor = readCursorValues(columns, request) ?? [];
  const names = walked.map(({ field }) => columnName(field));
  const places = cursor.map((_, index) => `$${parameters + index + 1}`);
  const isAscending = walked[0]?.direction === "asc";
  return {
    beyond: cursor.length === 0 ? null : `(${names.join(", ")}) ${isAscending ? ">" : "<"} (${places.join(", ")})`,
    orderBy: `${names.map((name) => `${name} ${isAscending ? "asc" : "desc"}`).join(", ")} limit $${parameters + cursor.length + 1}`,
    values: [...cursor, request.size + 1],
  };
}

/** Reads the sort values of rows as SQL has them. */
export function sortValuesBy(columns: readonly SortColumn[]): (row: object) => SortValue[] {
  const names = columns.map(({ field }) => columnName(field));
  return (row) => names.map((name) => Reflect.get(row, name) as SortValue); // The statement selected the column with this type.
}

/** As the schema maps them: `effectiveFrom` is `effective_from`. */
function columnName(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Reads one page by keyset: a condition on the sort columns, never an offset, so that a page costs the same wherever it
 * lies and rows that come or go elsewhere do not shift it. Asks for one row more than the page to know whether more follow.
 * @param read runs the query with these conditions added; each row must hold the sort columns and `key`.
 */
export async function readKeysetPage<Row extends { readonly key: string }>(
  columns: readonly SortColumn[],
  request: PageRequest,
  read: (query: { where: object; orderBy: object[]; take: number }) => Promise<Row[]>,
): Promise<Page> {
  const walked = request.from === "END" ? columns.map(reverse) : columns;
  const cursor = readCursorValues(columns, request);
  const rows = await read({
    where: cursor === null ? {} : beyond(walked, cursor),
    orderBy: walked.map(({ field, direction }) => ({ [field]: direction })),
    take: request.size + 1,
  });
  return toPage(rows, request, (row) => columns.map((column) => valueOf(row, column)));
}

/** Where the page begins: the values of the cursor's item, or null for the very start or end. Throws `InvalidCursor`. */
export function readCursorValues(columns: readonly SortColumn[], { beyond: texts }: PageRequest): readonly SortValue[] | null {
  if (texts === null) return null;
  if (texts.length !== columns.length) throw new InvalidCursor();
  return columns.map((column, index) => decodeValue(column, texts[index] ?? ""));
}

/** @param found from where the page begins on, in the direction in which it is read, and one more than the page has if there are more. */
export function toPage<Row extends { readonly key: string }, Entity = never>(
  found: readonly Row[],
  request: PageRequest,
  sortValuesOf: (row: Row) => readonly SortValue[],
  entityOf?: (row: Row) => Entity,
): Page<Entity> {
  const backwards = request.from === "END";
  const more = found.length > request.size;
  const page = found.slice(0, request.size);
  if (backwards) page.reverse();
  return {
    items: page.map((row) => ({ key: row.key, sortValues: sortValuesOf(row).map(encode) })),
    // A cursor stands on an item, so on the side that it came from there is at least that one.
    hasNextPage: backwards ? request.beyond !== null : more,
    hasPreviousPage: backwards ? more : request.beyond !== null,
    ...(entityOf ? { entities: page.map(entityOf) } : {}),
  };
}

function reverse(column: SortColumn): SortColumn {
  return { ...column, direction: column.direction === "asc" ? "desc" : "asc" };
}

/** (a, b, c) beyond (x, y, z): a beyond x, or a = x and b beyond y, or a = x and b = y and c beyond z. */
function beyond(columns: readonly SortColumn[], values: readonly SortValue[]): object {
  return {
    OR: columns.map(({ field, direction }, index) => ({
      AND: [
        ...columns.slice(0, index).map((equal, at) => ({ [equal.field]: values[at] })),
        { [field]: { [direction === "asc" ? "gt" : "lt"]: values[index] } },
      ],
    })),
  };
}

function valueOf(row: object, column: SortColumn): SortValue {
  return Reflect.get(row, column.field) as SortValue; // The query selected the column with this type.
}

function encode(value: SortValue): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function decodeValue({ type }: SortColumn, text: string): SortValue {
  switch (type) {
    case "text":
      // What no text of PostgreSQL can hold: NUL, and half of a surrogate pair.
      if (text.includes("\0") || LONE_SURROGATE.test(text)) throw new InvalidCursor();
      return text;
    case "int":
      if (!/^-?\d{1,9}$/.test(text)) throw new InvalidCursor();
      return Number(text);
    case "bigint":
      if (!/^-?\d{1,18}$/.test(text)) throw new InvalidCursor();
      return BigInt(text);
    case "instant": {
      const instant = parseInstant(text);
      if (instant === null) throw new InvalidCursor();
      return instant;
    }
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;
