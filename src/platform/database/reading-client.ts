import { EventEmitter } from "node:events";
import type pg from "pg";
import { runMessages } from "./read-messages.js";
import type { NamedStatement } from "./named-statement.js";
import { RowShape } from "./row-shape.js";

const DATA_ROW = 0x44;
/** Its kind in a byte, its length in four. */
const HEAD = 5;

/** A connection of pg as it is, which its types do not tell, and what is known of it here. */
interface ReadConnection extends pg.Connection {
  /** By name; of those that the server has parsed. */
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
  attachListeners(stream: EventEmitter): void;
  /** By the name of the statement; of those that have been described. */
  readonly shapes: Map<string, RowShape>;
  /** Who takes the rows that come; null = pg does. */
  reading: NamedRead | null;
}

/** A kind of client whose rows are read by `NamedRead` itself. pg would make an event, a message and a list of texts of each. */
export function readingClient(Client: typeof pg.Client): typeof pg.Client {
  return class ReadingClient extends Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      const connection: unknown = Reflect.get(this, "connection");
      readRowsOf(connection as ReadConnection); // It becomes one there.
    }
  };
}

function readRowsOf(connection: ReadConnection): void {
  const attach = connection.attachListeners.bind(connection);
  Object.assign(connection, {
    shapes: new Map(),
    reading: null,
    attachListeners: (stream: EventEmitter) => {
      const others = new EventEmitter();
      attach(others);
      const messages = new IncomingMessages(connection, (bytes) => others.emit("data", bytes));
      stream.on("data", (chunk: Buffer) => messages.take(chunk));
    },
  });
}

/** Cuts what a connection receives into messages: rows for whoever reads, all others for pg. */
class IncomingMessages {
  /** The beginning of a message whose end is still to come. */
  private begun: Buffer | null = null;

  constructor(
    private readonly connection: ReadConnection,
    private readonly toOthers: (bytes: Buffer) => void,
  ) {}

  take(chunk: Buffer): void {
    const bytes = this.begun ? Buffer.concat([this.begun, chunk]) : chunk;
    let others = 0;
    let at = 0;
    while (at + HEAD <= bytes.length) {
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      if (bytes[at] === DATA_ROW) {
        // In their order: what comes before may say what the columns are.
        if (others < at) this.toOthers(bytes.subarray(others, at));
        others = at;
        const { reading } = this.connection;
        if (reading) {
          reading.takeRow(bytes, at + HEAD, end);
          others = end;
        }
      }
      at = end;
    }
    if (others < at) this.toOthers(bytes.subarray(others, at));
    this.begun = at < bytes.length ? bytes.subarray(at) : null;
  }
}

type Callback = (error: Error | null, rows?: readonly object[]) => void;

/** One run of a named statement: what pg's own Query is, for `readingClient`. The server describes the columns only once to each connection. */
export class NamedRead implements pg.Submittable {
  readonly name: string;
  readonly text: string;
  /** The client's. */
  callback: Callback | undefined;
  private readonly values: readonly unknown[];
  private readonly rows: object[] = [];
  private connection: ReadConnection | null = null;
  private shape: RowShape | null = null;
  private failure: Error | null = null;

  constructor({ name, text, values = [] }: NamedStatement) {
    this.name = name;
    this.text = text;
    this.values = values;
  }

  /** What it returns has kept it from being sent. */
  submit(given: pg.Connection): Error | null {
    const connection = given as ReadConnection; // It is sent over clients of that kind only.
    const { name, text } = this;
    const parsed = connection.parsedStatements[name];
    if (parsed !== undefined && parsed !== text) return new Error(`two statements have the name ${name}`);
    this.shape = connection.shapes.get(name) ?? null;
    try {
      const run = runMessages(name, this.values, this.shape === null);
      if (parsed === undefined) connection.parse({ name, text, types: [] }, true);
      connection.stream.write(run);
    } catch (error) {
      return error instanceof Error ? error : new Error("a statement could not be sent", { cause: error });
    }
    connection.reading = this;
    this.connection = connection;
    return null;
  }

  takeRow(bytes: Buffer, start: number, end: number): void {
    if (this.failure) return;
    try {
      if (!this.shape) throw new Error("the server sent a row before it said what its columns are");
      this.rows.push(this.shape.read(bytes, start, end));
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error("a row could not be read", { cause: error });
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    this.shape = new RowShape(fields);
    this.connection?.shapes.set(this.name, this.shape);
  }

  handleCommandComplete(): void {
    // How many rows there were is known.
  }

  handleError(error: Error): void {
    this.end();
    this.callback?.(error);
  }

  handleReadyForQuery(): void {
    this.end();
    if (this.failure) this.callback?.(this.failure);
    else this.callback?.(null, this.rows);
  }

  private end(): void {
    if (this.connection?.reading === this) this.connection.reading = null;
  }
}
