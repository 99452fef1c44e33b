import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT_CODE, OperatorError } from "../../operator-error.js";
import { isAlive, ownIdentity } from "./process-identity.js";

export interface LockOptions {
  readonly timeoutMs: number;
  /** Called once, when the lock is not free at once. */
  readonly onWait: () => void;
}

const POLL_MS = 20;

/**
 * Runs `body` while no other process, and no other call in this one, is in the same folder's lock.
 *
 * A single lock file cannot be taken over from a dead holder without a race: two that both find it stale delete each
 * other's. So each contender has a file of its own, whose name says who it is (Lamport's bakery): it draws a number above
 * all others and waits for the lower ones. The file of a dead process may be deleted by anybody, as often as they like.
 */
export async function withExclusiveLock<T>(folder: string, options: LockOptions, body: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const name = `${await ownIdentity()}.${randomUUID().slice(0, 8)}`;
  const ticket = await drawTicket(folder, name);
  try {
    await waitForTurn(folder, ticket, name, options);
    return await body();
  } finally {
    await rm(join(folder, ticket), { force: true });
  }
}

async function drawTicket(folder: string, name: string): Promise<string> {
  const choosing = `choosing.${name}`;
  await writeFile(join(folder, choosing), "", { flag: "wx" });
  try {
    const highest = (await readdir(folder)).map(ticketNumber).reduce((high, number) => Math.max(high, number), 0);
    const ticket = `ticket.${String(highest + 1).padStart(10, "0")}.${name}`;
    await writeFile(join(folder, ticket), "", { flag: "wx" });
    return ticket;
  } finally {
    await rm(join(folder, choosing), { force: true });
  }
}

/** The two waits are separate looks at the folder, in this order: whoever was choosing has a ticket by the second look. */
async function waitForTurn(folder: string, ticket: string, name: string, { timeoutMs, onWait }: LockOptions): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let hasWaited = false;
  const waitWhile = async (isAhead: (file: string) => boolean): Promise<void> => {
    for (;;) {
      const ahead = await firstAlive(folder, (file) => !file.endsWith(name) && isAhead(file));
      if (ahead === null) return;
      if (!hasWaited) onWait();
      hasWaited = true;
      if (performance.now() > deadline) {
        throw new OperatorError(
          `Process ${ahead.split("-", 1)[0] ?? ahead} has held the lock ${folder} for ${Math.round(timeoutMs / 1000)} s. ` +
            "What to do: look what it is doing; when it hangs, end it and start again.",
          EXIT_CODE.TRY_AGAIN,
        );
      }
      await sleep(POLL_MS);
    }
  };
  await waitWhile((file) => file.startsWith("choosing."));
  // Equal numbers are possible, when two chose at once; the names then decide, the same for both.
  await waitWhile((file) => file.startsWith("ticket.") && file < ticket);
}

/** Who is the first of the wanted files' owners that lives; files of the dead are removed on the way. */
async function firstAlive(folder: string, isWanted: (file: string) => boolean): Promise<string | null> {
  for (const file of (await readdir(folder)).filter(isWanted)) {
    const owner = /(\d+-[^.]+)\.[^.]+$/.exec(file)?.[1] ?? "";
    if (await isAlive(owner)) return owner;
    await rm(join(folder, file), { force: true });
  }
  return null;
}

function ticketNumber(file: string): number {
  return Number(/^ticket\.(\d+)\./.exec(file)?.[1] ?? 0);
}
