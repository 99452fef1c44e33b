import { afterAll, afterEach as vitestAfterEach, beforeAll, beforeEach as vitestBeforeEach, describe, expect, it, test, vi } from "vitest";

type Done = (error?: unknown) => void;

/** Jest hands a hook that takes an argument a function to call when it is done; Vitest hands every hook the test. */
function awaiting(hook: (done: Done) => unknown): () => Promise<void> {
  return () =>
    new Promise((resolve, reject) => {
      const done: Done = (error) => (error === undefined ? resolve() : reject(error instanceof Error ? error : new Error("done was told of an error")));
      Promise.resolve(hook(done)).then(() => hook.length === 0 && resolve(), reject);
    });
}

function beforeEach(hook: (done: Done) => unknown): void {
  vitestBeforeEach(awaiting(hook));
}

function afterEach(hook: (done: Done) => unknown): void {
  vitestAfterEach(awaiting(hook));
}

// What Apollo's suite takes from Jest, by the names that it has there.
export { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test, vi as jest };
