import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { lengthOf, type AnswerBody, type AnswerHeaders, type Exchange, type RepeatedRequest, type RequestHead } from "../exchange.js";
import { httpDate } from "./http-date.js";

/** What an exchange tells its connection. */
export interface ExchangeEnd {
  answered(exchange: RepeatedExchange): void;
  handedOn(exchange: RepeatedExchange): void;
  /** Of what was written, something waits for the other side to take it. */
  isNotTaken(): void;
}

/** A request that was known by its bytes. It is answered on the socket itself, in the form in which Node answers. */
export class RepeatedExchange implements Exchange, RequestHead {
  isAnswered = false;
  private closers: (() => void)[] | null = null;

  constructor(
    readonly repeated: RepeatedRequest,
    readonly socket: Socket,
    /** The bytes. */
    readonly bytes: Buffer,
    private readonly keepAliveSeconds: number,
    private readonly end: ExchangeEnd,
  ) {}

  get raw(): RequestHead {
    return this;
  }

  get method(): string {
    return this.repeated.method;
  }

  get url(): string {
    return this.repeated.url;
  }

  get headers(): IncomingMessage["headers"] {
    return this.repeated.headers;
  }

  get body(): Buffer | null {
    return this.repeated.body;
  }

  get isGone(): boolean {
    return !this.socket.writable;
  }

  onceClosed(listener: () => void): void {
    (this.closers ??= []).push(listener);
  }

  answer(status: 200 | 304 | 503, { shared, own }: AnswerHeaders, body: AnswerBody | null, isLast: boolean): void {
    const { socket } = this;
    this.isAnswered = true;
    if (socket.writable) {
      let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${sharedLines(shared)}${linesOf(own)}`;
      if (isLast) head += "connection: close\r\n";
      if (body !== null) head += `content-length: ${lengthOf(body)}\r\n`;
      head += isLast ? `Date: ${httpDate()}\r\n\r\n` : `Date: ${httpDate()}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${this.keepAliveSeconds}\r\n\r\n`;
      write(socket, head, body);
      if (socket.writableLength > 0) this.end.isNotTaken();
      if (isLast) socket.end();
    }
    this.close();
    this.end.answered(this);
  }

  handOn(): void {
    this.close();
    this.end.handedOn(this);
  }

  /** The connection has ended, or nobody waits any more. */
  close(): void {
    if (!this.closers) return;
    for (const listener of this.closers) listener();
    this.closers = null;
  }
}

/** Up to so many characters Node writes a text without making anything of it first. */
const SHORT = 5_000;

function write(socket: Socket, head: string, body: AnswerBody | null): void {
  if (typeof body === "string" && body.length <= SHORT) {
    socket.write(head + body);
    return;
  }
  socket.cork();
  socket.write(head, "latin1");
  if (typeof body === "string") socket.write(body);
  else if (body !== null) for (const part of body) socket.write(part);
  socket.uncork();
}

function linesOf(headers: readonly string[]): string {
  let lines = "";
  for (let at = 0; at < headers.length; at += 2) lines += `${headers[at]}: ${headers[at + 1]}\r\n`;
  return lines;
}

const written = new WeakMap<readonly string[], string>();

function sharedLines(headers: readonly string[]): string {
  const known = written.get(headers);
  if (known !== undefined) return known;
  const lines = linesOf(headers);
  written.set(headers, lines);
  return lines;
}
