import { setImmediate as round } from "node:timers/promises";
import { expect, test } from "vitest";
import { Turns } from "../../src/platform/turns.js";

/** Long enough for a busy machine to do what is short. */
const SLICE_MS = 50;

function keepBusy(): void {
  for (const until = performance.now() + SLICE_MS; performance.now() < until;);
}

/** What takes a turn and notes its name, and once more when all that follows at once is over. */
function taking(turns: Turns, done: string[]): (name: string) => Promise<void> {
  return async (name) => {
    await turns.next();
    done.push(name);
    await Promise.resolve();
    await Promise.resolve();
    done.push(`after ${name}`);
  };
}

test("turns are taken in the order in which they were asked for, and all that follows from one at once comes before the next", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const piece = taking(turns, done);
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
  const done: string[] = [];
  const piece = taking(turns, done);
  const first = turns.next().then(() => Promise.all([piece("c"), piece("d")]));
  await Promise.all([first, piece("a"), piece("b")]);
  expect(done).toEqual(["a", "after a", "b", "after b", "c", "after c", "d", "after d"]);
});
