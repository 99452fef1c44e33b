import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const schemaFile = join(root, "prisma", "schema.prisma");
const output = join(root, "src", "platform", "database", "generated");
/** Written last, so that an interrupted run counts as none. */
const stampFile = join(output, ".generated-from");

/** Makes the Prisma client, unless the one that is there was made from this schema by this version. True when it made it. */
export async function generatePrismaClientIfNeeded(): Promise<boolean> {
  const wanted = await computeStamp();
  if (wanted === (await readStamp())) return false;
  await runPrismaGenerate();
  await writeFile(stampFile, wanted);
  return true;
}

async function computeStamp(): Promise<string> {
  const version = await readFile(join(root, "node_modules", "@prisma", "client", "package.json"));
  return createHash("sha256")
    .update(await readFile(schemaFile))
    .update(version)
    .digest("hex");
}

async function readStamp(): Promise<string | null> {
  return readFile(stampFile, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
}

function runPrismaGenerate(): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve("prisma/package.json")), "build", "index.js");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, "generate"], {
      cwd: root,
      env: {
        ...process.env,
        // Generating needs no engine, yet the CLI would download one: any program that exists contents it.
        PRISMA_SCHEMA_ENGINE_BINARY: process.env["PRISMA_SCHEMA_ENGINE_BINARY"] ?? process.execPath,
        CHECKPOINT_DISABLE: "1",
        PRISMA_HIDE_UPDATE_MESSAGE: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`prisma generate failed (${code ?? "killed"}):\n${said}`));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = await generatePrismaClientIfNeeded();
  console.log(made ? "The Prisma client was generated." : "The Prisma client is up to date.");
}
