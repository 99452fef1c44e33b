import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commandLine } from "./process-identity.js";

/** A running server, as it says itself in postmaster.pid. */
export interface Postmaster {
  readonly pid: number;
  /** Null in the first moment of a start. */
  readonly port: number | null;
}

/**
 * Finds the server that runs on this cluster, or null. Removes a postmaster.pid that a killed server left behind: PostgreSQL
 * does so itself only while no other process has that pid, and in a container the same few pids come round at every start.
 * Should the server run after all, PostgreSQL still refuses a second one by its shared memory.
 */
export async function findPostmaster(pgData: string): Promise<Postmaster | null> {
  const path = join(pgData, "postmaster.pid");
  // A starting server creates the file before it fills it; it has two seconds for that.
  for (let look = 0; look < 20; look += 1) {
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    });
    if (text === null) return null;
    const [pid, , , port] = text.split("\n");
    if (pid !== undefined && /^\d+$/.test(pid)) {
      if (!(await isServerOf(Number(pid), pgData))) break;
      return { pid: Number(pid), port: port ? Number(port) : null };
    }
    await sleep(100);
  }
  await rm(path, { force: true });
  return null;
}

/** pg_ctl starts the server with the folder among its arguments, and the postmaster never rewrites them. */
async function isServerOf(pid: number, pgData: string): Promise<boolean> {
  return ` ${(await commandLine(pid)) ?? ""} `.includes(` ${pgData} `);
}
