import { once } from "node:events";
import { get as getByHttp, type IncomingMessage } from "node:http";
import { get as getByHttps } from "node:https";

export interface FetchLimits {
  /** From the first byte sent to the last byte read. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** The media types that are asked for. */
  readonly accept: string;
}

/**
 * Gets a text by HTTP, within limits, over a connection of its own: one that was kept for minutes may be closed by now. Throws
 * for anything but 200: redirects lead to places that nobody configured.
 */
export async function fetchText(url: string, { timeoutMs, maxBytes, accept }: FetchLimits): Promise<string> {
  const get = url.startsWith("https:") ? getByHttps : getByHttp;
  const request = get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs), headers: { accept, "user-agent": "catalog-gateway" } });
  // What goes wrong is thrown by whatever waits below; without a listener of its own it would also end the process.
  request.on("error", () => undefined);
  try {
    const [response] = (await once(request, "response")) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`it answered with the status ${response.statusCode}`);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new Error(`it answered with more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } finally {
    request.destroy();
  }
}
