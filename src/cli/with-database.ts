import { readConfig } from "../platform/config.js";
import { isDatabaseAway } from "../platform/database-away.js";
import type { Database } from "../platform/database/database.js";
import { openDatabase } from "../platform/database/open-database.js";
import { EXIT_CODE, OperatorError } from "../platform/operator-error.js";

const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

/** Runs a command on the database of the configuration, and leaves it whatever happens. */
export async function withDatabase<T>(body: (database: Database) => Promise<T>): Promise<T> {
  try {
    const { database, stop } = await openDatabase(readConfig(process.env), { log: (line) => process.stderr.write(`${line}\n`) });
    // What is not committed is rolled back by the server when our connections are gone.
    const leave = (signal: keyof typeof INTERRUPTED): void => void stop().finally(() => process.exit(INTERRUPTED[signal]));
    process.once("SIGINT", leave).once("SIGTERM", leave);
    try {
      return await body(database);
    } finally {
      process.off("SIGINT", leave).off("SIGTERM", leave);
      await stop();
    }
  } catch (error) {
    if (error instanceof OperatorError || !isDatabaseAway(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(
      `The database cannot be reached: ${reason}. What to do: see that it runs and that DATABASE_URL names it.`,
      EXIT_CODE.DATABASE_UNAVAILABLE,
      { cause: error },
    );
  }
}
