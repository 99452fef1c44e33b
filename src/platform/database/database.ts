import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "./generated/client.js";
import { Notifications, type Subscription } from "./notifications.js";
import { readingClient } from "./reading-client.js";
import { addressOfReads, PooledReads, type Reads } from "./reads.js";
import { observedClient, type OnStatement } from "./observed-client.js";
import { valueTypes } from "./value-types.js";

/** Each limit is below the one that encloses it, so that the innermost gives the reason: lock < statement < transaction. */
export const DATABASE_LIMITS = {
  lockTimeoutMs: 1_000,
  statementTimeoutMs: 3_000,
  transactionTimeoutMs: 6_000,
  /** For a new connection, and for a free one of the pool. */
  connectionTimeoutMs: 2_000,
} as const;

/** A network may drop a connection that says nothing for long. */
const KEEP_ALIVE_MS = 10_000;

const LIMITS = {
  lock_timeout: DATABASE_LIMITS.lockTimeoutMs,
  statement_timeout: DATABASE_LIMITS.statementTimeoutMs,
  // A server that hangs keeps no limits of its own.
  query_timeout: DATABASE_LIMITS.statementTimeoutMs + 1_000,
  // A transaction that its owner forgot would hold its locks for ever.
  idle_in_transaction_session_timeout: DATABASE_LIMITS.transactionTimeoutMs,
} as const;

export interface DatabaseOptions {
  readonly url: string;
  readonly maxConnections: number;
  /** How many of them are for `reads`. Without any, `reads` sends over the others, and the server plans as it sees fit. */
  readonly readConnections?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  /** Called once for every statement that is sent, whoever sends it: tests count them, metrics name them. */
  readonly onStatement?: OnStatement;
  /** Told of connections lost while idle; whoever uses one next gets a fresh one. */
  readonly onConnectionLost?: (error: Error) => void;
}

export interface Database {
  /** For measured hot statements. int8 comes as bigint, numeric as string, timestamptz as Date. */
  readonly pool: pg.Pool;
  /** For hot reads by key. */
  readonly reads: Reads;
  /** Works over the same connections. */
  readonly prisma: PrismaClient;
  /** Runs `body` on a connection of its own that has none of the limits, for imports that take minutes. */
  withLongClient<T>(body: (client: pg.Client) => Promise<T>): Promise<T>;
  /**
   * The same on one connection that is kept for the next time, for one `body` at a time. What fails on a connection that was kept is done again on a fresh one,
   * since it may have been lost without a word: `body` must bear that, and is told.
   */
  withKeptClient<T>(body: (client: pg.ClientBase, isKept: boolean) => Promise<T>): Promise<T>;
  /** Hears what the database tells, on a connection of its own, until it is stopped. */
  listen(subscription: Subscription): Notifications;
  /** Waits for the statements under way. */
  close(): Promise<void>;
}

/** Does not connect yet: a database that is away at first is met by the first statement. */
export function connectDatabase(options: DatabaseOptions): Database {
  const { url, maxConnections, readConnections = 0, applicationName = "catalog-gateway", onStatement = ignore, onConnectionLost = ignore } = options;
  const Client = observedClient(onStatement);
  const common = { connectionString: url, types: valueTypes, keepAlive: true, connectionTimeoutMillis: DATABASE_LIMITS.connectionTimeoutMs };
  const openPool = (special: pg.PoolConfig & { readonly max: number; readonly application_name: string }): pg.Pool => {
    const pool = new pg.Pool({ ...common, ...LIMITS, Client, ...special });
    // Without a listener a restart of the database would end the process.
    pool.on("error", onConnectionLost);
    return pool;
  };
  const pool = openPool({ max: maxConnections - readConnections, application_name: applicationName });
  const readPool =
    readConnections > 0
      ? openPool({
          ...{ connectionString: addressOfReads(url), Client: readingClient(pg.Client), max: readConnections },
          application_name: `${applicationName} (reads)`,
        })
      : null;
  const kept = new pg.Pool({
    ...common,
    Client,
    max: 1,
    idleTimeoutMillis: 0,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    application_name: `${applicationName} (releases)`,
  });
  kept.on("error", onConnectionLost);
  // Between two statements of a `body` nobody else would hear of it, and the next statement tells.
  kept.on("connect", (client) => client.on("error", ignore));
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: DATABASE_LIMITS.connectionTimeoutMs, timeout: DATABASE_LIMITS.transactionTimeoutMs },
  });
  return {
    pool,
    reads: readPool ? new PooledReads(readPool, onStatement) : pool,
    prisma,
    withLongClient: async (body) => {
      const client = new Client({ ...common, application_name: `${applicationName} (long)` });
      client.on("error", onConnectionLost);
      try {
        await client.connect();
        return await body(client);
      } finally {
        await client.end();
      }
    },
    withKeptClient: async (body) => {
      for (;;) {
        const isKept = kept.idleCount > 0;
        const client = await kept.connect();
        try {
          const result = await body(client, isKept);
          client.release();
          return result;
        } catch (error) {
          client.release(true);
          if (!isKept) throw error;
        }
      }
    },
    listen: (subscription) =>
      new Notifications(
        () => new pg.Client({ ...common, application_name: `${applicationName} (listening)`, query_timeout: DATABASE_LIMITS.connectionTimeoutMs }),
        subscription,
      ),
    close: async () => {
      await prisma.$disconnect();
      await Promise.all([pool.end(), readPool?.end(), kept.end()]);
    },
  };
}

/** Creates the database that the address names, unless it is there, by way of the server's own database `postgres`. */
export async function createDatabaseIfMissing(url: string): Promise<void> {
  const server = new URL(url);
  const name = decodeURIComponent(server.pathname.slice(1));
  server.pathname = "/postgres";
  const client = new pg.Client({ connectionString: server.href, connectionTimeoutMillis: DATABASE_LIMITS.connectionTimeoutMs });
  try {
    await client.connect();
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    // Another process created it between our two statements.
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "42P04" && code !== "23505") throw error;
  } finally {
    await client.end();
  }
}

function ignore(): void {
  // The caller did not ask to be told.
}
