import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { ANSWER_HEADERS } from "./answer-headers.js";
import { errorBody } from "./error-body.js";

/** What the parser says of what it could not read, as status and message. Anything else is no HTTP at all. */
const ANSWERS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "The headers are too large."],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "The extensions of a chunk are too large."],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request took too long to arrive."],
};

/** Answers what has no request yet, and so none of the hooks of a request. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  // A connection that is gone, or that has begun to answer, cannot be told anything.
  if (error.code !== "ECONNRESET" && socket.writable && socket.bytesWritten === 0) {
    const [status, message] = ANSWERS[error.code ?? ""] ?? [400, "This is not HTTP."];
    const body = JSON.stringify(errorBody("BAD_REQUEST", message));
    const headers = { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(body), connection: "close", ...ANSWER_HEADERS };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${body}`);
  }
  socket.destroy();
}
