import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../src/platform/database/embedded/embedded-postgres.js";
import { isThere } from "../../src/platform/database/embedded/is-there.js";

const PREFIX = "catalog-gateway-test-";

/** An empty folder, named after this process, that the user of an embedded server may enter when the tests run as root. */
export async function makeTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  await chmod(folder, 0o755);
  return folder;
}

/** Stops the servers and removes the folders of test runs that were killed. */
export async function sweepTemporaryFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const dataFolder = join(tmpdir(), name, "data");
    try {
      if (await isThere(join(dataFolder, "cluster"))) await (await startEmbeddedPostgres({ dataFolder })).stop();
      await rm(join(tmpdir(), name), { recursive: true, force: true });
    } catch (error) {
      // What another version of this code left behind is no reason to fail this run.
      console.warn(`Could not clear away ${join(tmpdir(), name)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
