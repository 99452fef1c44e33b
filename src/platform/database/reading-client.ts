import { EventEmitter } from "node:events";
import type pg from "pg";
import { ReceivedBytes, type RowShape } from "./row-shape.js";

const DATA_ROW = 0x44;
const COMMAND_COMPLETE = 0x43;
const PARSE_COMPLETE = 0x31;
const BIND_COMPLETE = 0x32;
/** Its kind in a byte, its length in four. */
const HEAD = 5;

/** Who has asked, and is answered in the order of what it asked. */
export interface Reading {
  /** @param start where the message DataRow begins, after its head. */
  takeRow(received: ReceivedBytes, start: number): void;
  /** A statement has come to its end. */
  endRead(): void;
}

/** A connection of pg as it is, which its types do not tell, and what is known of it here. */
export interface ReadConnection extends pg.Connection {
  attachListeners(stream: EventEmitter): void;
  /** By the name of the statement; of those that the server has parsed and described. */
  readonly shapes: Map<string, RowShape>;
  /** Who takes what comes; null = pg does. */
  reading: Reading | null;
}

/** A kind of client whose rows are read by a `Reading` itself. pg would make an event, a message and a list of texts of each. */
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

/** Cuts what a connection receives into messages: rows, and where they end, for whoever reads, all others for pg. */
class IncomingMessages {
  /** The beginning of a message whose end is still to come. */
  private begun: Buffer | null = null;

  constructor(
    private readonly connection: ReadConnection,
    private readonly toOthers: (bytes: Buffer) => void,
  ) {}

  take(chunk: Buffer): void {
    const bytes = this.begun ? Buffer.concat([this.begun, chunk]) : chunk;
    let received: ReceivedBytes | null = null;
    let others = 0;
    let at = 0;
    while (at + HEAD <= bytes.length) {
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      const kind = bytes[at];
      if (this.connection.reading && isOfReads(kind)) {
        // In their order: what comes before may say what the columns are, or that nobody reads any more.
        if (others < at) this.toOthers(bytes.subarray(others, at));
        others = at;
        const { reading } = this.connection;
        if (reading) {
          if (kind === DATA_ROW) reading.takeRow((received ??= new ReceivedBytes(bytes)), at + HEAD);
          else if (kind === COMMAND_COMPLETE) reading.endRead();
          others = end;
        }
      }
      at = end;
    }
    if (others < at) this.toOthers(bytes.subarray(others, at));
    this.begun = at < bytes.length ? bytes.subarray(at) : null;
  }
}

/** Not what says that a statement was understood: with named statements that need not be heard. */
function isOfReads(kind: number | undefined): boolean {
  return kind === DATA_ROW || kind === COMMAND_COMPLETE || kind === BIND_COMPLETE || kind === PARSE_COMPLETE;
}
