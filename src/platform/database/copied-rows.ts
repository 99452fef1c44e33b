import type { ClientBase, Connection, CustomTypesConfig, Submittable } from "pg";

const TAB = 9;
const LINE_FEED = 10;
const NOT_ASCII = 0x80;
const NULL = "\\N";
const ESCAPED: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

type Row = Record<string, unknown>;

/** As `CustomTypesConfig`, which only knows the types that have names in pg. */
interface TextTypes {
  getTypeParser(oid: number, format: "text"): unknown;
}

/**
 * Reads very many rows that are much like the ones before them, for a fraction of what a query takes: the server sends them as lines of text, and a
 * value that is written as in the line before is not read again.
 * @param query a select without parameters.
 * @param onRow is given one and the same object each time, which holds the next row after that. What it throws rejects.
 */
export async function readCopied(client: ClientBase, query: string, types: CustomTypesConfig, onRow: (row: Readonly<Row>) => void): Promise<void> {
  // Lines do not say what they hold.
  const { fields } = await client.query({ text: `select * from (${query}) as described limit 0`, types });
  const textTypes: TextTypes = types;
  const line = new CopiedLine(
    fields.map(({ name, dataTypeID }) => ({ name, parse: textTypes.getTypeParser(dataTypeID, "text") as (text: string) => unknown })),
  );
  await new Promise<void>((resolve, reject) => {
    client.query(
      new Copy(
        `copy (${query}) to stdout`,
        (bytes) => onRow(line.read(bytes)),
        (error) => (error === null ? resolve() : reject(error)),
      ),
    );
  });
}

/** A statement in the form that `pg` takes from others: it calls these for each message of the server. */
class Copy implements Submittable {
  private failure: Error | null = null;

  constructor(
    readonly text: string,
    private readonly onLine: (bytes: Buffer) => void,
    private readonly onEnd: (error: Error | null) => void,
  ) {}

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  /** One for each row. Nobody above would take what is thrown here. */
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (this.failure) return;
    try {
      this.onLine(chunk);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  handleCommandComplete(): void {
    // The server tells how many rows there were.
  }

  handleReadyForQuery(): void {
    this.onEnd(this.failure);
  }

  handleError(error: Error): void {
    this.onEnd(error);
  }
}

/** A line of COPY's text format: values end with a tab, the last one with a line feed, and where these are part of a value they are escaped. */
class CopiedLine {
  private readonly row: Row;
  /** Of the line before, with room for the next one behind it. */
  private bytes = new Uint8Array(0);
  /** Where its values begin, and last where it ends. */
  private readonly starts: Int32Array;
  private isFirst = true;

  constructor(private readonly columns: readonly { readonly name: string; readonly parse: (text: string) => unknown }[]) {
    this.row = Object.fromEntries(columns.map(({ name }) => [name, null]));
    this.starts = new Int32Array(columns.length + 1);
  }

  read(line: Buffer): Row {
    const { columns, starts, row } = this;
    this.makeRoomFor(line.length);
    const before = this.bytes;
    let at = 0;
    for (let column = 0; column < columns.length; column++) {
      const begin = at;
      const shift = (starts[column] ?? 0) - at;
      let [difference, all] = [0, 0];
      for (let byte = line[at] ?? LINE_FEED; byte !== TAB && byte !== LINE_FEED; byte = line[++at] ?? LINE_FEED) {
        difference |= byte ^ (before[at + shift] ?? 0);
        all |= byte;
      }
      if (difference !== 0 || at + shift + 1 !== starts[column + 1] || this.isFirst)
        this.parse(column, line.toString(all < NOT_ASCII ? "latin1" : "utf8", begin, at));
      starts[column] = begin;
      at++;
    }
    starts[columns.length] = at;
    before.set(line);
    this.isFirst = false;
    return row;
  }

  private parse(column: number, text: string): void {
    const known = this.columns[column];
    if (known) this.row[known.name] = text === NULL ? null : known.parse(text.includes("\\") ? unescaped(text) : text);
  }

  private makeRoomFor(length: number): void {
    const needed = (this.starts[this.columns.length] ?? 0) + length;
    if (this.bytes.length >= needed) return;
    const bytes = new Uint8Array(2 * needed);
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gsu, (_, letter: string) => ESCAPED[letter] ?? letter);
}
