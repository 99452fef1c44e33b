import { once } from "node:events";
import { connect, type Socket } from "node:net";

const HEADERS_END = Buffer.from("\r\n\r\n");
const CHUNKS_END = Buffer.from("0\r\n\r\n");

/** A request over HTTP/1.1 as bytes, to be sent any number of times. */
export function requestBytes(url: URL, path: string, key: string, body: string, more: Readonly<Record<string, string>> = {}): Buffer {
  const headers = [
    `POST ${path} HTTP/1.1`,
    `host: ${url.host}`,
    "content-type: application/json",
    "accept: application/json",
    `authorization: Bearer ${key}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(more).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${headers.join("\r\n")}\r\n\r\n${body}`);
}

/** One kept connection, one request at a time. Of answers it looks only at the status and for their end, so that it costs next to nothing. */
export class Connection {
  private head: Buffer | null = null;
  /** Bytes of the body still to come; null = the answer has not begun. */
  private left: number | null = null;
  private isChunked = false;
  private onAnswer: (status: number) => void = () => undefined;
  private status = 0;

  private constructor(private readonly socket: Socket) {
    socket.on("data", (chunk) => this.take(chunk));
  }

  static async open(url: URL, onLost: (error: Error) => void): Promise<Connection> {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    await once(socket, "connect");
    socket.on("error", onLost);
    socket.on("close", () => onLost(new Error(`${url.host} closed a connection`)));
    return new Connection(socket);
  }

  send(request: Buffer, onAnswer: (status: number) => void): void {
    this.onAnswer = onAnswer;
    this.socket.write(request);
  }

  close(): void {
    this.socket.removeAllListeners("close");
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    if (this.left !== null) {
      this.takeBody(chunk);
      return;
    }
    const begun = this.head ? Buffer.concat([this.head, chunk]) : chunk;
    const end = begun.indexOf(HEADERS_END);
    if (end < 0) {
      this.head = begun;
      return;
    }
    this.head = null;
    const head = begun.toString("latin1", 0, end);
    this.status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: ?(\d+)/i.exec(head)?.[1];
    this.isChunked = length === undefined;
    this.left = Number(length ?? 0);
    this.takeBody(begun.subarray(end + HEADERS_END.length));
  }

  private takeBody(chunk: Buffer): void {
    this.left = (this.left ?? 0) - chunk.length;
    const isOver = this.isChunked ? chunk.length >= CHUNKS_END.length && chunk.subarray(-CHUNKS_END.length).equals(CHUNKS_END) : this.left <= 0;
    if (!isOver) return;
    this.left = null;
    this.onAnswer(this.status);
  }
}
