import { didYouMean } from "../nearest.js";
import { Trouble, type Report } from "../problem.js";
import { show } from "../source.js";
import type { CatalogFile } from "./catalog-file.js";
import { readCsvRecords, type CsvRecord } from "./csv-records.js";
import { cleanValue } from "./text.js";

/** A row of a price list: what its cells say by column. Empty cells are absent. */
export interface Row {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface Columns {
  readonly known: readonly string[];
  readonly needed: readonly string[];
}

/** Reads a price list row by row, in pieces of what arrives together. Rows that cannot be told apart are reported and left out. */
export async function* readPriceList(file: CatalogFile, columns: Columns, report: Report): AsyncGenerator<Row[]> {
  let header: (string | null)[] | null = null;
  let saysNothing = true;
  const onTrouble: Report = (...problem) => {
    saysNothing = false;
    report(...problem);
  };
  for await (const records of readCsvRecords(file, onTrouble)) {
    const rows: Row[] = [];
    for (const record of records) {
      if (record.cells.every((cell) => cell.trim() === "")) continue;
      if (header === null) {
        header = readHeader(file.name, record, columns, report);
        if (header === null) return;
        continue;
      }
      const row = readRow(file.name, record, header, report);
      if (row) rows.push(row);
    }
    if (rows.length > 0) yield rows;
  }
  if (header === null && saysNothing)
    report({ file: file.name, line: 1, path: "" }, "FILE_EMPTY", "The file says nothing. A price list begins with a header line that names its columns.");
}

/** Null if rows cannot be read under this header. */
function readHeader(file: string, { line, cells }: CsvRecord, { known, needed }: Columns, report: Report): (string | null)[] | null {
  const separator = cells.length === 1 ? /[;\t|]/.exec(cells[0] ?? "")?.[0] : undefined;
  if (separator !== undefined) {
    report({ file, line, path: "" }, "CSV_SYNTAX", `Cells are separated by ${show(separator)}. Save the list separated by commas.`);
    return null;
  }
  const seen = new Set<string>();
  const header = cells.map((cell, index) => {
    const name = cleanValue(cell);
    const place = { file, line, path: `column ${index + 1}` };
    if (name instanceof Trouble) report(place, name.code, name.message);
    else if (name === "") report(place, "COLUMN_UNKNOWN", "The header has an empty cell. Name the column or remove it.");
    else if (!known.includes(name))
      report(place, "COLUMN_UNKNOWN", `There is no column ${show(name)}.${didYouMean(name, known)} Columns are ${known.join(", ")}.`);
    else if (seen.has(name)) report(place, "COLUMN_TWICE", `The header names ${name} twice. Keep one of the columns.`);
    else {
      seen.add(name);
      return name;
    }
    return null;
  });
  const missing = needed.filter((name) => !seen.has(name));
  for (const name of missing)
    report({ file, line, path: name }, "COLUMN_MISSING", `The header lacks the column ${name}, which every price needs. The rows were not checked.`);
  return missing.length === 0 ? header : null;
}

function readRow(file: string, record: CsvRecord, header: readonly (string | null)[], report: Report): Row | null {
  const { line } = record;
  if (record.cells.length !== header.length) {
    const found = `The row has ${record.cells.length} cells, the header has ${header.length}.`;
    report({ file, line, path: "" }, "ROW_WRONG_LENGTH", `${found} Give each column one cell; a cell with a comma in it needs quotes.`);
    return null;
  }
  const cells = Object.create(null) as Record<string, string>;
  for (const [index, name] of header.entries()) {
    const cell = record.cells[index] ?? "";
    if (name === null || cell === "") continue;
    const value = cleanValue(cell);
    if (value instanceof Trouble) {
      report({ file, line, path: name }, value.code, value.message);
      return null;
    }
    if (value !== "") cells[name] = value;
  }
  return { line, cells };
}
