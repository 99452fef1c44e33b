import pg from "pg";
import type { Database } from "../../src/platform/database/database.js";
import { Notifications } from "../../src/platform/database/notifications.js";

/** The same database, whose gateways listen at another address: through a wire that can be cut, or where there is nothing. */
export function listeningAt(url: string, database: Database): Database {
  // Limits of a connection that should notice soon that it is dead.
  const config = { connectionString: url, application_name: "test (listening)", connectionTimeoutMillis: 500, query_timeout: 500 };
  return { ...database, listen: (subscription) => new Notifications(() => new pg.Client(config), subscription) };
}

/** The same database, for gateways that it cannot tell anything. */
export function deaf(database: Database): Database {
  return listeningAt("postgresql://nobody@127.0.0.1:1/nothing", database);
}

/** As long between two polls as a timer can wait. */
export const NO_POLL_MS = 2 ** 31 - 1;
