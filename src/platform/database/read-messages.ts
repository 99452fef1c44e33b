import type { NamedStatement } from "./named-statement.js";

// Messages to the server as https://www.postgresql.org/docs/current/protocol-message-formats.html has them.

const PARSE = 0x50;
const BIND = 0x42;
/** Tell what the columns of the unnamed portal are. */
const DESCRIBE = Buffer.from([0x44, 0, 0, 0, 6, 0x50, 0]);
/** Run the unnamed portal to its end. */
const EXECUTE = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0]);
/** Then say that the next may come. */
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);

/** A statement with its values, as messages that have it run. */
export class RunMessages {
  readonly name: string;
  readonly text: string;
  private readonly nameBytes: number;
  private readonly values: readonly (string | null)[];
  /** Of the message Bind. */
  private readonly bindBytes: number;

  /** Throws for values that no read asks by. */
  constructor({ name, text, values = [] }: NamedStatement) {
    this.name = name;
    this.text = text;
    this.nameBytes = Buffer.byteLength(name);
    this.values = values.map(wireText);
    this.bindBytes = 1 + 4 + 1 + this.nameBytes + 1 + 2 + 2 + this.values.reduce((sum, value) => sum + 4 + bytesOf(value), 0) + 2;
  }

  /** @param isNew the server does not know the statement by its name yet: it is told, and asked what its columns are. */
  bytes(isNew: boolean): number {
    return (isNew ? this.parseBytes + DESCRIBE.length : 0) + this.bindBytes + EXECUTE.length;
  }

  /** Returns where they end. */
  write(out: Buffer, start: number, isNew: boolean): number {
    let at = this.writeBind(out, isNew ? this.writeParse(out, start) : start);
    if (isNew) at += DESCRIBE.copy(out, at);
    return at + EXECUTE.copy(out, at);
  }

  private get parseBytes(): number {
    return 1 + 4 + this.nameBytes + 1 + Buffer.byteLength(this.text) + 1 + 2;
  }

  private writeParse(out: Buffer, start: number): number {
    out[start] = PARSE;
    let at = out.writeInt32BE(this.parseBytes - 1, start + 1);
    at = writeText(out, at, this.name);
    at = writeText(out, at, this.text);
    return out.writeInt16BE(0, at); // The server finds the types of the values itself.
  }

  private writeBind(out: Buffer, start: number): number {
    out[start] = BIND;
    let at = out.writeInt32BE(this.bindBytes - 1, start + 1);
    out[at++] = 0; // The unnamed portal.
    at = writeText(out, at, this.name);
    at = out.writeInt16BE(0, at); // All values are texts.
    at = out.writeInt16BE(this.values.length, at);
    for (const value of this.values) {
      if (value === null) {
        at = out.writeInt32BE(-1, at);
        continue;
      }
      const length = out.write(value, at + 4);
      out.writeInt32BE(length, at);
      at += 4 + length;
    }
    return out.writeInt16BE(0, at); // And so are all results.
  }
}

/** In one piece, so that it takes one call of the system to send. What `isNew` holds is asked for the first time. */
export function messagesOf(runs: readonly RunMessages[], isNew: readonly boolean[]): Buffer {
  let bytes = SYNC.length;
  for (const [index, run] of runs.entries()) bytes += run.bytes(isNew[index] === true);
  const messages = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const [index, run] of runs.entries()) at = run.write(messages, at, isNew[index] === true);
  SYNC.copy(messages, at);
  return messages;
}

function bytesOf(text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(text);
}

/** With its end. */
function writeText(out: Buffer, start: number, text: string): number {
  const end = start + out.write(text, start);
  out[end] = 0;
  return end + 1;
}

/** A value as the server reads it. Throws for what no read asks by. */
function wireText(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "undefined":
      return null;
    default:
      if (value === null) return null;
      if (value instanceof Date) return value.toISOString();
      if (Array.isArray(value)) return wireArray(value);
      throw new TypeError(`a read cannot be asked by a value of this kind: ${typeof value}`);
  }
}

/** Texts are quoted, because one may be `NULL`, empty, or hold a comma. Most lists are of keys, where nothing within the quotes has to be escaped. */
function wireArray(elements: readonly unknown[]): string {
  if (elements.length === 0) return "{}";
  if (elements.every((element) => typeof element === "string") && !NOT_PLAIN.test(elements.join(""))) return `{"${elements.join('","')}"}`;
  return `{${elements.map(wireElement).join(",")}}`;
}

function wireElement(element: unknown): string {
  return typeof element === "string" ? `"${element.replaceAll(NOT_PLAIN_ALL, String.raw`\$&`)}"` : (wireText(element) ?? "NULL");
}

const NOT_PLAIN = /["\\]/;
const NOT_PLAIN_ALL = /["\\]/g;
