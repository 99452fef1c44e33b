import { expect } from "vitest";
import type { KeyRole } from "../../src/access/permission.js";
import type { RateLimits } from "../../src/access/rate-limits/rate-limit.js";
import type { App } from "../../src/app.js";
import type { Json } from "./api.js";

/** Small enough that tests come to their end. */
export const LIMITS: RateLimits = {
  anonymous: { perSecond: 100, burst: 5_000 },
  customer: { perSecond: 100, burst: 5_000 },
  credential: { perSecond: 200, burst: 8_000 },
  service: null,
};

export interface Sent {
  readonly query?: unknown;
  readonly variables?: object;
  readonly extensions?: object;
  readonly documentId?: unknown;
  readonly operationName?: string;
}

export interface From {
  readonly address?: string;
  readonly authorization?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Got {
  readonly status: number;
  readonly code: unknown;
  readonly data: Json;
  readonly body: Json;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Sends one request to an app, from an address. */
export async function send(app: App, sent: Sent | string, { address = "192.0.2.1", authorization, headers = {} }: From = {}): Promise<Got> {
  const response = await app.server.inject({
    method: "POST",
    url: "/graphql",
    remoteAddress: address,
    headers: { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }), ...headers },
    payload: typeof sent === "string" ? sent : JSON.stringify(sent),
  });
  return read(response.statusCode, response.headers, response.payload);
}

/** The same by GET, with the header that keeps foreign pages from sending it. */
export async function get(app: App, parameters: Readonly<Record<string, string>>, { authorization, headers = {} }: From = {}): Promise<Got> {
  const response = await app.server.inject({
    method: "GET",
    url: `/graphql?${new URLSearchParams(parameters).toString()}`,
    headers: { "apollo-require-preflight": "1", ...(authorization === undefined ? {} : { authorization }), ...headers },
  });
  return read(response.statusCode, response.headers, response.payload);
}

export async function bearer(app: App, role: KeyRole): Promise<string> {
  return `Bearer ${(await app.apiKeys.create({ name: `limited ${role}`, role, expiresAt: null })).key}`;
}

/** What of a policy a header says, as numbers. */
export function limitHeaders({ headers }: Got): { policy: string; q: number; w: number; r: number; t: number } {
  const policy = /^"([a-z-]+)";q=(\d+);qu="points";w=(\d+)$/.exec(String(headers["ratelimit-policy"]));
  const left = /^"([a-z-]+)";r=(\d+);t=(\d+)$/.exec(String(headers["ratelimit"]));
  expect(policy?.[1]).toBe(left?.[1]);
  return { policy: policy?.[1] ?? "", q: Number(policy?.[2]), w: Number(policy?.[3]), r: Number(left?.[2]), t: Number(left?.[3]) };
}

function read(status: number, headers: Got["headers"], text: string): Got {
  const body = JSON.parse(text);
  return { status, headers, text, body, data: body.data, code: body.errors?.[0]?.extensions?.code };
}
