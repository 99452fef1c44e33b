import { readdir, readFile } from "node:fs/promises";
import type { Pool } from "pg";

/** In Linux, whatever the kernel was built for. */
const MICROS_PER_TICK = 10_000;

/** Tells how much of the processor all processes of the database server have used; null where the system does not tell. */
export async function databaseCpu(pool: Pool): Promise<(() => Promise<number>) | null> {
  const { rows } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");
  const backend = await readStat(rows[0]?.pid ?? 0);
  return backend ? () => cpuMicros(backend.parent) : null;
}

async function cpuMicros(postmaster: number): Promise<number> {
  const stats = await Promise.all((await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map((name) => readStat(Number(name))));
  let ticks = 0;
  for (const stat of stats) {
    if (stat?.pid === postmaster) ticks += stat.ticks + stat.ticksOfEnded;
    else if (stat?.parent === postmaster) ticks += stat.ticks;
  }
  return ticks * MICROS_PER_TICK;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  /** Of its children that ended. */
  readonly ticksOfEnded: number;
}

/** See proc_pid_stat(5). Null if it is gone. */
async function readStat(pid: number): Promise<Stat | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  // The name of the program comes second, in brackets, and may hold anything.
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [, parent = 0] = fields;
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return { pid, parent, ticks: user + system, ticksOfEnded: endedUser + endedSystem };
}
