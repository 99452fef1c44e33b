export interface FetchLimits {
  /** From the first byte sent to the last byte read. */
  readonly timeoutMs: number;
  /** Of the body as it is read, not as it is packed. */
  readonly maxBytes: number;
  /** The media types that are asked for. */
  readonly accept: string;
}

/** Gets a text by HTTP, within limits. Throws for anything but 200: redirects lead to places that nobody configured. */
export async function fetchText(url: string, { timeoutMs, maxBytes, accept }: FetchLimits): Promise<string> {
  const response = await fetch(url, {
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
    headers: { accept, "user-agent": "catalog-gateway" },
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    if (response.status !== 200) throw new Error(`it answered with the status ${response.status}`);
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new Error(`it answered with more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    await response.body?.cancel().catch(() => undefined);
    throw error;
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
}
