import { spawnSync } from "node:child_process";
import { cpus, totalmem, type, release } from "node:os";
import { describePinning } from "../runner/cores.js";
import { NODE_FLAGS } from "../runner/server-process.js";

/** What the numbers of a run belong to. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
  readonly nodeFlags: readonly string[];
  readonly postgres: string;
  readonly placement: string;
  /** Before the run, over a minute: what is much above 0 says that others used the machine. */
  readonly loadBefore: number;
  /** With "+" when files differed from it. */
  readonly commit: string;
}

export function describeMachine(postgres: string, loadBefore: number): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model ?? "unknown",
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    nodeFlags: NODE_FLAGS,
    postgres: postgres.replace(/ on .*/, ""),
    placement: describePinning(),
    loadBefore: Number(loadBefore.toFixed(1)),
    commit: `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain", "--untracked-files=no") === "" ? "" : "+"}`,
  };
}

function git(...args: readonly string[]): string {
  const { status, stdout } = spawnSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "unknown";
}
