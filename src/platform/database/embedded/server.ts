import { open, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT_CODE, OperatorError } from "../../operator-error.js";
import type { Cluster } from "./cluster.js";
import type { Home } from "./home.js";
import { choosePort, HOST, rememberPort } from "./port.js";
import { findPostmaster } from "./postmaster.js";
import { probe } from "./probe.js";
import { runTool } from "./run-tool.js";

/** A crash recovery replays at most a few checkpoints' worth of log, which takes seconds; this is for very slow disks. */
const START_DEADLINE_MS = 180_000;
const STOP_DEADLINE_S = 60;
const LOG_LIMIT_BYTES = 5_000_000;

export interface ServerOptions {
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/**
 * Returns the port of the running server, started if need be. A server that a killed gateway left running is taken over;
 * one that is starting, recovering or stopping is waited for. The caller holds the exclusive lock.
 */
export async function ensureServer(home: Home, cluster: Cluster, options: ServerOptions): Promise<number> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    const found = await findPostmaster(cluster.pgData);
    if (found === null) {
      const port = await tryStart(home, cluster, options);
      if (port !== null) return port;
    } else if (found.port !== null) {
      const answer = await probe(found.port, cluster.password);
      if (answer === "answers") return found.port;
      if (answer === "refuses our password") {
        throw new OperatorError(
          `The PostgreSQL that runs in ${cluster.pgData} (process ${found.pid}) does not accept the password kept beside it. ` +
            "What to do: restore the password file or the role's password, or name a new data folder.",
          EXIT_CODE.DATABASE_UNAVAILABLE,
        );
      }
    }
    await sleep(50);
  }
  throw new OperatorError(
    `The embedded PostgreSQL was not ready within ${START_DEADLINE_MS / 1000} s; its log ends with:\n${await tail(logFile(home), 0)}\n` +
      "What to do: when it is still recovering, start again later; else mend what the log names.",
    EXIT_CODE.DATABASE_UNAVAILABLE,
  );
}

/** Stops the server, letting it write everything down first. */
export async function stopServer(home: Home, cluster: Cluster, log: (line: string) => void): Promise<void> {
  if ((await findPostmaster(cluster.pgData)) === null) return;
  const { exitCode, output } = await pgCtl(home, ["stop", "-D", cluster.pgData, "-m", "fast", "-w", "-t", String(STOP_DEADLINE_S)]);
  // Nothing is lost when it does not stop in time: it goes on stopping, and the next start waits for it.
  if (exitCode !== 0) log(`The embedded PostgreSQL did not stop within ${STOP_DEADLINE_S} s: ${output.trim()}`);
}

/** Null when it failed for a reason that may be gone on the next try. */
async function tryStart(home: Home, cluster: Cluster, { settings, log }: ServerOptions): Promise<number | null> {
  const port = await choosePort(home);
  const logged = await prepareLog(home);
  const { exitCode, output } = await pgCtl(home, [
    ...["start", "-D", cluster.pgData, "-l", logFile(home), "-w", "-t", String(START_DEADLINE_MS / 1000)],
    ...["-o", serverArguments(port, settings)],
  ]);
  if (exitCode === 0) {
    await rememberPort(home, port);
    return port;
  }
  const said = await tail(logFile(home), logged);
  if (/Address already in use|Address in use/.test(said)) {
    log(`Port ${port} was taken in the last moment; trying another.`);
    return null;
  }
  // The workers of a killed server hold its memory until they notice, which takes them a moment.
  if (/pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(said)) return null;
  throw new OperatorError(
    `The embedded PostgreSQL did not start: ${output.trim().split("\n").at(-1) ?? ""}\nIts log ${logFile(home)} ends with:\n${said}\n` +
      "What to do: mend what the log names (disk space, permissions, memory), or set DATABASE_URL to a PostgreSQL 18 of your own.",
    EXIT_CODE.DATABASE_UNAVAILABLE,
  );
}

function serverArguments(port: number, settings: Readonly<Record<string, string>>): string {
  const all = {
    port: String(port),
    listen_addresses: HOST,
    // The path of a socket may be no longer than 107 bytes, which a deep data folder exceeds.
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
    // Errors of statements go to whoever sent them, with the values of the row; the log is for the server's own troubles.
    log_min_messages: "log",
    log_checkpoints: "off",
    ...settings,
  };
  return Object.entries(all)
    .map(([name, value]) => `-c ${shellQuoted(`${name}=${value}`)}`)
    .join(" ");
}

/** pg_ctl hands these arguments to a shell. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function pgCtl(home: Home, args: readonly string[]): ReturnType<typeof runTool> {
  return runTool(join(home.binaries.folder, "bin", "pg_ctl"), args, home.user);
}

function logFile({ folder }: Home): string {
  return join(folder, "postgres.log");
}

/** Makes the log for the server's user to write, sets a long one aside, and returns its length. */
async function prepareLog(home: Home): Promise<number> {
  const path = logFile(home);
  const handle = await open(path, "a", 0o600);
  try {
    if (home.user !== null) await handle.chown(home.user.uid, home.user.gid);
  } finally {
    await handle.close();
  }
  const { size } = await stat(path);
  if (size <= LOG_LIMIT_BYTES) return size;
  await rename(path, `${path}.1`);
  return prepareLog(home);
}

/** The last lines, at most 2,000 bytes, of what was written after `from`. */
async function tail(path: string, from: number): Promise<string> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const start = Math.max(from, size - 2_000);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(Math.max(0, size - start)), position: start });
    return buffer.toString("utf8", 0, bytesRead).trim();
  } finally {
    await handle.close();
  }
}
