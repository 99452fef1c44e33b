import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPepper } from "../../src/startup/secrets.js";
import { makeTemporaryFolder } from "../support/temporary-folder.js";

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await makeTemporaryFolder();
});
afterEach(() => rm(dataFolder, { recursive: true }));

test("without a configured pepper each kind of hash gets one of its own, once, that only its owner reads", async () => {
  const unset = { apiKeyPepper: null, codePepper: null, dataFolder };
  const [ofKeys, ofCodes] = [await readPepper(unset, "apiKeyPepper"), await readPepper(unset, "codePepper")];
  for (const pepper of [ofKeys, ofCodes]) expect(pepper).toMatch(/^[0-9a-f]{64}$/);
  expect(ofKeys).not.toBe(ofCodes);
  expect(await readPepper(unset, "codePepper")).toBe(ofCodes);
  expect((await stat(join(dataFolder, "code-pepper"))).mode & 0o777).toBe(0o600);
});

test("a configured pepper is taken, and nothing is made", async () => {
  expect(await readPepper({ apiKeyPepper: "keys", codePepper: "codes", dataFolder }, "codePepper")).toBe("codes");
  expect(await readdir(dataFolder)).toEqual([]);
});
