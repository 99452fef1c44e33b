import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const STAMP = ".built-from";
/** The packages whose version changes what comes out. */
const PACKAGES = ["vite", "graphiql", "@graphiql/react", "@graphiql/plugin-explorer", "react-dom", "graphql"];

export interface ExplorerBuildOptions {
  readonly log: (line: string) => void;
  /** Where the example operations are; the tests bring examples of their own. */
  readonly operations?: string;
  readonly output?: string;
}

export type ExplorerBuild =
  | { readonly status: "built"; readonly folder: string; readonly durationMs: number }
  | { readonly status: "unchanged"; readonly folder: string }
  /** An installation without the build tools uses what was built before. */
  | { readonly status: "kept"; readonly folder: string }
  | { readonly status: "not-built"; readonly folder: string; readonly reason: string };

/** Builds the explorer unless the build at hand was made from the very same inputs. */
export async function buildExplorerIfNeeded(options: ExplorerBuildOptions): Promise<ExplorerBuild> {
  const { log, operations = path.join(PROJECT, "sdk/operations"), output = path.join(PROJECT, "dist/explorer") } = options;
  const source = path.join(PROJECT, "explorer");

  if (!isInstalled("vite") || !existsSync(source)) {
    if (existsSync(path.join(output, "index.html"))) return { status: "kept", folder: output };
    const reason = "The explorer is not built, and this installation lacks what builds it (a production install has no vite).";
    return { status: "not-built", folder: output, reason };
  }

  const inputs = await fingerprint([source, operations]);
  if ((await readStamp(output)) === inputs) return { status: "unchanged", folder: output };

  log("Building the explorer (a few seconds).");
  const started = performance.now();
  await build({ source, operations, output });
  await compress(output);
  // Last, so that a build that was interrupted is not taken for a finished one.
  await writeFile(path.join(output, STAMP), inputs);
  return { status: "built", folder: output, durationMs: Math.round(performance.now() - started) };
}

async function build({ source, operations, output }: { source: string; operations: string; output: string }): Promise<void> {
  const { build } = await import("vite");
  // Vite sets NODE_ENV when it is unset and obeys any other value: React would come in its development edition from a
  // test run, and the server that is about to start in this process would run as something that nobody asked for.
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    await rm(path.join(output, STAMP), { force: true });
    await build({
      configFile: false,
      root: source,
      // Relative addresses, so that the folder can be served at any path.
      base: "./",
      logLevel: "warn",
      resolve: { alias: { "#operations": operations } },
      build: {
        outDir: output,
        emptyOutDir: true,
        target: "es2022",
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
        rolldownOptions: {
          // "use client" speaks to server rendering, and some fifty modules say it.
          onLog: (level, log, report) => log.code === "MODULE_LEVEL_DIRECTIVE" || report(level, log),
        },
        // The editor is one large module and is needed at once; cutting it up only adds requests.
        chunkSizeWarningLimit: 10_000,
      },
    });
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
}

/** Writes `.br` and `.gz` beside each text file: the server sends them as they are, and never compresses by itself. */
async function compress(folder: string): Promise<void> {
  const files = (await listFiles(folder)).filter((file) => /\.(js|css|html|svg)$/.test(file));
  await Promise.all(
    files.map(async (file) => {
      const content = await readFile(file);
      await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
      await writeFile(`${file}.br`, await promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    }),
  );
}

async function fingerprint(folders: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  const files = [fileURLToPath(import.meta.url), ...(await Promise.all(folders.map(listFiles))).flat()];
  for (const file of files)
    hash
      .update(`${path.relative(PROJECT, file)}\0`)
      .update(await readFile(file))
      .update("\0");
  for (const name of PACKAGES) hash.update(`${name}@${await installedVersion(name)}\n`);
  return hash.digest("hex");
}

async function listFiles(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

async function readStamp(folder: string): Promise<string | null> {
  const file = path.join(folder, STAMP);
  return existsSync(file) ? readFile(file, "utf8") : null;
}

const require = createRequire(import.meta.url);

function isInstalled(name: string): boolean {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

async function installedVersion(name: string): Promise<string> {
  const description = JSON.parse(await readFile(require.resolve(`${name}/package.json`), "utf8")) as {
    version: string;
  };
  return description.version;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = await buildExplorerIfNeeded({ log: console.log });
  const seconds = result.status === "built" ? ` in ${(result.durationMs / 1000).toFixed(1)} s` : "";
  console.log(`Explorer: ${result.status}${seconds}, ${path.relative(process.cwd(), result.folder)}`);
  if (result.status === "not-built") {
    console.error(result.reason);
    process.exitCode = 1;
  }
}
