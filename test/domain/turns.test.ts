import { setImmediate as round } from "node:timers/promises";
import { expect, test } from "vitest";
import { Turns } from "../../src/platform/turns.js";

/** Long enough for a busy machine to do what is short. */
const SLICE_MS = 50;

function keepBusy(): void {
  for (const until = performance.now() + SLICE_MS; performance.now() < until;);
}

test("turns are taken in the order in which they were asked for, and all that follows from one at once comes before the next", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const piece = async (name: string): Promise<void> => {
    await turns.next();
    done.push(name);
    await Promise.resolve();
    await Promise.resolve();
    done.push(`after ${name}`);
  };
  await Promise.all([piece("a"), piece("b"), piece("c").then(() => piece("d"))]);
  expect(done).toEqual(["a", "after a", "b", "after b", "c", "after c", "d", "after d"]);
});

test("pieces that are short are done in one round of the event loop, and long ones let others go on in between", async () => {
  const turns = new Turns(SLICE_MS);
  let rounds = 0;
  const done: number[] = [];
  const piece = async (work: () => void): Promise<void> => {
    await turns.next();
    work();
    done.push(rounds);
  };
  const all = Promise.all([piece(() => undefined), piece(keepBusy), piece(keepBusy), piece(() => undefined)]);
  for (; rounds < 5; rounds++) await round();
  await all;
  expect(done).toEqual([done[0], done[0], (done[0] ?? 0) + 1, (done[0] ?? 0) + 2]);
});

test("a crowd that comes during a turn waits behind those that are there", async () => {
  const turns = new Turns();
  const done: number[] = [];
  const piece = async (name: number): Promise<void> => {
    await turns.next();
    done.push(name);
  };
  const first = turns.next().then(() => Promise.all([piece(3), piece(4)]));
  await Promise.all([first, piece(1), piece(2)]);
  expect(done).toEqual([1, 2, 3, 4]);
});
