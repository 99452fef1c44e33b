import { join } from "node:path";
import { explainFileError } from "../../operator-error.js";
import { assertFolderIsOurs, openCluster, ROLE, type Cluster } from "./cluster.js";
import { withExclusiveLock } from "./exclusive-lock.js";
import { chooseHome, type Home } from "./home.js";
import { HOST } from "./port.js";
import { ensureServer, stopServer } from "./server.js";
import { moveIn, moveOut } from "./tenants.js";

export interface EmbeddedPostgresOptions {
  /** Everything of this server is kept in there. It may not exist yet; it must not hold anything else. */
  readonly dataFolder: string;
  /** One line for every step that takes time or that an operator may wonder about. */
  readonly log?: (line: string) => void;
  /** Settings of the server, for tests; not applied to a server that already runs. With fsync=off a crash may lose the data. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** The address of one of its databases, password included. */
  url(database: string): string;
  /** Leaves the server; the last of all processes that leaves stops it. May be called again. */
  stop(): Promise<void>;
}

/** Longer than the slowest start, so that a second gateway waits for the first one's crash recovery. */
const LOCK_TIMEOUT_MS = 300_000;

/**
 * Starts PostgreSQL on a data folder of its own, or joins the one that runs there already. Any number of processes may use
 * one data folder at once. A process that ends without `stop`, even by kill -9, leaves the server running; the next start takes it over.
 */
export async function startEmbeddedPostgres({ dataFolder, log = silently, settings = {} }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    const home = await chooseHome(dataFolder, log);
    await assertFolderIsOurs(home);
    return await alone(home, log, async () => {
      const cluster = await openCluster(home, settings["fsync"] !== "off", log);
      const port = await ensureServer(home, cluster, { settings, log });
      const tenant = await moveIn(tenantsFolder(home));
      let stopped: Promise<void> | undefined;
      return {
        url: (database) => `postgresql://${ROLE}:${cluster.password}@${HOST}:${port}/${encodeURIComponent(database)}`,
        stop: () => (stopped ??= leave(home, cluster, tenant, log)),
      };
    });
  } catch (error) {
    throw explainFileError(error, `The embedded PostgreSQL cannot use the data folder ${dataFolder}`);
  }
}

async function leave(home: Home, cluster: Cluster, tenant: string, log: (line: string) => void): Promise<void> {
  await alone(home, log, async () => {
    if ((await moveOut(tenantsFolder(home), tenant)) === 0) await stopServer(home, cluster, log);
  });
}

function alone<T>(home: Home, log: (line: string) => void, body: () => Promise<T>): Promise<T> {
  const onWait = () => log("Another process is starting or stopping the embedded PostgreSQL; waiting for it.");
  return withExclusiveLock(join(home.folder, "lock"), { timeoutMs: LOCK_TIMEOUT_MS, onWait }, body);
}

function tenantsFolder(home: Home): string {
  return join(home.folder, "tenants");
}

function silently(): void {
  // Callers that pass no log want no lines.
}
