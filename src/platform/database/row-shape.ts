import type { FieldDef } from "pg";
import { textParserOf } from "./value-types.js";

/** Texts that are longer take less time to decode than to look at byte by byte. */
const SHORT = 64;

/** The columns of a statement, and how a row of them is read from a message of the server. */
export class RowShape {
  private readonly names: readonly string[];
  /** Null = the text is the value. */
  private readonly parsers: readonly ReturnType<typeof textParserOf>[];
  /** Rows are copies of it, so that all have one form. */
  private readonly empty: Readonly<Record<string, null>>;

  constructor(fields: readonly FieldDef[]) {
    this.names = fields.map(({ name }) => name);
    this.parsers = fields.map(({ dataTypeID }) => textParserOf(dataTypeID));
    this.empty = Object.fromEntries(this.names.map((name) => [name, null]));
  }

  /**
   * The row of a message DataRow, whose bytes from `start` to `end` say how many columns there are, then of each its length, -1 for null, and its
   * text. Most texts are ASCII and short: these are cut from one text of the whole row, which takes a fifth of decoding each.
   */
  read(bytes: Buffer, start: number, end: number): object {
    const row: Record<string, unknown> = { ...this.empty };
    const { names, parsers } = this;
    const text = bytes.toString("latin1", start, end);
    let at = start + 2;
    for (let column = 0; column < names.length; column++) {
      const length = bytes.readInt32BE(at);
      at += 4;
      if (length < 0) continue;
      const to = at + length;
      const value = length <= SHORT && isAscii(bytes, at, to) ? text.slice(at - start, to - start) : bytes.toString("utf8", at, to);
      const parse = parsers[column] ?? null;
      row[names[column] ?? ""] = parse === null ? value : parse(value);
      at = to;
    }
    return row;
  }
}

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  let seen = 0;
  for (let at = start; at < end; at++) seen |= bytes[at] ?? 0;
  return seen < 0x80;
}
