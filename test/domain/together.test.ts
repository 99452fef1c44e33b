import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { Together } from "../../src/platform/together.js";

/** Answers to a number its double, when it is told to. */
function asked(): { together: Together<number, number>; rounds: (readonly number[])[]; answer: (round: number) => void; fail: (round: number) => void } {
  const rounds: (readonly number[])[] = [];
  const ends: { answer: () => void; fail: () => void }[] = [];
  const together = new Together<number, number>(
    (numbers) =>
      new Promise((resolve, reject) => {
        rounds.push(numbers);
        ends.push({ answer: () => resolve(numbers.map((number) => 2 * number)), fail: () => reject(new Error("away")) });
      }),
  );
  return { together, rounds, answer: (round) => ends[round]?.answer(), fail: (round) => ends[round]?.fail() };
}

test("who asks in one round of the event loop is asked for together, and each gets their own answer", async () => {
  const { together, rounds, answer } = asked();
  const answers = Promise.all([together.ask(1), Promise.resolve().then(() => together.ask(2)), together.ask(3)]);
  await turn();
  await turn();
  answer(0);
  expect(await answers).toEqual([2, 4, 6]);
  expect(rounds).toEqual([[1, 3, 2]]);
});

test("nobody is answered with what was asked before they came, and what comes while two are under way goes together", async () => {
  const { together, rounds, answer } = asked();
  const all: Promise<number>[] = [];
  for (const number of [1, 2, 3, 4]) {
    all.push(together.ask(number));
    await turn();
    await turn();
  }
  expect(rounds).toEqual([[1], [2]]);
  answer(1);
  expect(await all[1]).toBe(4);
  expect(rounds).toEqual([[1], [2], [3, 4]]);
  answer(2);
  answer(0);
  expect(await Promise.all(all)).toEqual([2, 4, 6, 8]);
});

test("a failure is told to whom it befell, and the next are asked all the same", async () => {
  const { together, answer, fail } = asked();
  const [one, other] = [together.ask(1), together.ask(2)];
  await turn();
  await turn();
  fail(0);
  await expect(one).rejects.toThrow("away");
  await expect(other).rejects.toThrow("away");
  const next = together.ask(3);
  await turn();
  await turn();
  answer(1);
  expect(await next).toBe(6);
});

test("with several rounds, what comes in any of them is asked for together, and an answer does not hurry who came after it was asked for", async () => {
  const rounds: (readonly number[])[] = [];
  const together = new Together<number, number>((numbers) => {
    rounds.push(numbers);
    return Promise.resolve(numbers);
  }, 3);
  const all: Promise<number>[] = [];
  for (const number of [1, 2, 3, 4, 5]) {
    all.push(together.ask(number));
    await turn();
  }
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5]);
  expect(rounds.map(({ length }) => length)).toEqual([3, 2]);
});
