import { isAscii } from "node:buffer";
import type { FieldDef } from "pg";
import { textParserOf } from "./value-types.js";

/** Texts that are longer take less time to decode than to look at byte by byte. */
const SHORT = 64;

/** What came from the server at once. Its text is decoded once, and values that are ASCII are cut from it: decoding each would take five times as long. */
export class ReceivedBytes {
  /** A character for each byte. */
  readonly text: string;
  readonly isAscii: boolean;
  readonly numbers: DataView;

  constructor(readonly bytes: Buffer) {
    this.text = bytes.toString("latin1");
    this.isAscii = isAscii(bytes);
    this.numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  read(start: number, end: number): string {
    return this.isAscii || (end - start <= SHORT && isAsciiBetween(this.bytes, start, end))
      ? this.text.slice(start, end)
      : this.bytes.toString("utf8", start, end);
  }
}

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

  /** The row of a message DataRow, which from `start` on says how many columns there are, then of each its length, -1 for null, and its text. */
  read(received: ReceivedBytes, start: number): object {
    const row: Record<string, unknown> = { ...this.empty };
    const { names, parsers } = this;
    let at = start + 2;
    for (let column = 0; column < names.length; column++) {
      const length = received.numbers.getInt32(at);
      at += 4;
      if (length < 0) continue;
      const value = received.read(at, at + length);
      const parse = parsers[column] ?? null;
      row[names[column] ?? ""] = parse === null ? value : parse(value);
      at += length;
    }
    return row;
  }
}

function isAsciiBetween(bytes: Buffer, start: number, end: number): boolean {
  let seen = 0;
  for (let at = start; at < end; at++) seen |= bytes[at] ?? 0;
  return seen < 0x80;
}
