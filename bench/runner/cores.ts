import { spawnSync } from "node:child_process";
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

export function describePinning(): string {
  return canPin
    ? "servers on one core, load and PostgreSQL on another (taskset)"
    : "not pinned: servers, load and PostgreSQL share the cores as the kernel likes, so rates vary more; trust the CPU times";
}
