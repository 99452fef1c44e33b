import { randomBytes, randomUUID } from "node:crypto";
import { chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EXIT_CODE, OperatorError } from "../../operator-error.js";
import { CLUSTER, type Home } from "./home.js";
import { isThere } from "./is-there.js";
import { runTool } from "./run-tool.js";

/** PostgreSQL's own data folder, and how to log in. */
export interface Cluster {
  readonly pgData: string;
  readonly password: string;
}

/** The one role of an embedded server. */
export const ROLE = "catalog";

const MAKING = `${CLUSTER}.making-`;
/** What a home may hold before its cluster is there. Anything else belongs to somebody else. */
const OUR_NAMES = /^(lock|tenants|port|postgres\.log(\.1)?|postgres-.*|cluster\.making-.*|lost\+found|\..*)$/;

/** Refuses a folder that holds something else, before anything is written there. */
export async function assertFolderIsOurs({ folder }: Home): Promise<void> {
  const names = await readdir(folder);
  if (names.includes(CLUSTER)) return;
  const foreign = names.filter((name) => !OUR_NAMES.test(name));
  if (foreign.length === 0) return;
  const what = foreign.includes("PG_VERSION")
    ? "is the data folder of a PostgreSQL that the gateway did not make"
    : `holds other things (${foreign.slice(0, 3).join(", ")}${foreign.length > 3 ? ", …" : ""})`;
  throw new OperatorError(`${folder} ${what}; it is left as it is. What to do: name an empty or a new folder.`, EXIT_CODE.CONFIG);
}

/** Opens the cluster of this home, or makes it. The caller holds the exclusive lock. */
export async function openCluster(home: Home, isDurable: boolean, log: (line: string) => void): Promise<Cluster> {
  const folder = join(home.folder, CLUSTER);
  await removeHalfMade(home, log);
  if (!(await isThere(folder))) {
    log(`Making a new database in ${folder}.`);
    await makeCluster(home, folder, isDurable);
  }
  const pgData = join(folder, "pgdata");
  await assertVersion(pgData, home.binaries.majorVersion);
  return { pgData, password: await readWhole(join(folder, "password")) };
}

/**
 * initdb is not atomic, so it works in a folder beside, which gets its name only when all is there: killed at any moment,
 * there is either a whole cluster or rubbish with a name that says so.
 */
async function makeCluster(home: Home, folder: string, isDurable: boolean): Promise<void> {
  const half = join(home.folder, `${MAKING}${randomUUID().slice(0, 8)}`);
  await mkdir(half, { mode: 0o700 });
  await writeFile(join(half, "password"), randomBytes(24).toString("hex"), { mode: 0o600 });
  if (home.user !== null) {
    await chown(join(half, "password"), home.user.uid, home.user.gid);
    await chown(half, home.user.uid, home.user.gid);
  }
  const { exitCode, output } = await runTool(
    join(home.binaries.folder, "bin", "initdb"),
    [
      ...["--pgdata", join(half, "pgdata"), "--username", ROLE, "--pwfile", join(half, "password"), "--auth", "scram-sha-256"],
      // Sorting and case rules of PostgreSQL's own, so that an upgrade of the system's C library cannot corrupt an index.
      ...["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"],
      ...["--no-instructions", ...(isDurable ? [] : ["--no-sync"])],
    ],
    home.user,
  );
  if (exitCode !== 0) {
    await rm(half, { recursive: true, force: true });
    throw new OperatorError(
      `A new database could not be made in ${home.folder}; initdb said:\n${output.trim().slice(-2_000)}\n` +
        "What to do: mend what it names (disk space, permissions), or set DATABASE_URL to a PostgreSQL 18 of your own.",
      EXIT_CODE.DATABASE_UNAVAILABLE,
    );
  }
  await rename(half, folder);
  await syncFolder(home.folder);
}

/** Without this a power cut soon after could undo the rename. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whoever made these was killed: the lock is ours, so nobody is at work on them, except perhaps an orphaned initdb. */
async function removeHalfMade({ folder }: Home, log: (line: string) => void): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => each.startsWith(MAKING))) {
    log(`Removing ${join(folder, name)}, which an interrupted start left behind.`);
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function assertVersion(pgData: string, wanted: number): Promise<void> {
  const found = await readWhole(join(pgData, "PG_VERSION"));
  if (found === String(wanted)) return;
  throw new OperatorError(
    `The data in ${pgData} was made by PostgreSQL ${found}; this version of the gateway brings PostgreSQL ${wanted}. The data is left as it is. ` +
      "What to do: start the version of the gateway that made it and move the data with pg_dump and pg_restore, or name a new data folder.",
    EXIT_CODE.CONFIG,
  );
}

/** A file that every whole cluster has. */
async function readWhole(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  });
  if (text.trim() !== "") return text.trim();
  throw new OperatorError(
    `${path} is missing or empty, so the database beside it is not whole; it is left as it is. ` +
      "What to do: restore the data folder from a backup, or name a new data folder.",
    EXIT_CODE.FILE_NOT_USABLE,
  );
}
