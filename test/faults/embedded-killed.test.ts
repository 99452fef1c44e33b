import { spawn } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { isThere } from "../../src/platform/database/embedded/is-there.js";
import { findServerUser } from "../../src/platform/database/embedded/server-user.js";
import { ADDRESS, query, test } from "../support/embedded-world.js";

describe("a killed process", () => {
  test("leaves the server running, and the next start takes it over", async ({ world }) => {
    await world.copyPristine();
    const child = world.startInChild();
    await query(await child.line(ADDRESS), "CREATE TABLE kept AS SELECT 'here' AS word");
    const pid = await world.postmasterPid();
    await child.kill();
    const server = await world.start();
    expect(await world.postmasterPid()).toBe(pid);
    expect(await query(server.url("postgres"), "SELECT word FROM kept")).toEqual(["here"]);
    await server.stop();
    expect(await world.postmasterPid()).toBeNull();
  });

  test("that was the server itself is replaced, with its data", async ({ world }) => {
    await world.copyPristine();
    const first = await world.start();
    await query(first.url("postgres"), "CREATE TABLE kept AS SELECT 'here' AS word");
    const pid = await world.postmasterPid();
    if (pid === null) throw new Error("no server");
    process.kill(pid, "SIGKILL");
    const second = await world.start();
    expect(await world.postmasterPid()).not.toBe(pid);
    expect(await query(second.url("postgres"), "SELECT word FROM kept")).toEqual(["here"]);
  });

  test("whose pid another program got does not stand in the way", async ({ world }) => {
    await world.copyPristine();
    // As the server's own user, because PostgreSQL itself sees through the pids of others.
    const user = await findServerUser();
    const other = spawn("sleep", ["60"], { ...(user && { uid: user.uid, gid: user.gid }), stdio: "ignore" });
    try {
      await writeFile(join(world.pgData, "postmaster.pid"), `${other.pid ?? 0}\n${world.pgData}\n1\n5432\n\n127.0.0.1\n 1 2\nready\n`);
      const server = await world.start();
      expect(await query(server.url("postgres"), "SELECT 1")).toEqual([1]);
    } finally {
      other.kill();
    }
  });

  test("that left an empty pid file does not stand in the way", async ({ world }) => {
    await world.copyPristine();
    await writeFile(join(world.pgData, "postmaster.pid"), "");
    expect(await query((await world.start()).url("postgres"), "SELECT 1")).toEqual([1]);
  });
});

describe("several processes on one data folder", () => {
  test("start at once, share one server, and the last to leave stops it", async ({ world }) => {
    const [one, two] = [world.startInChild(), world.startInChild()];
    const addresses = await Promise.all([one.line(ADDRESS), two.line(ADDRESS)]);
    const here = await world.start();
    expect(new Set([...addresses, here.url("postgres")]).size).toBe(1);

    one.send("stop");
    await one.exited;
    await here.stop();
    expect(await query(addresses[0], "SELECT 1")).toEqual([1]);
    two.send("stop");
    await two.exited;
    expect(await world.postmasterPid()).toBeNull();
  });

  test("the killed do not count among those who stay", async ({ world }) => {
    await world.copyPristine();
    const child = world.startInChild();
    await child.line(ADDRESS);
    const here = await world.start();
    await child.kill();
    await here.stop();
    expect(await world.postmasterPid()).toBeNull();
  });

  test("two uses within one process are two", async ({ world }) => {
    await world.copyPristine();
    const [first, second] = await Promise.all([world.start(), world.start()]);
    await first.stop();
    expect(await query(second.url("postgres"), "SELECT 1")).toEqual([1]);
  });

  test("leaving twice is leaving once, even when the folder is gone by then", async ({ world }) => {
    await world.copyPristine();
    const server = await world.start();
    await server.stop();
    await rm(world.dataFolder, { recursive: true });
    await server.stop();
    expect(await isThere(world.dataFolder)).toBe(false);
  });
});
