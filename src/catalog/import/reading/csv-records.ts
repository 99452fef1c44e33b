import { CsvError, parse, type Parser } from "csv-parse";
import { LIMITS } from "../limits.js";
import { Trouble, type Report } from "../problem.js";
import type { CatalogFile } from "./catalog-file.js";
import { countLines, decodeText, wholeLines } from "./text.js";

export interface CsvRecord {
  /** The one that it begins in. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Reads the records of a file in pieces of what arrives together. What cannot be read ends the file, and is reported. */
export async function* readCsvRecords(file: CatalogFile, report: Report): AsyncGenerator<CsvRecord[]> {
  const csv = csvParser();
  let line = 1;
  let bad: { trouble: Trouble; line: number } | null = null;
  for await (const piece of wholeLines(file.open(), LIMITS.rowBytes)) {
    const text = piece instanceof Trouble ? { trouble: piece, line, before: "" } : decodeText(piece, line);
    if (typeof text !== "string") bad = text;
    await csv.write(typeof text === "string" ? text : text.before);
    yield csv.take();
    if (bad || csv.failure()) break;
    if (!(piece instanceof Trouble)) line += countLines(piece);
  }
  await csv.end();
  yield csv.take();
  const failure = csv.failure();
  if (failure && !bad) bad = { trouble: syntaxTrouble(failure), line: csv.nextLine() };
  csv.destroy();
  if (bad) report({ file: file.name, line: bad.line, path: "" }, bad.trouble.code, `${bad.trouble.message} What follows was not checked.`);
}

interface CsvParser {
  write(text: string): Promise<void>;
  /** Nothing more is written: a record may end without a line end. */
  end(): Promise<void>;
  /** The records read since. */
  take(): CsvRecord[];
  failure(): Error | null;
  /** Where the next record begins. */
  nextLine(): number;
  destroy(): void;
}

function csvParser(): CsvParser {
  let records: CsvRecord[] = [];
  let nextLine = 1;
  let failure: Error | null = null;
  const parser: Parser = parse({
    relax_column_count: true,
    record_delimiter: ["\r\n", "\n"],
    max_record_size: LIMITS.rowBytes,
    // Taken here and not from the stream, which would forget the records before a broken one.
    on_record: (cells: string[]) => {
      records.push({ line: nextLine, cells });
      // The parser's own count takes CR LF within quotes for two.
      nextLine += cells.reduce((lines, cell) => lines + cell.split("\n").length - 1, 1);
      return null;
    },
  });
  parser.on("error", (error: Error) => (failure ??= error));
  parser.resume();
  return {
    write: (text) => new Promise((resolve) => parser.write(text, () => resolve())),
    end: () =>
      new Promise((resolve) => {
        if (failure) return resolve();
        parser.once("error", () => resolve());
        parser.once("end", () => resolve());
        parser.end();
      }),
    take: () => {
      const taken = records;
      records = [];
      return taken;
    },
    failure: () => failure,
    nextLine: () => nextLine,
    destroy: () => parser.destroy(),
  };
}

const SYNTAX: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "A quote is opened in this row and never closed.",
  CSV_INVALID_CLOSING_QUOTE: "A closing quote in this row is followed by something else than a comma. Write a quote within quotes twice.",
  INVALID_OPENING_QUOTE: "A quote in this row is within a cell that does not begin with one. Put the whole cell in quotes, and write the quote twice.",
};

function syntaxTrouble(failure: Error): Trouble {
  if (!(failure instanceof CsvError)) throw failure;
  if (failure.code === "CSV_MAX_RECORD_SIZE")
    return new Trouble("FILE_TOO_LARGE", `This row is longer than ${LIMITS.rowBytes / 1024} KiB; perhaps a quote is never closed.`);
  return new Trouble("CSV_SYNTAX", SYNTAX[failure.code] ?? failure.message);
}
