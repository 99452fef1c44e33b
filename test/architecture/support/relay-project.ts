import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";

/** The compiler for this machine, which the package brings along; null where it has none. */
export const relayCompiler = createRequire(import.meta.url)("relay-compiler") as string | null;

interface RelayProject {
  readonly folder: string;
  readonly schemaFile: string;
  readonly source: string;
  /** In the types that Relay makes; it refuses a scalar that is missing here. */
  readonly scalars: Readonly<Record<string, string>>;
}

/** What the compiler says to a project of one file, and the operations that it would have sent, by their hash. */
export async function compileWithRelay({ folder, schemaFile, source, scalars }: RelayProject): Promise<{ output: string; operations: readonly string[] }> {
  if (relayCompiler === null) throw new Error(`relay-compiler has no binary for ${process.platform} on ${process.arch}.`);
  const settings = {
    root: ".",
    sources: { src: "catalog" },
    projects: {
      catalog: {
        schema: "schema.graphql",
        language: "typescript",
        eagerEsModules: true,
        customScalarTypes: scalars,
        requireCustomScalarTypes: true,
        persist: { file: "operations.json", algorithm: "SHA256" },
      },
    },
  };
  await mkdir(join(folder, "src"), { recursive: true });
  await copyFile(schemaFile, join(folder, "schema.graphql"));
  await writeFile(join(folder, "operations.json"), "{}");
  await writeFile(join(folder, "src", "catalog.ts"), source);
  await writeFile(join(folder, "relay.config.json"), JSON.stringify(settings));

  // The compiler explains itself on its output, and only there.
  const { stdout, stderr } = await promisify(execFile)(relayCompiler, ["relay.config.json"], { cwd: folder }).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );
  const operations = JSON.parse(await readFile(join(folder, "operations.json"), "utf8")) as Readonly<Record<string, string>>;
  return { output: stripVTControlCharacters(stdout + stderr), operations: Object.values(operations) };
}
