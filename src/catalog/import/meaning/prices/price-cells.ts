import { Trouble, type Report } from "../../problem.js";
import type { ProblemCode } from "../../problem-codes.js";
import type { PriceField, PriceText } from "../../shapes/price.shape.js";
import type { Read, Source } from "../../source.js";

type CellField = Exclude<PriceField, "tiers">;
type ReadCell<T> = (text: string) => T | Trouble;

/** The texts of one price, and what was wrong with them so far. */
export interface PriceCells {
  readonly text: Read<PriceText>;
  readonly source: Source;
  /** What the cell says, null if it is empty, `undefined` if it is broken. */
  read<T>(field: CellField, read: ReadCell<T>): T | null | undefined;
  /** The same for a cell that may not be empty. */
  need<T>(field: CellField, read: ReadCell<T>): T | undefined;
  /** Reports a trouble of a field. */
  refuse(field: PriceField, code: ProblemCode, message: string): void;
  /** Whether nothing was wrong. */
  areSound(): boolean;
}

export function priceCells(text: Read<PriceText>, source: Source, report: Report): PriceCells {
  let sound = Object.values(text).every((written) => written !== undefined);
  const cells: PriceCells = {
    text,
    source,
    read: (field, read) => {
      const written = text[field];
      if (written === undefined || written === null) return written;
      const value = read(written);
      if (!(value instanceof Trouble)) return value;
      cells.refuse(field, value.code, value.message);
      return undefined;
    },
    need: (field, read) => {
      if (text[field] === null) cells.refuse(field, "FIELD_MISSING", `It is missing; every price needs ${field}. Give it.`);
      return cells.read(field, read) ?? undefined;
    },
    refuse: (field, code, message) => {
      sound = false;
      report(source.place(field), code, message);
    },
    areSound: () => sound,
  };
  return cells;
}
