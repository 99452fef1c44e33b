import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Home } from "./home.js";

export const HOST = "127.0.0.1";

/** The port of last time when it is free, so that a connection an operator has noted down stays good; else any free one. */
export async function choosePort(home: Home): Promise<number> {
  const last = await lastPort(home);
  return (last === null ? null : await tryPort(last)) ?? (await anyFreePort());
}

export async function rememberPort(home: Home, port: number): Promise<void> {
  await writeFile(join(home.folder, "port"), `${port}\n`);
}

async function lastPort(home: Home): Promise<number | null> {
  const text = await readFile(join(home.folder, "port"), "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  });
  const port = Number(text);
  return Number.isInteger(port) && port >= 1024 && port <= 65_535 ? port : null;
}

/** The chosen port is free now; somebody may still take it before the server does, which the start then notices. */
async function anyFreePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === null) throw new Error("the system gave no free port");
  return port;
}

/** Listens for a moment; returns the port it got, or null when it is taken. */
function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", (error) => {
      if ("code" in error && (error.code === "EADDRINUSE" || error.code === "EACCES")) resolve(null);
      else reject(error);
    });
    server.listen({ port, host: HOST, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : null));
    });
  });
}
