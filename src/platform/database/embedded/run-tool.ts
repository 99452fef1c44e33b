import { spawn } from "node:child_process";

/** The user that something runs as. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface ToolResult {
  readonly exitCode: number | null;
  /** What it printed to either stream, in order. */
  readonly output: string;
}

/**
 * Runs one program to its end, as `user` or as ourselves. Nothing of our environment is passed on: PGDATA, PGPORT or
 * PGOPTIONS of the operator's shell would change what the tools do, and secrets have no place in the server's environment.
 */
export function runTool(command: string, args: readonly string[], user: ServerUser | null): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      // The user may not be allowed into our working directory.
      cwd: "/",
      env: { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: Ctrl-C in the terminal is for the gateway, which then stops the server in its own order.
      detached: true,
      ...(user && { uid: user.uid, gid: user.gid }),
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, output }));
  });
}
