import { LRUCache } from "lru-cache";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Front, ParsedExchange, RepeatedRequest } from "../exchange.js";
import type { RepeatedExchange } from "./repeated-exchange.js";
import { WatchedConnection, type Repeats } from "./watched-connection.js";

/** How many of those that came once are remembered, by their names alone. */
const MAX_SEEN = 50_000;
/** What one takes beside its bytes. */
const ENTRY_BYTES = 2_000;

/**
 * Knows requests by their bytes. Parsing one and writing its answer by Node's HTTP takes longer than finding out what to answer; one that is byte by
 * byte the same as one that Node has read before, alone on its connection, means the same, so it need not be read again. They are kept under their SHA-256, never
 * as they are, and without their credentials.
 */
export class RepeatedRequests implements Repeats {
  private readonly known: LRUCache<string, RepeatedRequest>;
  /** What comes for the first time is not kept: a flood of requests that come once must not push out those that come again. */
  private readonly seen = new LRUCache<string, true>({ max: MAX_SEEN });
  private readonly connections = new WeakMap<Socket, WatchedConnection>();
  private readonly waiting = new Set<WatchedConnection>();
  private settled: (() => void) | null = null;

  constructor(
    private readonly front: Front,
    maxBytes: number,
    readonly keepAliveSeconds: number,
    readonly silenceMs: number,
  ) {
    this.known = new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ byteLength }) => ENTRY_BYTES + byteLength });
  }

  /** Stands between the sockets of a server and its parsers. */
  watch(server: Server): void {
    server.on("connection", (socket: Socket) => {
      const connection = new WatchedConnection(socket, (chunk) => void read?.call(socket, chunk), this);
      const take = (chunk: Buffer): void => connection.take(chunk);
      // Node's parser reads a socket without events until somebody else listens to it.
      socket.on("data", take);
      const [read, ...others] = socket.listeners("data").filter((listener) => listener !== take);
      // Some other Node, of which nothing is known here.
      if (!read || others.length > 0) return void socket.off("data", take);
      socket.off("data", read as (chunk: Buffer) => void); // A listener to this event.
      socket.on("close", () => connection.close());
      this.connections.set(socket, connection);
    });
  }

  /** A request that the parser has brought. */
  follow(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.connections.get(request.socket);
    if (!connection) return;
    connection.parsed();
    response.once("finish", () => connection.finished(request));
  }

  /** Resolves once everything that came is answered. */
  async whenSettled(): Promise<void> {
    if (this.waiting.size > 0) await new Promise<void>((resolve) => (this.settled = resolve));
  }

  /** Of a request that gets a good answer. Null = it is not known yet. */
  remember(exchange: ParsedExchange): RepeatedRequest | null {
    return this.connections.get(exchange.raw.socket)?.learn(exchange) ?? null;
  }

  find(name: string): RepeatedRequest | null {
    return this.known.get(name) ?? null;
  }

  learn(name: string, request: RepeatedRequest): void {
    this.known.set(name, request);
  }

  hasSeen(name: string): boolean {
    const hasSeen = this.seen.has(name);
    this.seen.set(name, true);
    return hasSeen;
  }

  receiveAgain(exchange: RepeatedExchange): void {
    this.front.receiveAgain(exchange);
  }

  isWaiting(connection: WatchedConnection): void {
    this.waiting.add(connection);
  }

  isFree(connection: WatchedConnection): void {
    if (!this.waiting.delete(connection) || this.waiting.size > 0) return;
    this.settled?.();
    this.settled = null;
  }
}
