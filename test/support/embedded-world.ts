import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { test as base } from "vitest";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../src/platform/database/embedded/embedded-postgres.js";
import { isThere } from "../../src/platform/database/embedded/is-there.js";
import { Child } from "./child.js";
import { makeTemporaryFolder } from "./temporary-folder.js";

/** What a child prints when its server is ready. */
export const ADDRESS = /^postgresql:/;

/** A data folder of the test's own, and all that uses it; taken away after the test, however that ended. */
export class EmbeddedWorld {
  readonly logged: string[] = [];
  readonly dataFolder: string;
  readonly pgData: string;
  private readonly running: EmbeddedPostgres[] = [];
  private readonly children: Child[] = [];

  constructor(
    readonly folder: string,
    private readonly pristine: string,
  ) {
    this.dataFolder = join(folder, "data");
    this.pgData = join(this.dataFolder, "cluster", "pgdata");
  }

  /** The folder as a first start leaves it, without the second that this takes; `cp -a` keeps the owner. */
  async copyPristine(): Promise<void> {
    await promisify(execFile)("cp", ["-a", join(this.pristine, "data"), this.dataFolder]);
  }

  async start(settings: Readonly<Record<string, string>> = {}): Promise<EmbeddedPostgres> {
    const log = (line: string): void => void this.logged.push(line);
    const server = await startEmbeddedPostgres({ dataFolder: this.dataFolder, log, settings: { fsync: "off", ...settings } });
    this.running.push(server);
    return server;
  }

  startInChild(): Child {
    const child = new Child("embedded-child.ts", this.dataFolder);
    this.children.push(child);
    return child;
  }

  async postmasterPid(): Promise<number | null> {
    const path = join(this.pgData, "postmaster.pid");
    return (await isThere(path)) ? Number((await readFile(path, "utf8")).split("\n")[0]) : null;
  }

  async end(): Promise<void> {
    await Promise.all(this.children.map((child) => child.kill()));
    await Promise.all(this.running.map((server) => server.stop()));
    // A test that failed may have left the server to nobody.
    const pid = await this.postmasterPid();
    if (pid !== null) process.kill(pid, "SIGKILL");
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The first column of the answer. */
export async function query(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

export const test = base.extend<{ pristine: string; world: EmbeddedWorld }>({
  pristine: [
    async ({}, use) => {
      const folder = await makeTemporaryFolder();
      await (await startEmbeddedPostgres({ dataFolder: join(folder, "data"), settings: { fsync: "off" } })).stop();
      await use(folder);
      await rm(folder, { recursive: true, force: true });
    },
    { scope: "file" },
  ],
  world: async ({ pristine }, use) => {
    const world = new EmbeddedWorld(await makeTemporaryFolder(), pristine);
    await use(world);
    await world.end();
  },
});
