import { isUtf8 } from "node:buffer";
import { Trouble } from "../problem.js";

const NEW_LINE = 0x0a;
const BYTE_ORDER_MARK = "\uFEFF";

export interface BadText {
  readonly trouble: Trouble;
  readonly line: number;
  /** The lines before. */
  readonly before: string;
}

/** Bytes as text, or the first line that is none. */
export function decodeText(bytes: Buffer, firstLine: number): string | BadText {
  const bad = findBadLine(bytes);
  const text = bytes.subarray(0, bad?.offset).toString("utf8");
  const clean = firstLine === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  if (bad === null) return clean;
  const isUtf16 = firstLine === 1 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
  const message = bad.hasNul
    ? "This line holds a NUL byte, so it is no text. Save the file again as UTF-8, or restore it."
    : `This is not UTF-8; it ${isUtf16 ? "looks like UTF-16, which spreadsheets call Unicode text" : "may be in an older encoding such as Windows-1252"}. Save the file as UTF-8.`;
  return { trouble: new Trouble("FILE_NOT_UTF8", message), line: firstLine + bad.linesBefore, before: clean };
}

// A line feed is never part of a longer UTF-8 character, so each line can be checked on its own.
function findBadLine(bytes: Buffer): { offset: number; linesBefore: number; hasNul: boolean } | null {
  if (isUtf8(bytes) && !bytes.includes(0)) return null;
  let linesBefore = 0;
  for (let offset = 0; offset < bytes.length; linesBefore++) {
    const next = bytes.indexOf(NEW_LINE, offset);
    const line = bytes.subarray(offset, next === -1 ? bytes.length : next + 1);
    if (!isUtf8(line) || line.includes(0)) return { offset, linesBefore, hasNul: isUtf8(line) };
    offset += line.length;
  }
  return null;
}

/** Cuts a stream of bytes at line ends. No piece but the last ends within a line. Trouble ends the stream: a line that is too long. */
export async function* wholeLines(chunks: AsyncIterable<Uint8Array>, maxLineBytes: number): AsyncGenerator<Buffer | Trouble> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = bytes.lastIndexOf(NEW_LINE) + 1;
    if (end > 0) {
      yield Buffer.concat([...rest, bytes.subarray(0, end)]);
      rest = [];
      restBytes = 0;
    }
    rest.push(bytes.subarray(end));
    restBytes += bytes.length - end;
    if (restBytes > maxLineBytes) {
      yield new Trouble("FILE_TOO_LARGE", `This line is longer than ${maxLineBytes / 1024} KiB. End each row with a line end.`);
      return;
    }
  }
  if (restBytes > 0) yield Buffer.concat(rest);
}

export function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEW_LINE); at !== -1; at = bytes.indexOf(NEW_LINE, at + 1)) lines += 1;
  return lines;
}

const NOT_ALLOWED = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\p{Cs}]/u;

/**
 * A value as it is kept: in Unicode's composed form, so that texts that look the same are the same, and without the
 * spaces and line ends around it, so that the way it is laid out in a file makes no difference.
 */
export function cleanValue(text: string): string | Trouble {
  const bad = NOT_ALLOWED.exec(text)?.[0];
  if (bad !== undefined) {
    const code = (bad.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return new Trouble("TEXT_NOT_ALLOWED", `The text holds U+${code}, a control character or half of a surrogate pair. Remove it.`);
  }
  return text.replaceAll("\r\n", "\n").normalize("NFC").trim();
}
