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
    let interrupted = false;
    const onSignal = (signal: keyof typeof INTERRUPTED): void => {
      interrupted = true;
      // What is not committed is rolled back by the server when our connections are gone.
      void stop().finally(() => process.exit(INTERRUPTED[signal]));
    };
    process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
    try {
      return await body(database);
    } finally {
      // The process is about to end; what fails because of that is not worth telling.
      if (interrupted) await new Promise(() => undefined);
      process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
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
