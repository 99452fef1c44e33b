import type { IncomingMessage, ServerResponse } from "node:http";
import { giveBack, readEarly } from "./early-body.js";

/** What of a request is known before its body is read. */
export type RequestHead = Pick<IncomingMessage, "method" | "url" | "headers" | "socket">;

/** A request that came before, byte by byte the same, and was answered before the server proper. One object for all its times. */
export interface RepeatedRequest {
  readonly method: string;
  readonly url: string;
  /** But for credentials, which are not kept: the bytes hold the same ones. */
  readonly headers: IncomingMessage["headers"];
  /** Null for GET. */
  readonly body: Buffer | null;
  /** What it takes in memory, about. */
  readonly byteLength: number;
}

/** A request that the server proper has not seen yet, and the way to answer it. */
export interface Exchange {
  readonly raw: RequestHead;
  /** Null = there is none, or it was not read yet. */
  readonly body: Buffer | null;
  /** The request that it repeats, or that is remembered now that it was answered; null = there is none. */
  readonly repeated: RepeatedRequest | null;
  readonly isAnswered: boolean;
  /** Whether whoever sent it has gone away. */
  readonly isGone: boolean;
  /** Calls once it was answered, or whoever sent it has gone away. */
  onceClosed(listener: () => void): void;
  /**
   * @param body null = an answer without one.
   * @param isLast whether the connection ends with it.
   */
  answer(status: 200 | 304 | 503, headers: AnswerHeaders, body: AnswerBody | null, isLast: boolean): void;
  /** Lets the server proper answer it, as if nothing had been tried. */
  handOn(): void;
}

/** A text, sent as UTF-8, or bytes in parts, one after the other. */
export type AnswerBody = string | readonly Buffer[];

/** Each as name, value, name, value, … */
export interface AnswerHeaders {
  /** Those of many answers, as one object for all of them. They come first. */
  readonly shared: readonly string[];
  readonly own: readonly string[];
}

/** Sees requests before the server proper. What it does not answer it hands on. Must not throw. */
export interface Front {
  /** The body is still to be read. */
  receive(exchange: ParsedExchange): void;
  receiveAgain(exchange: Exchange): void;
}

/** A request as Node's parser brings it. */
export class ParsedExchange implements Exchange {
  repeated: RepeatedRequest | null = null;
  body: Buffer | null = null;

  constructor(
    readonly raw: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly goOn: () => void,
    /** Told of a good answer before it is sent. Returns what is remembered of the request. */
    private readonly onGood: (exchange: ParsedExchange) => RepeatedRequest | null,
  ) {}

  /** @param next is called once all of the body has come; never if the client goes away before, or sends another length than it said. */
  readBody(next: () => void): void {
    readEarly(this.raw, (body) => {
      this.body = body;
      next();
    });
  }

  get isAnswered(): boolean {
    return this.response.headersSent;
  }

  get isGone(): boolean {
    return this.response.destroyed;
  }

  /** Whether more may come on its connection after the answer. */
  get isKeptAlive(): boolean {
    return this.response.shouldKeepAlive;
  }

  onceClosed(listener: () => void): void {
    this.response.once("close", listener);
  }

  answer(status: 200 | 304 | 503, { shared, own }: AnswerHeaders, body: AnswerBody | null, isLast: boolean): void {
    const headers = [...shared, ...own];
    if (isLast) headers.push("connection", "close");
    else if (status !== 503) this.repeated = this.onGood(this);
    if (body !== null) headers.push("content-length", String(lengthOf(body)));
    this.response.writeHead(status, headers).end(body === null ? undefined : joined(body));
  }

  handOn(): void {
    if (this.body) giveBack(this.raw, this.body);
    this.goOn();
  }
}

/** In bytes. */
export function lengthOf(body: AnswerBody): number {
  if (typeof body === "string") return Buffer.byteLength(body);
  let length = 0;
  for (const part of body) length += part.length;
  return length;
}

function joined(body: AnswerBody): string | Buffer {
  if (typeof body === "string") return body;
  const [only] = body;
  return only && body.length === 1 ? only : Buffer.concat(body);
}
