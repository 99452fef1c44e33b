import pg from "pg";
import type { NamedStatement } from "./named-statement.js";
import { messagesOf, RunMessages } from "./read-messages.js";
import type { ReadConnection, Reading } from "./reading-client.js";
import { RowShape, type ReceivedBytes } from "./row-shape.js";

/** One run of a named statement. */
export class NamedRead {
  readonly run: RunMessages;
  private readonly rows: object[] = [];
  private failure: Error | null = null;

  /** Throws for values that no read asks by. */
  constructor(
    statement: NamedStatement,
    private readonly resolve: (result: { readonly rows: object[] }) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.run = new RunMessages(statement);
  }

  takeRow(shape: RowShape | null, received: ReceivedBytes, start: number): void {
    if (this.failure) return;
    try {
      if (!shape) throw new Error("the server sent a row before it said what its columns are");
      this.rows.push(shape.read(received, start));
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error("a row could not be read", { cause: error });
    }
  }

  end(): void {
    if (this.failure) this.reject(this.failure);
    else this.resolve({ rows: this.rows });
  }

  fail(error: Error): void {
    this.reject(error);
  }
}

/** So that not too many wait for one connection, or are lost with it. */
const MAX_READS = 16;

/**
 * Reads that are sent together over one connection, which answers them one after the other: what pg's own Query is, for `readingClient`. The server
 * describes the columns of a statement only once to each connection. Those who ask may join as long as it waits for a connection.
 */
export class ReadBatch implements pg.Submittable, Reading {
  /** The client's. */
  callback: ((error: Error | null) => void) | undefined;
  private readonly reads: NamedRead[] = [];
  /** The place of the read that is answered next. */
  private current = 0;
  private isSent = false;
  private shape: RowShape | null = null;
  private connection: ReadConnection | null = null;

  /** @param askAgain takes those that the server passed over, because one before them failed. */
  constructor(private readonly askAgain: (reads: readonly NamedRead[]) => void) {}

  /** False = it is too late. */
  join(read: NamedRead): boolean {
    if (this.isSent || this.reads.length >= MAX_READS) return false;
    this.reads.push(read);
    return true;
  }

  submit(given: pg.Connection): void {
    const connection = given as ReadConnection; // It is sent over clients of that kind only.
    this.isSent = true;
    this.connection = connection;
    connection.reading = this;
    const told = new Set<string>();
    const runs = this.reads.map(({ run }) => run);
    const isNew = runs.map(({ name }) => !connection.shapes.has(name) && !told.has(name) && told.add(name) === told);
    connection.stream.write(messagesOf(runs, isNew));
  }

  takeRow(received: ReceivedBytes, start: number): void {
    const read = this.reads[this.current];
    if (read) read.takeRow((this.shape ??= this.connection?.shapes.get(read.run.name) ?? null), received, start);
  }

  endRead(): void {
    this.shape = null;
    this.reads[this.current++]?.end();
  }

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    const read = this.reads[this.current];
    if (read) this.connection?.shapes.set(read.run.name, new RowShape(fields));
  }

  handleError(error: Error): void {
    this.release();
    this.isSent = true;
    const failed = this.reads[this.current++];
    failed?.fail(error);
    // Nothing else is wrong with the others; the connection is not used any more.
    if (error instanceof pg.DatabaseError) this.askAgain(this.reads.splice(this.current));
    else this.fail(error);
    this.callback?.(error);
  }

  handleReadyForQuery(): void {
    this.release();
    this.callback?.(null);
  }

  /** Fails all that have no answer yet. */
  fail(error: Error): void {
    this.isSent = true;
    while (this.current < this.reads.length) this.reads[this.current++]?.fail(error);
  }

  private release(): void {
    if (this.connection?.reading === this) this.connection.reading = null;
  }
}
