import { Agent, request, type IncomingHttpHeaders } from "node:http";
import type { Role } from "../../src/access/permission.js";
import type { App, AppParts } from "../../src/app.js";
import type { Gateway, Json } from "./api.js";
import { NO_POLL_MS } from "./deaf.js";
import { bearer } from "./limited.js";

/** Everything that stands between a request and the database. A release is told, never asked for: a poll would be counted among a test's statements. */
export const EVERY_LAYER = {
  currentRelease: { pollMs: NO_POLL_MS },
  memory: { bytes: 64_000_000 },
  compiled: { documents: 1_000 },
  finishedAnswers: { bytes: 64_000_000, maxAgeSeconds: 0 },
  repeatedRequests: { bytes: 8_000_000 },
} as const satisfies Partial<AppParts>;

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly raw: readonly string[];
  readonly bytes: Buffer;
  readonly text: string;
  readonly body: Json;
}

export interface Asking {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** In place of the query. */
  readonly body?: string | Buffer;
  readonly path?: string;
}

/** A gateway that listens. */
export interface Listening {
  readonly app: App;
  readonly port: number;
  post(query: string, headers?: Asking["headers"]): Promise<Reply>;
  get(query: string, headers?: Asking["headers"]): Promise<Reply>;
  send(asking: Asking): Promise<Reply>;
  counts(): { hits: number; misses: number; shared: number; kept: number };
  close(): Promise<void>;
}

/** Another gateway over the same database, that listens. */
export async function listening(gateway: Gateway, parts: Partial<AppParts> = EVERY_LAYER): Promise<Listening> {
  const app = await gateway.open(parts);
  const port = Number(new URL((await app.listen("127.0.0.1", 0)).url).port);
  // Requests that come again on a connection that is kept are known by their bytes.
  const agent = new Agent({ keepAlive: true });
  const send = (asking: Asking): Promise<Reply> => sendTo(port, asking, agent);
  return {
    ...{ app, port, send },
    post: (query, headers = {}) => send({ query, headers }),
    get: (query, headers = {}) => send({ method: "GET", query, headers }),
    counts: () => ({ ...(app.finishedAnswers ?? { hits: 0, misses: 0, shared: 0, kept: 0 }) }),
    close: async () => {
      agent.destroy();
      await app.close();
    },
  };
}

export function pathOf(query: string): string {
  return `/graphql?query=${encodeURIComponent(query)}`;
}

function sendTo(port: number, { method = "POST", query = "", headers = {}, body, path }: Asking, agent: Agent): Promise<Reply> {
  const isGet = method === "GET";
  const sent = body ?? (isGet ? undefined : JSON.stringify({ query }));
  const all = {
    ...(isGet ? { "apollo-require-preflight": "1" } : { "content-type": "application/json" }),
    ...(sent === undefined ? {} : { "content-length": String(Buffer.byteLength(sent)) }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", method, path: path ?? (isGet ? pathOf(query) : "/graphql"), headers: all, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString("utf8");
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          raw: response.rawHeaders,
          bytes,
          text,
          body: text.startsWith("{") ? JSON.parse(text) : null,
        });
      });
    });
    asked.on("error", reject);
    asked.end(sent);
  });
}

/** The header of a caller with this role; those of customers are of Ada. */
export async function authorizationOf(gateway: Gateway, role: Role): Promise<string | undefined> {
  if (role === "anonymous") return undefined;
  return role === "customer" ? gateway.authorizationOfCustomer("ada") : bearer(gateway.app, role);
}

export function withKey(authorization: string | undefined): Record<string, string> {
  return authorization === undefined ? {} : { authorization };
}

/** All that a caller gets, but for what is another each time. */
export function whatIsTold({ status, headers, text }: Reply, without: readonly string[] = []): object {
  const told = Object.fromEntries(
    Object.entries(headers).filter(([name]) => !["x-request-id", "date", "ratelimit", "content-length", ...without].includes(name)),
  );
  return { status, told, text: text.replace(/"requestId":"[^"]*"/g, '"requestId":"…"').replace(/"remaining":(\d+|null)\}\}\}\n$/, '"remaining":…}}}') };
}

/** Asks until the answer comes from what is kept: the first time it is seen, the second time kept. */
export async function untilKept(kept: Listening, ask: () => Promise<Reply>): Promise<Reply> {
  for (let time = 1; time <= 4; time++) {
    const before = kept.counts().hits;
    const reply = await ask();
    if (kept.counts().hits > before) return reply;
  }
  throw new Error("it is never kept");
}
