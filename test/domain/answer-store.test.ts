import { expect, test, vi } from "vitest";
import { answerKey } from "../../src/graphql/finished/answer-key.js";
import { AnswerStore } from "../../src/graphql/finished/answer-store.js";
import { FinishedAnswer } from "../../src/graphql/finished/finished-answer.js";
import { CODINGS } from "../../src/platform/http/open-ended-bytes.js";
import { Horizon } from "../../src/catalog/releases/horizon.js";

const VALID = { release: 1, from: 0, until: Infinity };

function answerOf(bytes: number): FinishedAnswer {
  return new FinishedAnswer(VALID, [], Buffer.from("0123456789abcdef".repeat(Math.ceil(bytes / 16))).subarray(0, bytes), 10);
}

/** Made as often as it takes to be kept, and asked for by callers who accept each form of it. */
async function keep(store: AnswerStore, key: string, answer = answerOf(5_000)): Promise<void> {
  for (let time = 1; time <= 2; time++) store.begin(key).finish(answer);
  for (const coding of CODINGS) {
    if (store.find(key, 1, 0)) await vi.waitUntil(() => store.codingFor(coding, key, answer) === coding, { interval: 1 });
  }
}

test("5,000 questions that come once push nothing out and are not kept", async () => {
  const store = new AnswerStore(100_000);
  for (const key of ["a", "b", "c"]) await keep(store, key);
  const before = store.byteLength;
  for (let index = 0; index < 5_000; index++) store.begin(`once ${index}`).finish(answerOf(5_000));
  expect(store.byteLength).toBe(before);
  for (const key of ["a", "b", "c"]) expect(store.find(key, 1, 0)).not.toBeNull();
  expect(store.counts.kept).toBe(3);
});

test("what is kept stays within its bytes, with all forms of it counted", async () => {
  const store = new AnswerStore(100_000);
  for (let index = 0; index < 100; index++) {
    const answer = answerOf(3_000);
    await keep(store, `key ${index}`, answer);
    expect(store.byteLength).toBeLessThanOrEqual(100_000);
    // Compressed forms came after it was put there.
    if (index === 0) expect(store.byteLength).toBeGreaterThanOrEqual(answer.byteLength + 1_000);
  }
  expect(store.find("key 99", 1, 0)).not.toBeNull();
  expect(store.find("key 0", 1, 0)).toBeNull();
});

test("an answer larger than all of it is not kept, and pushes nothing out", async () => {
  const store = new AnswerStore(100_000);
  await keep(store, "small");
  await keep(store, "large", answerOf(200_000));
  expect(store.find("large", 1, 0)).toBeNull();
  expect(store.find("small", 1, 0)).not.toBeNull();
  expect(store.counts.kept).toBe(1);
});

test("an answer is good for its release, from the instant that it speaks of until its horizon", () => {
  const answer = new FinishedAnswer({ release: 7, from: 100, until: 200 }, [], Buffer.from("{}"), 10);
  const good = [
    [7, 100],
    [7, 199],
    [7, 99],
    [7, 200],
    [6, 150],
    [8, 150],
  ].filter(([release = 0, now = 0]) => answer.isGood(release, now));
  expect(good).toEqual([
    [7, 100],
    [7, 199],
  ]);
});

test("the horizon is looked for anew when the clock or the release has left what is known of it", async () => {
  const asked: string[] = [];
  const horizon = new Horizon((release, after) => {
    asked.push(`${release} ${after.getTime()}`);
    return after.getTime() < 100 ? new Date(100) : null;
  });
  const until = (release: number, at: number): unknown => horizon.of(release, new Date(at));
  expect([until(1, 10), until(1, 99), until(1, 100), until(1, 500), until(1, 10), until(1, 9), until(2, 10)]).toEqual([
    100,
    100,
    Infinity,
    Infinity,
    100,
    100,
    100,
  ]);
  expect(asked).toEqual(["1 10", "1 100", "1 10", "1 9", "2 10"]);
});

test("nobody waits for what was abandoned or failed, and the last who began counts", async () => {
  const store = new AnswerStore(100_000);
  const first = store.begin("key");
  const awaited = store.awaited("key");
  first.abandon();
  expect(await awaited).toBeNull();
  expect(store.awaited("key")).toBeNull();
  store.begin("key").finish(null);
  store.begin("key");
  expect(store.awaited("key")).toBeNull();
});

test("two requests that differ have two keys", () => {
  const asked = [null, "", "x", "GET /graphql?query=x", "/graphql?query=x", "\nGET /graphql?query=x", "POST x", "\n\nPOST x"].flatMap((body) =>
    ["", "a", "a b", "1 a"].flatMap((accept) =>
      ["", "https://a.example", "other"].flatMap((origin) =>
        ["/graphql", "/graphql?query=x", "/graphql?query=POST x"].flatMap((url) => [1, 11].map((audience) => ({ body, accept, origin, url, audience }))),
      ),
    ),
  );
  const keys = new Map<string, string>();
  for (const { body, accept, origin, url, audience } of asked) {
    // The address of a POST is always the same.
    if (body !== null && url !== "/graphql") continue;
    const request = { url, headers: accept === "" ? {} : { accept } } as Parameters<typeof answerKey>[1]; // No more of it is read.
    const key = answerKey(audience, request, body === null ? null : Buffer.from(body), origin);
    const what = JSON.stringify({ body, accept, origin, url, audience });
    expect(keys.get(key) ?? what).toBe(what);
    keys.set(key, what);
  }
  expect(keys.size).toBeGreaterThan(200);
});
