/** A stretch of a list: the first `size` after a cursor, or the last `size` before one. */
export interface PageRequest {
  readonly size: number;
  readonly from: "START" | "END";
  /** Sort values of the item next to the page, as text; null = the very start (or end) of the list. */
  readonly beyond: readonly string[] | null;
}

/** What was found: keys in the order of the list, each with its sort values, which a cursor is made of. */
export interface Page<Entity = unknown> {
  readonly items: readonly PageItem[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** What stands on the page, if it was read along with the keys; else it is loaded by key. */
  readonly entities?: readonly Entity[];
}

export interface PageItem {
  readonly key: string;
  readonly sortValues: readonly string[];
}

/** The order of a list; items that are equal in it are ordered by key. */
export interface ListOrder<Field extends string> {
  readonly field: Field;
  readonly direction: "asc" | "desc";
}

export const MAX_PAGE_SIZE = 100;

/** A cursor that no list of ours made, or that another list did. */
export class InvalidCursor extends Error {
  constructor(why = "send one that this list returned") {
    super(`The cursor is not usable here: ${why}.`);
    this.name = "InvalidCursor";
  }
}
