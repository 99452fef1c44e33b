import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Contender, ServerOptions } from "../contenders/contender.js";
import { onServersCore } from "./cores.js";

/** The same for all. The young generation is large: peers gain up to twofold by it, and the lead would be flattered without. */
export const NODE_FLAGS: readonly string[] = ["--max-semi-space-size=64"];

export interface ChildStart {
  readonly module: string;
  readonly options: ServerOptions;
}

export type ChildSays = { readonly url: string } | Usage;

export interface Usage {
  /** Since it started. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

export class ServerProcess {
  private constructor(
    readonly url: URL,
    private readonly child: ChildProcess,
    /** Rejects when it has ended, and says what it complained of. */
    private readonly ended: Promise<never>,
  ) {}

  /** Resolves as soon as it listens. */
  static async start(contender: Contender, options: Omit<ServerOptions, "options">): Promise<ServerProcess> {
    const start: ChildStart = {
      module: pathToFileURL(join(import.meta.dirname, "..", contender.server)).href,
      options: { ...options, options: contender.options },
    };
    const [program, ...args] = onServersCore([process.execPath, ...NODE_FLAGS, "--import", "tsx", join(import.meta.dirname, "child.ts")]);
    const child = spawn(program, args, {
      env: { ...process.env, NODE_ENV: "production", GRAPHILE_ENV: "production", BENCH_SERVER: JSON.stringify(start) },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let complaints = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (complaints = (complaints + text).slice(-4_000)));
    const ended = new Promise<never>((_, reject) => {
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`the server of ${contender.name} ended:\n${complaints}`)));
    });
    // Whoever asks something of it is told.
    ended.catch(() => undefined);
    const [said] = (await Promise.race([once(child, "message"), ended])) as [ChildSays];
    if (!("url" in said)) throw new Error(`${contender.name} did not say where it listens`);
    return new ServerProcess(new URL(said.url), child, ended);
  }

  async usage(): Promise<Usage> {
    const answer = once(this.child, "message");
    this.child.send("usage");
    const [said] = (await Promise.race([answer, this.ended])) as [ChildSays];
    if (!("cpuMicros" in said)) throw new Error("not what was asked for");
    return said;
  }

  async stop(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended.catch(() => undefined);
  }
}
