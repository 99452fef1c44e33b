import pg from "pg";
import { ROLE } from "./cluster.js";
import { HOST } from "./port.js";

/** "not yet" is anything that may pass by itself: nobody listens, crash recovery, shutting down, all connections in use. */
export type Answer = "answers" | "refuses our password" | "not yet";

/** Whether the server on this port lets us in. */
export async function probe(port: number, password: string): Promise<Answer> {
  const client = new pg.Client({ host: HOST, port, user: ROLE, password, database: "postgres", connectionTimeoutMillis: 2_000, ssl: false });
  // A server that goes away while we leave is no news here; the answer was given before.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return "answers";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "28P01" || code === "28000" ? "refuses our password" : "not yet";
  } finally {
    await client.end();
  }
}
