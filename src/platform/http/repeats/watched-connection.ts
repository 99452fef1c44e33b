import { hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { ParsedExchange, RepeatedRequest } from "../exchange.js";
import { RepeatedExchange } from "./repeated-exchange.js";
import { lengthOfWhole, readsLike } from "./whole-request.js";

/** Longer requests are not looked up: they are not the ones that come again and again. */
const MAX_BYTES = 16_384;

/** What connections share. */
export interface Repeats {
  readonly keepAliveSeconds: number;
  /** For how long a client may take nothing of its answer. */
  readonly silenceMs: number;
  find(name: string): RepeatedRequest | null;
  learn(name: string, request: RepeatedRequest): void;
  /** Whether it has come before; from now on it has. */
  hasSeen(name: string): boolean;
  receiveAgain(exchange: RepeatedExchange): void;
  isWaiting(connection: WatchedConnection): void;
  isFree(connection: WatchedConnection): void;
}

/**
 * Where a connection is. `NEW`: nothing has come. `PARSING`: Node's parser has a request, or several. `BETWEEN`: everything that came was answered, and
 * the parser stands where a request begins. `LEFT`: that cannot be said any more, so the rest is Node's alone.
 */
type Phase = "NEW" | "PARSING" | "BETWEEN" | "LEFT";

/** Stands between a socket and Node's parser, and takes out requests that are known by their bytes. All else reaches the parser as it came. */
export class WatchedConnection {
  private phase: Phase = "NEW";
  /** Since the connection was last between two requests: the first bytes, their name, how many came in all, and how many requests the parser made of them. */
  private first: Buffer | null = null;
  private name: string | null = null;
  private received = 0;
  private requests = 0;
  /** The repeated request that is not answered yet, and what came after it. */
  private exchange: RepeatedExchange | null = null;
  private held: Buffer | null = null;

  constructor(
    private readonly socket: Socket,
    /** Node's parser. */
    private readonly parse: (chunk: Buffer) => void,
    private readonly repeats: Repeats,
  ) {}

  /** Bytes have come. */
  take(chunk: Buffer): void {
    // What had been read before still comes, but Node may have given the parser away by now: after CONNECT it does at once.
    if (this.socket.destroyed) return;
    if (this.exchange) this.hold(chunk);
    else if (this.phase === "BETWEEN" || this.phase === "NEW") this.begin(chunk);
    else this.pass(chunk);
  }

  private begin(chunk: Buffer): void {
    const name = chunk.length <= MAX_BYTES ? hash("sha256", chunk, "base64url") : null;
    // The first request of a connection is always the parser's, which would otherwise wait for it and lose patience. And whoever
    // does not read what it is sent gets no more of it from here.
    const isUsual = this.phase === "BETWEEN" && this.socket.writableLength === 0;
    const repeated = name !== null && isUsual ? this.repeats.find(name) : null;
    if (repeated) return this.answerAgain(repeated, chunk);
    this.parseFirst(chunk, name);
  }

  private parseFirst(chunk: Buffer, name: string | null): void {
    this.phase = "PARSING";
    this.first = chunk;
    this.name = name;
    this.received = 0;
    this.requests = 0;
    this.pass(chunk);
  }

  private pass(chunk: Buffer): void {
    this.received += chunk.length;
    this.parse(chunk);
  }

  private hold(chunk: Buffer): void {
    this.held = this.held ? Buffer.concat([this.held, chunk]) : chunk;
    this.socket.pause();
  }

  private answerAgain(repeated: RepeatedRequest, chunk: Buffer): void {
    const exchange = new RepeatedExchange(repeated, this.socket, chunk, this.repeats.keepAliveSeconds, this);
    this.exchange = exchange;
    this.repeats.receiveAgain(exchange);
    // Most are answered by now.
    if (this.exchange === exchange) this.repeats.isWaiting(this);
  }

  answered(exchange: RepeatedExchange): void {
    if (this.exchange === exchange) this.goOn();
  }

  /** Between two requests a connection may be silent for longer than while there is an answer to be taken. */
  isNotTaken(): void {
    const { socket } = this;
    const { timeout = 0 } = socket;
    socket.setTimeout(this.repeats.silenceMs);
    // The parser, if it has a request by then, sets its own time.
    socket.write("", () => {
      if (this.phase === "BETWEEN") socket.setTimeout(timeout);
    });
  }

  handedOn(exchange: RepeatedExchange): void {
    if (this.exchange !== exchange) return;
    this.exchange = null;
    this.repeats.isFree(this);
    if (!this.socket.destroyed) this.parseFirst(exchange.bytes, null);
    this.goOn();
  }

  private goOn(): void {
    const { held } = this;
    this.exchange = null;
    this.held = null;
    this.repeats.isFree(this);
    if (!held || this.socket.destroyed) return;
    this.socket.resume();
    this.take(held);
  }

  /** The socket has closed. */
  close(): void {
    this.exchange?.close();
    this.exchange = null;
    this.held = null;
    this.repeats.isFree(this);
  }

  /** The parser has made a request of what came. */
  parsed(): void {
    this.requests++;
  }

  /** A request of the parser's was answered to its end. */
  finished(request: IncomingMessage): void {
    if (this.phase !== "PARSING") return;
    const isWhole = this.requests === 1 && request.complete && this.first !== null && this.received === lengthOfWhole(this.first, request);
    this.phase = isWhole ? "BETWEEN" : "LEFT";
    this.first = null;
  }

  /** What was parsed gets a good answer. Returns what is remembered of it. */
  learn({ raw, body, isKeptAlive }: ParsedExchange): RepeatedRequest | null {
    const { first, name, requests, received } = this;
    if (!first || name === null || requests !== 1 || received !== first.length || !isKeptAlive) return null;
    const known = this.repeats.find(name);
    if (known || !this.repeats.hasSeen(name) || !readsLike(first, raw)) return known;
    const { method = "", url = "", headers } = raw;
    const { authorization: _authorization, cookie: _cookie, "proxy-authorization": _proxy, ...others } = headers;
    const request = { method, url, headers: others, body: body && ownCopy(body), byteLength: 3 * first.length };
    this.repeats.learn(name, request);
    return request;
  }
}

/** What is kept must not hold on to the memory that sockets read into. */
function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
