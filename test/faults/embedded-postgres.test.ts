import { chmod, mkdir, readdir, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { describe, expect } from "vitest";
import { isThere } from "../../src/platform/database/embedded/is-there.js";
import { EXIT_CODE } from "../../src/platform/operator-error.js";
import { query, test } from "../support/embedded-world.js";

describe("a data folder", () => {
  test("keeps data, port and password over a restart", async ({ world }) => {
    await world.copyPristine();
    const first = await world.start();
    await query(first.url("postgres"), "CREATE TABLE kept AS SELECT 'here' AS word");
    await first.stop();
    expect(await world.postmasterPid()).toBeNull();
    const second = await world.start();
    expect(await query(second.url("postgres"), "SELECT word FROM kept")).toEqual(["here"]);
    expect(second.url("postgres")).toBe(first.url("postgres"));
  });

  test("is closed to others: one address, a password, owner's eyes only", async ({ world }) => {
    await world.copyPristine();
    const server = await world.start();
    const url = new URL(server.url("postgres"));
    expect(url.hostname).toBe("127.0.0.1");
    expect(await query(url.href, "SELECT current_setting('listen_addresses') || current_setting('unix_socket_directories')")).toEqual(["127.0.0.1"]);
    expect((await stat(join(world.dataFolder, "cluster", "password"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(world.dataFolder, "cluster"))).mode & 0o777).toBe(0o700);
    url.password = "wrong";
    await expect(query(url.href, "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
  });

  test("sorts and counts time the same everywhere", async ({ world }) => {
    await world.copyPristine();
    const { url } = await world.start();
    const show =
      "SELECT concat_ws(' ', current_setting('server_encoding'), datlocprovider, datlocale, current_setting('timezone')) FROM pg_database WHERE datname = 'postgres'";
    expect(await query(url("postgres"), show)).toEqual(["UTF8 b C.UTF-8 UTC"]);
  });

  test("that somebody else uses is left alone", async ({ world }) => {
    await mkdir(world.dataFolder);
    await writeFile(join(world.dataFolder, "thesis.txt"), "years of work");
    await expect(world.start()).rejects.toMatchObject({
      name: "OperatorError",
      exitCode: EXIT_CODE.CONFIG,
      message: expect.stringContaining("thesis.txt") as string,
    });
    expect(await readdir(world.dataFolder)).toEqual(["thesis.txt"]);
  });

  test("that is a file is explained", async ({ world }) => {
    await writeFile(world.dataFolder, "");
    await expect(world.start()).rejects.toMatchObject({ name: "OperatorError", message: expect.stringContaining(world.dataFolder) as string });
  });

  test("of another PostgreSQL is left as it is", async ({ world }) => {
    await world.copyPristine();
    await writeFile(join(world.pgData, "PG_VERSION"), "17\n");
    await expect(world.start()).rejects.toMatchObject({ name: "OperatorError", message: expect.stringContaining("made by PostgreSQL 17") as string });
  });

  test("without its password is left as it is", async ({ world }) => {
    await world.copyPristine();
    await rm(join(world.dataFolder, "cluster", "password"));
    await expect(world.start()).rejects.toMatchObject({ name: "OperatorError", message: expect.stringContaining("password is missing") as string });
    expect(await isThere(join(world.pgData, "PG_VERSION"))).toBe(true);
  });
});

describe("a start", () => {
  test("that was killed half-way is made good by the next", async ({ world }) => {
    const child = world.startInChild();
    const isMaking = async (): Promise<boolean> =>
      (await isThere(world.dataFolder)) && (await readdir(world.dataFolder)).some((name) => name.startsWith("cluster.making-"));
    while (!(await isMaking())) await sleep(5);
    await child.kill();
    const server = await world.start();
    expect(await query(server.url("postgres"), "SELECT 1")).toEqual([1]);
    expect((await readdir(world.dataFolder)).filter((name) => name.startsWith("cluster"))).toEqual(["cluster"]);
    expect(world.logged.join()).toContain("interrupted start");
  });

  test("takes another port when its own is taken", async ({ world }) => {
    await world.copyPristine();
    const first = await world.start();
    await first.stop();
    const port = Number(new URL(first.url("x")).port);
    const squatter = createServer().listen(port, "127.0.0.1");
    try {
      const second = await world.start();
      expect(Number(new URL(second.url("x")).port)).not.toBe(port);
      expect(await query(second.url("postgres"), "SELECT 1")).toEqual([1]);
    } finally {
      squatter.close();
    }
  });

  test("that fails says why, in the server's own words", async ({ world }) => {
    await world.copyPristine();
    await expect(world.start({ shared_buffers: "plenty" })).rejects.toMatchObject({
      name: "OperatorError",
      exitCode: EXIT_CODE.DATABASE_UNAVAILABLE,
      message: expect.stringContaining("shared_buffers") as string,
    });
  });

  test("waits for a server that is still stopping", async ({ world }) => {
    await world.copyPristine();
    const first = await world.start();
    const pid = await world.postmasterPid();
    if (pid === null) throw new Error("no server");
    const client = new pg.Client({ connectionString: first.url("postgres") });
    await client.connect();
    // A smart shutdown waits for the clients, and refuses new ones.
    process.kill(pid, "SIGTERM");
    const leaving = sleep(500).then(() => client.end());
    const second = await world.start();
    await leaving;
    expect(await query(second.url("postgres"), "SELECT 1")).toEqual([1]);
    expect(await world.postmasterPid()).not.toBe(pid);
  });

  test("does not adopt a server that refuses the password", async ({ world }) => {
    await world.copyPristine();
    const first = await world.start();
    await query(first.url("postgres"), "ALTER ROLE catalog PASSWORD 'another'");
    await expect(world.start()).rejects.toMatchObject({ name: "OperatorError", message: expect.stringContaining("does not accept the password") as string });
  });
});

describe.runIf(process.getuid?.() === 0)("as root", () => {
  test("a folder that the server's user may not enter has its data elsewhere, and always there", async ({ world }) => {
    await chmod(world.folder, 0o700);
    const first = await world.start();
    const elsewhere = /the data is kept in (\S+)\.$/.exec(world.logged.find((line) => line.includes("kept in")) ?? "")?.[1];
    if (elsewhere === undefined) throw new Error("no line says where");
    try {
      await query(first.url("postgres"), "CREATE TABLE kept AS SELECT 'here' AS word");
      await first.stop();
      // Had the place depended on the permissions of the day, the data would now seem lost.
      await chmod(world.folder, 0o755);
      const second = await world.start();
      expect(await query(second.url("postgres"), "SELECT word FROM kept")).toEqual(["here"]);
      await second.stop();
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
      if ((await readdir(dirname(elsewhere))).length === 0) await rmdir(dirname(elsewhere));
    }
  });

  test("a folder that can no longer be entered is not replaced by an empty one", async ({ world }) => {
    await world.copyPristine();
    await chmod(world.folder, 0o700);
    await expect(world.start()).rejects.toMatchObject({ name: "OperatorError", message: expect.stringContaining("may not enter") as string });
  });
});
