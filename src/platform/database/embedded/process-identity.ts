import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Names one process for ever: `<pid>-<when it started>`. A pid alone will not do, because a killed gateway's pid may
 * belong to any other program by the time somebody looks.
 */
export type ProcessIdentity = `${number}-${string}`;

let own: Promise<ProcessIdentity> | undefined;

export function ownIdentity(): Promise<ProcessIdentity> {
  own ??= startOf(process.pid).then((start) => {
    if (start === null) throw new Error("this process does not find itself in the process table");
    return `${process.pid}-${start}` as const;
  });
  return own;
}

/** Anything that is not an identity names no process, hence a dead one. */
export async function isAlive(identity: string): Promise<boolean> {
  const [, pid, start] = /^(\d+)-(.+)$/.exec(identity) ?? [];
  return pid !== undefined && (await startOf(Number(pid))) === start;
}

/** When the process began, in a form that is only good for comparing, or null when there is no such process. */
async function startOf(pid: number): Promise<string | null> {
  return process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
}

async function startOnLinux(pid: number): Promise<string | null> {
  const stat = await readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may itself hold spaces and parentheses, so the fields are counted from the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, ticksSinceBoot] = [fields[0], fields[19]];
  // A killed process stays a zombie until its parent asks for it, which in a container may be never.
  if (state === "Z" || state === "X" || ticksSinceBoot === undefined) return null;
  const boot = (await readOrNull("/proc/sys/kernel/random/boot_id")) ?? "";
  return `${ticksSinceBoot}-${boot.slice(0, 8)}`;
}

async function startByPs(pid: number): Promise<string | null> {
  const line = await ps("lstart=", pid);
  return line === null ? null : String(Date.parse(line) / 1000);
}

/** The arguments a process was started with, joined by spaces; empty for a zombie, null when there is no such process. */
export async function commandLine(pid: number): Promise<string | null> {
  if (process.platform !== "linux") return ps("args=", pid);
  const line = await readOrNull(`/proc/${pid}/cmdline`);
  return line === null ? null : line.replaceAll("\0", " ").trim();
}

/** `ps` exits with 1 and prints nothing when there is no such process. */
async function ps(format: string, pid: number): Promise<string | null> {
  const line = await run("ps", ["-o", format, "-p", String(pid)], { env: { ...process.env, LC_ALL: "C" } }).then(
    ({ stdout }) => stdout.trim(),
    (error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === 1) return "";
      throw error;
    },
  );
  return line === "" ? null : line;
}

/** A process may end between two looks: its files are then missing (ENOENT) or refuse to be read (ESRCH). */
async function readOrNull(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH")) return null;
    throw error;
  });
}
