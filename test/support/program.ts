import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

export interface ProgramEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** One of our programs run as people run it, in a process of its own. */
export interface Program {
  readonly ended: Promise<ProgramEnd>;
  /** What it has printed, once that matches. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  /** Closes what it prints to, as `head` does. */
  stopReading(): void;
}

/** Starts `src/<name>` with nothing of this process' environment but the path. */
export function run(name: string, args: readonly string[], environment: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, ["--import", "tsx", join(ROOT, "src", name), ...args], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    tell();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    tell();
  });
  const ended = new Promise<ProgramEnd>((resolve) => child.on("close", (code) => resolve({ code, out, err })));
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    stopReading: () => void child.stdout.destroy(),
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(out);
          if (!match) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended without saying ${pattern}:\n${out}\n${err}`)));
      }),
  };
}
