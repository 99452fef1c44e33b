import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withExclusiveLock, type LockOptions } from "../../src/platform/database/embedded/exclusive-lock.js";
import { isAlive, ownIdentity } from "../../src/platform/database/embedded/process-identity.js";
import { makeTemporaryFolder } from "../support/temporary-folder.js";

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await makeTemporaryFolder();
  lock = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const patient: LockOptions = { timeoutMs: 30_000, onWait: () => undefined };

test("of many that come at once, each is alone inside", async () => {
  const counter = join(folder, "counter");
  await writeFile(counter, "0");
  const increments = Array.from({ length: 30 }, () =>
    withExclusiveLock(lock, patient, async () => {
      const count = Number(await readFile(counter, "utf8"));
      await setImmediate();
      await writeFile(counter, String(count + 1));
    }),
  );
  await Promise.all(increments);
  expect(await readFile(counter, "utf8")).toBe("30");
  expect(await readdir(lock)).toEqual([]);
});

test("who is still drawing a ticket is waited for, since it may be a lower one", async () => {
  await withExclusiveLock(lock, patient, async () => undefined);
  const choosing = join(lock, `choosing.${await ownIdentity()}.12345678`);
  await writeFile(choosing, "");
  let isIn = false;
  const entering = withExclusiveLock(lock, patient, async () => void (isIn = true));
  await sleep(150);
  expect(isIn).toBe(false);
  await rm(choosing);
  await entering;
});

test("a body that throws gives the lock back", async () => {
  await expect(withExclusiveLock(lock, patient, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await withExclusiveLock(lock, patient, () => Promise.resolve("in"))).toBe("in");
});

test("the dead do not hold it, not even those whose pid lives again", async () => {
  await withExclusiveLock(lock, patient, async () => undefined);
  for (const dead of ["999999999-1-abc", `${process.pid}-1-abc`, "rubbish"]) {
    await writeFile(join(lock, `ticket.0000000000.${dead}.12345678`), "");
    await writeFile(join(lock, `choosing.${dead}.12345678`), "");
  }
  expect(await withExclusiveLock(lock, patient, () => Promise.resolve("in"))).toBe("in");
});

test("who waits is told once, and gives up in the end", async () => {
  await withExclusiveLock(lock, patient, async () => {
    let told = 0;
    const impatient = withExclusiveLock(lock, { timeoutMs: 200, onWait: () => (told += 1) }, () => Promise.resolve("in"));
    await expect(impatient).rejects.toMatchObject({ name: "OperatorError", message: expect.stringContaining(`Process ${process.pid}`) as string });
    expect(told).toBe(1);
  });
});

test("a process is itself and no other", async () => {
  const own = await ownIdentity();
  expect(await isAlive(own)).toBe(true);
  expect(await isAlive(own.replace(/^\d+/, String(process.ppid)))).toBe(false);
});
