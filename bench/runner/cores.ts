import { spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Servers have the first core to themselves; this process and PostgreSQL, which it starts, share the second. */
const SERVERS_CORE = "0";
const OUR_CORE = "1";

export const canPin = availableParallelism() > 1 && spawnSync("taskset", ["--version"]).status === 0;

/** Before anything else is started, which then runs where this process does. */
export function pinOurselves(): void {
  if (canPin) spawnSync("taskset", ["-a", "-p", "-c", OUR_CORE, String(process.pid)]);
}

export function onServersCore(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return canPin ? ["taskset", "-c", SERVERS_CORE, ...command] : command;
}

const canKeepAwake = canPin && spawnSync("chrt", ["--version"]).status === 0;

/**
 * Keeps both cores from going to sleep, by programs that run only where nothing else wants to. Who writes to a process whose core sleeps pays for
 * waking it, in a virtual machine more than for all the rest of an answer: the slower a server, the more often, so small answers could not be compared.
 * Returns what ends them.
 */
export function keepCoresAwake(): () => void {
  if (!canKeepAwake) return () => undefined;
  const idlers = [SERVERS_CORE, OUR_CORE].map((core) =>
    spawn("chrt", ["--idle", "0", "taskset", "-c", core, process.execPath, "--eval", "for (;;) if (process.ppid === 1) process.exit()"], { stdio: "ignore" }),
  );
  return () => idlers.forEach((idler) => idler.kill("SIGKILL"));
}

export function describePinning(): string {
  return canPin
    ? `servers on one core, load and PostgreSQL on another (taskset)${canKeepAwake ? ", both kept awake" : ""}`
    : "not pinned: servers, load and PostgreSQL share the cores as the kernel likes, so rates vary more; trust the CPU times";
}
