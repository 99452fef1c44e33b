import { describe, expect, test } from "vitest";
import { CurrentRelease, type CurrentReleaseParts } from "../../src/catalog/releases/current-release.service.js";

/** A database that answers when the test says so: what is asked stands in `questions`, in the order in which it was sent. */
interface Question {
  answer(head: number): void;
  fail(): void;
}

function follow(parts: Partial<CurrentReleaseParts> = {}) {
  const questions: Question[] = [];
  const troubles: string[] = [];
  const askHead = (): Promise<number> =>
    new Promise((resolve, reject) => questions.push({ answer: resolve, fail: () => reject(new Error("the database is away")) }));
  const current = new CurrentRelease({
    ...{ askHead, prepare: (release: number) => release, pollMs: 5, onTrouble: (error: unknown) => troubles.push(String(error)) },
    ...parts,
  });
  return { current, questions, troubles };
}

/** Lets everything happen that needs no more answers. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function at(head: number, parts: Partial<CurrentReleaseParts> = {}) {
  const followed = follow(parts);
  const known = followed.current.catchUp();
  followed.questions.shift()?.answer(head);
  await known;
  return followed;
}

test("nothing is known until the database has been asked, and then nothing is asked", async () => {
  const { current, questions } = follow();
  expect(current.number()).toBeNull();
  const head = current.getHead();
  questions[0]?.answer(3);
  expect(await head).toBe(3);
  expect(current.getHead()).toBe(3);
  expect(questions).toHaveLength(1);
});

test("an empty catalog is known as well, and nothing is prepared for it", async () => {
  const { current } = await at(0, { prepare: () => Promise.reject(new Error("there is nothing to prepare")) });
  expect(current.getHead()).toBe(0);
});

describe("a question", () => {
  test("is shared by all who come before it is sent", async () => {
    const { current, questions } = follow();
    const first = current.catchUp();
    const others = Array.from({ length: 100 }, () => current.catchUp());
    expect(questions).toHaveLength(1);
    questions[0]?.answer(3);
    await first;
    await settle();
    expect(questions).toHaveLength(2);
    questions[1]?.answer(4);
    expect(new Set(await Promise.all(others))).toEqual(new Set([4]));
  });

  test("that was sent before somebody came is no answer to them", async () => {
    const { current, questions } = follow();
    const early = current.catchUp();
    let isLateServed = false;
    const late = current.catchUp().finally(() => (isLateServed = true));
    questions[0]?.answer(3);
    expect(await early).toBe(3);
    await settle();
    expect(isLateServed).toBe(false);
    const later = current.catchUp();
    questions[1]?.answer(4);
    expect(await late).toBe(4);
    await settle();
    questions[2]?.answer(5);
    expect(await later).toBe(5);
  });

  test("is never sent beside another, whenever somebody comes", async () => {
    let underWay = 0;
    let most = 0;
    const askHead = async (): Promise<number> => {
      most = Math.max(most, ++underWay);
      await settle();
      return underWay--;
    };
    const { current } = follow({ askHead });
    const asked: Promise<number>[] = [];
    for (let turn = 0; turn < 200; turn++) {
      asked.push(current.catchUp());
      // Every place between two steps of the service is met by somebody.
      for (let step = 0; step < turn % 7; step++) await Promise.resolve();
      if (turn % 5 === 0) await settle();
    }
    await Promise.all(asked);
    expect(most).toBe(1);
  });

  test("that fails is a failure to those who asked it, and the next ones ask again", async () => {
    const { current, questions } = follow();
    const first = current.catchUp();
    const second = current.catchUp();
    questions[0]?.fail();
    await expect(first).rejects.toThrow("away");
    await settle();
    questions[1]?.answer(2);
    expect(await second).toBe(2);
  });
});

describe("what was published in this process", () => {
  test("is known at once", async () => {
    const { current } = await at(3);
    expect(current.learn(4)).toBeUndefined();
    expect(current.number()).toBe(4);
  });

  test("is not forgotten for an answer from before", async () => {
    const { current, questions } = await at(3);
    const asked = current.catchUp();
    void current.learn(4);
    questions[0]?.answer(3);
    expect(await asked).toBe(4);
    void current.learn(2);
    expect(current.number()).toBe(4);
  });

  test("is waited for where it has to be prepared, and is no error to its publisher if it cannot be", async () => {
    let isGood = false;
    const { current, troubles } = await at(0, { prepare: (release) => (isGood ? Promise.resolve(release) : Promise.reject(new Error("no memory"))) });
    await current.learn(4);
    expect(current.number()).toBe(0);
    expect(troubles).toEqual(["Error: no memory"]);
    isGood = true;
    await current.learn(4);
    expect(current.number()).toBe(4);
  });
});

describe("what the database tells", () => {
  test("is asked for, not believed", async () => {
    const { current, questions } = await at(3);
    current.hear("2147483647");
    expect(current.number()).toBe(3);
    questions[0]?.answer(4);
    await settle();
    expect(current.number()).toBe(4);
  });

  test("is prepared while it is asked for, and believed no sooner", async () => {
    const prepared: number[] = [];
    const { current, questions, troubles } = await at(3, {
      prepare: (release) => (prepared.push(release), release > 4 ? Promise.reject(new Error("there is no such")) : release),
    });
    current.hear("4");
    expect(prepared).toEqual([3, 4]);
    current.hear("2147483647");
    await settle();
    expect(current.number()).toBe(3);
    for (const question of questions) question.answer(4);
    await settle();
    questions[1]?.answer(4);
    await settle();
    expect(current.number()).toBe(4);
    expect(troubles).toEqual([]);
  });

  test.each(["", "0", "-1", "4.5", "1e3", " 5", "5 ", "0x10", "NaN", "99999999999", "drop table", "3", "2"])("moves nobody when it is %j", async (payload) => {
    const { current, questions } = await at(3);
    current.hear(payload);
    expect(questions).toHaveLength(0);
    expect(current.number()).toBe(3);
  });
});

describe("a release that has to be prepared", () => {
  function prepared() {
    const asked: { release: number; done: (reached: number) => void; fail: () => void }[] = [];
    const prepare = (release: number): Promise<number> =>
      new Promise((resolve, reject) => asked.push({ release, done: resolve, fail: () => reject(new Error("not loaded")) }));
    return { asked, prepare };
  }

  test("is current when it is at hand, not before", async () => {
    const { asked, prepare } = prepared();
    const { current } = await at(0, { prepare });
    const learned = current.learn(4);
    expect(current.number()).toBe(0);
    asked[0]?.done(4);
    await learned;
    expect(current.number()).toBe(4);
  });

  test("is prepared once, and those that come meanwhile in one go after it", async () => {
    const { asked, prepare } = prepared();
    const { current } = await at(0, { prepare });
    const learned = [4, 4, 5, 6, 7].map(async (release) => current.learn(release));
    expect(asked.map(({ release }) => release)).toEqual([4]);
    asked[0]?.done(4);
    await settle();
    expect(asked.map(({ release }) => release)).toEqual([4, 7]);
    expect(current.number()).toBe(4);
    asked[1]?.done(7);
    await Promise.all(learned);
    expect(current.number()).toBe(7);
  });

  test("may turn out to be a later one", async () => {
    const { asked, prepare } = prepared();
    const { current } = await at(0, { prepare });
    const learned = [4, 6].map(async (release) => current.learn(release));
    asked[0]?.done(6);
    await Promise.all(learned);
    expect(current.number()).toBe(6);
    expect(asked).toHaveLength(1);
  });

  test("and cannot be, leaves the one before, until the poll has it", async () => {
    let failures = 3;
    const prepare = (release: number): Promise<number> => (failures-- > 0 ? Promise.reject(new Error("not loaded")) : Promise.resolve(release));
    const { current, troubles } = follow({ askHead: () => 4, prepare });
    await current.start();
    expect(current.number()).toBeNull();
    await expect.poll(() => current.number()).toBe(4);
    await current.stop();
    // Said once, not at every poll.
    expect(troubles).toEqual(["Error: not loaded"]);
  });

  test("but was not, is not believed to be", async () => {
    const { current } = follow({ askHead: () => 4, prepare: () => 3 });
    await expect(current.catchUp()).rejects.toThrow("release 4 was to be prepared, and 3 was");
    expect(current.number()).toBeNull();
  });
});

test("the poll finds what nobody told, and goes on when it fails", async () => {
  let head: number | null = null;
  const { current, troubles } = follow({
    askHead: () => {
      if (head === null) throw new Error("the database is away");
      return head;
    },
  });
  await current.start();
  expect(current.number()).toBeNull();
  for (head of [1, 2, 7]) await expect.poll(() => current.number(), { interval: 1 }).toBe(head);
  await current.stop();
  expect(troubles).toHaveLength(1);
});

test("a database that went back is not followed: what was read of the lost release may not be what the next one of its number says", async () => {
  let head = 7;
  const { current } = follow({ askHead: () => head });
  await current.catchUp();
  head = 6;
  await expect(current.catchUp()).rejects.toThrow("restart the gateway");
  expect(current.number()).toBe(7);
});
