import pg from "pg";
import type { Database } from "../../src/platform/database/database.js";
import { Notifications } from "../../src/platform/database/notifications.js";

/** The same database, for a gateway that it cannot tell anything: where nobody listens, nothing is heard. */
export function deaf(database: Database): Database {
  return { ...database, listen: (subscription) => new Notifications(() => new pg.Client({ host: "127.0.0.1", port: 1 }), subscription) };
}

/** As long between two polls as a timer can wait. */
export const NO_POLL_MS = 2 ** 31 - 1;
