import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { generate, type CodegenConfig } from "@graphql-codegen/cli";
import { parse } from "yaml";

const run = promisify(execFile);

export const projectFolder = join(import.meta.dirname, "..", "..", "..");
const modulesFolder = join(projectFolder, "node_modules");

export interface GeneratedFile {
  /** From the project's folder on. */
  readonly path: string;
  readonly content: string;
}

/** What `npm run codegen` would write now; writes nothing. */
export async function generateSdk(): Promise<readonly GeneratedFile[]> {
  const config = parse(await readFile(join(projectFolder, "codegen.yml"), "utf8")) as CodegenConfig;
  const files = (await generate({ ...config, cwd: projectFolder, silent: true }, false)) as readonly { filename: string; content: string }[];
  return files.map(({ filename, content }) => ({ path: filename, content }));
}

/** Compiles the SDK in `folder`, as `npm run build:sdk` does in the project, and packs it; returns the tarball. */
export async function packSdk(folder: string): Promise<string> {
  const sdk = join(folder, "sdk");
  await cp(join(projectFolder, "sdk"), sdk, { recursive: true, filter: (source) => !["dist", "generated"].includes(basename(source)) });
  await cp(join(projectFolder, "tsconfig.json"), join(folder, "tsconfig.json"));
  await symlink(modulesFolder, join(folder, "node_modules"));
  for (const { path, content } of await generateSdk()) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await compile(join(sdk, "tsconfig.json"));
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--offline"], { cwd: sdk });
  const [packed] = JSON.parse(stdout) as readonly { readonly filename: string }[];
  return join(sdk, packed?.filename ?? "");
}

/** Puts a tarball where `npm install` would, and beside it what it declares to need: nothing else can be imported. */
export async function installPackage(tarball: string, folder: string): Promise<{ packageFolder: string; manifest: PackageManifest }> {
  const unpacked = join(folder, "node_modules");
  await mkdir(unpacked, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", unpacked]);
  const manifest = JSON.parse(await readFile(join(unpacked, "package", "package.json"), "utf8")) as PackageManifest;
  const packageFolder = join(unpacked, manifest.name);
  await cp(join(unpacked, "package"), packageFolder, { recursive: true });
  for (const name of [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]) {
    await mkdir(dirname(join(unpacked, name)), { recursive: true });
    await symlink(join(modulesFolder, name), join(unpacked, name));
  }
  return { packageFolder, manifest };
}

export interface PackageManifest {
  readonly name: string;
  readonly license: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Rejects with what the compiler complains about. */
export async function compile(tsconfig: string): Promise<void> {
  await run(process.execPath, [join(modulesFolder, "typescript", "bin", "tsc"), "-p", tsconfig]).catch((error: unknown) => {
    throw new Error((error as { stdout: string }).stdout);
  });
}

export async function installedVersion(name: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(modulesFolder, name, "package.json"), "utf8")) as { readonly version: string };
  return version;
}
