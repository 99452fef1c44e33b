import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPepper, readQuoteKeys, refuseLocalSecrets, secretsOf } from "../../src/startup/secrets.js";
import { readConfig } from "../../src/platform/config.js";
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

test("production refuses the secrets that lie in the data folder", async () => {
  const unset = { apiKeyPepper: null, codePepper: null, quoteSigningKeys: null, dataFolder };
  const [apiKeyPepper, codePepper, quoteSigningKeys] = [
    await readPepper(unset, "apiKeyPepper"),
    await readPepper(unset, "codePepper"),
    await readQuoteKeys(unset),
  ];
  const copied = { apiKeyPepper, codePepper, quoteSigningKeys, dataFolder };
  await expect(refuseLocalSecrets({ ...copied, production: true })).rejects.toThrow(
    /3 problems:\n {2}- API_KEY_PEPPER: .+\n {2}- CODE_PEPPER: .+\n {2}- QUOTE_SIGNING_KEYS: /,
  );
  await expect(refuseLocalSecrets({ ...copied, production: false })).resolves.toBeUndefined();
  await expect(refuseLocalSecrets({ ...unset, apiKeyPepper: "another", production: true })).resolves.toBeUndefined();
});

test("what is secret in the configuration is known, so that no log has it", () => {
  const seed = "8d1f60c2a94b3e75fd02c718b6e5a9347a60fbd19c824e3571dbe80fa2963c54";
  const config = readConfig({
    DATABASE_URL: "postgresql://gateway:p%40ss-of-db@db/catalog",
    API_KEY_PEPPER: "f4a1c5b07d9e23886a4417d0c9be52736be0d11f",
    CODE_PEPPER: "0d4b9f6a5c2e817733aa1e08c65fd4b2907cfe61",
    QUOTE_SIGNING_KEYS: `a:${seed}`,
  });
  expect(secretsOf(config)).toEqual(expect.arrayContaining(["p%40ss-of-db", "p@ss-of-db", config.apiKeyPepper, config.codePepper, seed]));
});
