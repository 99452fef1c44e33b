import { readFile } from "node:fs/promises";
import { EXIT_CODE, OperatorError } from "../../operator-error.js";
import { runTool, type ServerUser } from "./run-tool.js";

/** Users that exist on most systems and own nothing of worth; the gateway never creates one. */
const CANDIDATES = ["postgres", "_postgres", "nobody"];

/** PostgreSQL refuses to run as root. Null when we are not root: the server then runs as ourselves. */
export async function findServerUser(): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  const users = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const candidate of CANDIDATES) {
    const [name, , uid, gid] = users.find(([found]) => found === candidate) ?? [];
    if (name !== undefined && uid !== undefined && gid !== undefined) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new OperatorError(
    "PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody. " +
      "What to do: start the gateway as an ordinary user, or set DATABASE_URL to a PostgreSQL 18 of your own.",
    EXIT_CODE.CONFIG,
  );
}

/** Whether the user may pass every folder above `path` and read or enter (or run) it. Asked of the system, which also knows ACLs. */
export async function canUse(user: ServerUser, path: string, how: "read" | "enter"): Promise<boolean> {
  const { exitCode } = await runTool("/bin/sh", ["-c", `test ${how === "read" ? "-r" : "-x"} "$1"`, "sh", path], user);
  return exitCode === 0;
}
