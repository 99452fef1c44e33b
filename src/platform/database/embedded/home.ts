import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { EXIT_CODE, OperatorError } from "../../operator-error.js";
import { copyBinaries, findBinaries, linkLibraries, type Binaries } from "./binaries.js";
import { isThere } from "./is-there.js";
import type { ServerUser } from "./run-tool.js";
import { canUse, findServerUser } from "./server-user.js";

/** Where one embedded server lives, and as whom. */
export interface Home {
  /** Holds the cluster, the server's log, the lock and the list of tenants. Belongs to the user of the gateway. */
  readonly folder: string;
  readonly binaries: Binaries;
  /** Null: the server runs as the user of the gateway. */
  readonly user: ServerUser | null;
}

/**
 * Used by root only, when the server's user may not enter the folder asked for. Not under /var/tmp: there systemd removes
 * files that nobody touched for 30 days, under a running server too.
 */
const ROOTS_FOLDER = "/var/lib/catalog-gateway-embedded";

/** The name of the cluster within a home; its presence makes a folder ours. */
export const CLUSTER = "cluster";

export async function chooseHome(dataFolder: string, log: (line: string) => void): Promise<Home> {
  const folder = await makeFolder(dataFolder);
  const user = await findServerUser();
  const binaries = await findBinaries();
  if (user === null) {
    const isLinked = await linkLibraries(binaries);
    return { folder, user, binaries: isLinked ? binaries : await copyBinaries(binaries, folder, log) };
  }
  return { folder: await chooseFolderAsRoot(folder, user, log), user, binaries: await chooseBinariesAsRoot(binaries, user, log) };
}

/** An existing cluster decides, wherever it is: permissions that change later must not make the data seem lost. */
async function chooseFolderAsRoot(folder: string, user: ServerUser, log: (line: string) => void): Promise<string> {
  const other = join(ROOTS_FOLDER, `data-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`);
  const isEnterable = await canUse(user, folder, "enter");
  if (await isThere(join(folder, CLUSTER))) {
    if (isEnterable) return folder;
    throw new OperatorError(
      `The data in ${folder} cannot be used: the user ${user.name}, as whom the server runs, may not enter a folder on the way there. ` +
        "What to do: give that permission back (chmod a+x on each folder above), or move the data folder to where it may.",
      EXIT_CODE.FILE_NOT_USABLE,
    );
  }
  if (isEnterable && !(await isThere(join(other, CLUSTER)))) return folder;
  log(`The user ${user.name}, as whom PostgreSQL runs, may not enter ${folder}: the data is kept in ${other}.`);
  await makeRootsFolder();
  return makeFolder(other);
}

async function chooseBinariesAsRoot(binaries: Binaries, user: ServerUser, log: (line: string) => void): Promise<Binaries> {
  const isLinked = await linkLibraries(binaries);
  const isUsable =
    isLinked &&
    (await canUse(user, join(binaries.folder, "bin", "postgres"), "enter")) &&
    (await canUse(user, join(binaries.folder, "share", "postgresql", "postgres.bki"), "read"));
  if (isUsable) return binaries;
  await makeRootsFolder();
  return copyBinaries(binaries, ROOTS_FOLDER, log);
}

/** Returns the one true path: two names of one folder must find the same server. */
async function makeFolder(path: string): Promise<string> {
  const created = await mkdir(path, { recursive: true });
  // Whatever the umask: the server's user passes through here to the cluster, which is closed to all others.
  if (created !== undefined) await chmod(path, 0o755);
  return realpath(path);
}

/** A program run as root must not trust a folder that somebody else could have prepared. */
async function makeRootsFolder(): Promise<void> {
  await makeFolder(ROOTS_FOLDER);
  const found = await lstat(ROOTS_FOLDER);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new OperatorError(
      `${ROOTS_FOLDER} is not a folder that belongs to root and that only root can write. What to do: look who made it, and remove it.`,
      EXIT_CODE.FILE_NOT_USABLE,
    );
  }
}
