import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const PEERS = join(import.meta.dirname, "..", "peers");

/** Installs what the peers need, and makes their Prisma client, unless that is there. */
export async function installPeers(log: (line: string) => void): Promise<void> {
  if (!existsSync(join(PEERS, "node_modules", ".package-lock.json"))) {
    log("Installing the peers (bench/peers, some 440 MB).");
    await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  }
  if (existsSync(join(PEERS, "node_modules", ".prisma", "pothos", "types.ts"))) return;
  log("Making the peers' Prisma client.");
  const cli = join(dirname(createRequire(import.meta.url).resolve("prisma/package.json")), "build", "index.js");
  await run(process.execPath, [cli, "generate", "--schema", "schema.prisma"]);
}

function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, {
    cwd: PEERS,
    // Generating needs no engine, yet the CLI would download one: any program that exists contents it.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${program} ${args.join(" ")} failed:\n${said}`))));
  });
}
