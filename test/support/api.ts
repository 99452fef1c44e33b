import { pino } from "pino";
import { test as base } from "vitest";
import type { KeyRole } from "../../src/access/permission.js";
import type { TokenIssuer } from "../../src/access/tokens/token-issuer.js";
import { createApp, type App, type AppParts } from "../../src/app.js";
import type { Clock } from "../../src/platform/clock.js";
import { connectDatabase, type Database } from "../../src/platform/database/database.js";
import { createTestDatabase, type templateName } from "./database.js";
import { issuerOf, makePair, tokenOf } from "./token-issuer.js";

/** Something deep in an answer. Its shape is what a test is about, so it is not declared beforehand. */
export type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- see above

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly data: Json;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

export interface Caller {
  query(document: string, variables?: object): Promise<Answer>;
}

/** A whole gateway over a database of the test file's own, called through its HTTP server. */
export interface Gateway {
  readonly app: App;
  readonly database: Database;
  readonly clock: Clock & { set(instant: string | null): void };
  readonly anonymous: Caller;
  as(role: KeyRole): Promise<Caller>;
  /** With another key of the role. */
  asAnother(role: KeyRole): Promise<Caller>;
  /** With a token of the test's issuer for these claims, a new one for each request: see `issuerOf`. */
  withToken(claims: object): Caller;
  /** With a token of this customer. */
  asCustomer(id: string): Caller;
  /** The header of such a token, made now. */
  authorizationOfCustomer(id: string): string;
  withAuthorization(header: string): Caller;
  /** Lets `body` call a gateway with other signing keys over the same database, as after a restart. */
  withSigningKeys<T>(keys: string, body: (as: (role: KeyRole) => Promise<Caller>) => Promise<T>): Promise<T>;
  /** The same callers, calling another gateway: see `open`. */
  through(app: App): Pick<Gateway, "anonymous" | "as" | "withAuthorization">;
  /** Another gateway over the same database, with the same keys and clock; whoever opens it closes it. */
  open(parts: Partial<AppParts>): Promise<App>;
  /** The SQL statements sent while `body` ran. */
  countStatements<T>(body: () => Promise<T>): Promise<{ result: T; statements: readonly string[] }>;
}

/** What the gateway signs quotes with. */
export const SIGNING_KEY = `test:${"07".repeat(32)}`;
/** What it knows unique codes by. */
export const CODE_PEPPER = "another pepper that only the tests know of";

/** @param issuers of tokens, beside the test's own. */
export async function startTestGateway(
  template: keyof typeof templateName,
  issuers: readonly TokenIssuer[] = [],
): Promise<{ gateway: Gateway; stop: () => Promise<void> }> {
  const testDatabase = await createTestDatabase(template);
  let statements: string[] = [];
  const database = connectDatabase({ url: testDatabase.url, maxConnections: 6, readConnections: 3, onStatement: (text) => statements.push(text) });
  const clock = testClock();
  const pair = makePair("test");
  const tokenIssuers = [issuerOf([pair]), ...issuers];
  const startApp = (quoteSigningKeys: string, parts: Partial<AppParts> = {}): Promise<App> =>
    createApp({
      ...{ database, apiKeyPepper: "a pepper that only the tests know of", codePepper: CODE_PEPPER, quoteSigningKeys, tokenIssuers, clock },
      logger: pino({ level: "silent" }),
      explorerFolder: "no explorer is built for these tests",
      ...parts,
    });
  const app = await startApp(SIGNING_KEY);
  const keys = new Map<KeyRole, string>();
  const makeKey = async (role: KeyRole): Promise<string> => (await app.apiKeys.create({ name: `test ${role}`, role, expiresAt: null })).key;
  const as = async (role: KeyRole, to: App): Promise<Caller> => {
    const key = keys.get(role) ?? (await makeKey(role));
    keys.set(role, key);
    return caller(to, `Bearer ${key}`);
  };

  const withToken = (claims: object): Caller => caller(app, () => `Bearer ${tokenOf(pair, clock.now(), claims)}`);

  const gateway: Gateway = {
    app,
    database,
    clock,
    anonymous: caller(app, undefined),
    withToken,
    asCustomer: (id) => withToken({ roles: ["customer"], sub: id, customer: id }),
    authorizationOfCustomer: (id) => `Bearer ${tokenOf(pair, clock.now(), { roles: ["customer"], sub: id, customer: id })}`,
    withAuthorization: (header) => caller(app, header),
    as: (role) => as(role, app),
    asAnother: async (role) => caller(app, `Bearer ${await makeKey(role)}`),
    withSigningKeys: async (signingKeys, body) => {
      const other = await startApp(signingKeys);
      try {
        return await body((role) => as(role, other));
      } finally {
        await other.close();
      }
    },
    through: (other) => ({
      anonymous: caller(other, undefined),
      as: (role) => as(role, other),
      withAuthorization: (header) => caller(other, header),
    }),
    open: (parts) => startApp(SIGNING_KEY, parts),
    countStatements: async (body) => {
      statements = [];
      const result = await body();
      return { result, statements: statements.filter((text) => !text.includes("api_key")) };
    },
  };
  return {
    gateway,
    stop: async () => {
      await app.close();
      await database.close();
      await testDatabase.drop();
    },
  };
}

/** Tests over the reference catalog. */
export const test = testOver("reference");

/** Tests over a catalog that they make themselves. */
export const testEmpty = testOver("empty");

/** @param issuers see `startTestGateway`. */
export function testOver(template: keyof typeof templateName, issuers: readonly TokenIssuer[] = []) {
  return base.extend("gateway", { scope: "file" }, async ({}, { onCleanup }) => {
    const { gateway, stop } = await startTestGateway(template, issuers);
    onCleanup(stop);
    return gateway;
  });
}

function caller(app: App, credential: string | undefined | (() => string)): Caller {
  return {
    query: async (query, variables = {}) => {
      const authorization = typeof credential === "function" ? credential() : credential;
      const response = await app.server.inject({
        method: "POST",
        url: "/graphql",
        headers: { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) },
        payload: JSON.stringify({ query, variables }),
      });
      const body = JSON.parse(response.payload) as Partial<Pick<Answer, "data" | "errors">>;
      return { status: response.statusCode, headers: response.headers, text: response.payload, data: body.data, errors: body.errors ?? [] };
    },
  };
}

/** The time of the system until a test sets it. */
function testClock(): Gateway["clock"] {
  let fixed: Date | null = null;
  return {
    now: () => fixed ?? new Date(),
    set: (instant) => {
      fixed = instant === null ? null : new Date(instant);
    },
  };
}
