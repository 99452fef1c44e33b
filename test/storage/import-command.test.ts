import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importWorld, type ImportWorld } from "./import-world.js";

const ROOT = join(import.meta.dirname, "..", "..");

let world: ImportWorld;
let folder: string;

beforeAll(async () => {
  world = await importWorld();
  folder = await mkdtemp(join(tmpdir(), "catalog-files-"));
  await mkdir(join(folder, "good", "prices"), { recursive: true });
  await mkdir(join(folder, "empty"));
  await writeFile(join(folder, "good", "music.yaml"), "products: [{ key: music, name: Music }]\n");
  await writeFile(join(folder, "good", "README.md"), "Not a catalog file.\n");
  await writeFile(join(folder, "good", ".hidden.yaml"), "no: catalog\n");
  await writeFile(join(folder, "good", "prices", "none.csv"), "plan,market,currency,interval,amount,from\n");
  await symlink("..", join(folder, "good", "prices", "round"));
  await writeFile(join(folder, "bad.yaml"), "products:\n  - { key: radio }\n");
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await world.stop();
});

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function catalog(...args: string[]): Promise<Result> {
  const env = {
    ...process.env,
    DATABASE_URL: world.url,
    API_KEY_PEPPER: "p".repeat(32),
    CODE_PEPPER: "c".repeat(32),
    QUOTE_SIGNING_KEYS: `test:${"07".repeat(32)}`,
    NODE_ENV: "test",
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ["--import", "tsx", "src/cli/catalog.ts", ...args], { cwd: ROOT, env }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

test("a folder is published, its hidden and other files are not, and nothing is read twice", async () => {
  const dry = await catalog("import", join(folder, "good"), "--dry-run");
  expect(dry).toEqual({ code: 0, stdout: "This would be release 1; nothing was written.\n  products                1 added\n", stderr: "" });
  const published = await catalog("import", join(folder, "good"), join(folder, "good", "music.yaml"), "--author", "Ada", "--note", "First words.", "--json");
  expect(published).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(published.stdout)).toMatchObject({
    outcome: "PUBLISHED",
    release: { number: 1, author: "Ada", note: "First words." },
    changes: { product: { added: 1 } },
  });
  expect(await catalog("import", join(folder, "good"))).toEqual({ code: 0, stdout: "No changes: release 1 stands.\n", stderr: "" });
  const list = await catalog("releases");
  expect(list).toMatchObject({ code: 0, stderr: "" });
  expect(list.stdout).toMatch(/^ {5}1 {2}\S+Z {2}Ada {2}First words\.\n$/);
});

test("a refusal exits with 1, and says where and what", async () => {
  const bad = join(folder, "bad.yaml");
  const refused = await catalog("import", bad);
  expect(refused).toEqual({
    code: 1,
    stdout: `${bad}:2  FIELD_MISSING  products[0].name\n    It is missing. Give a name.\n\n1 problem. Nothing was written.\n`,
    stderr: "",
  });
  const { stdout, code } = await catalog("import", "--json", bad, join(folder, "gone.yaml"), join(folder, "empty"));
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    outcome: "REFUSED",
    problemCount: 3,
    problems: [{ code: "FIELD_MISSING" }, { code: "FILE_UNREADABLE" }, { code: "FILE_UNREADABLE" }],
  });
});

test.each([
  ["no file", ["import"]],
  ["an unknown flag", ["import", "a.yaml", "--force"]],
  ["an unknown rollout", ["import", "a.yaml", "--rollout", "maybe"]],
  ["an empty author", ["import", "a.yaml", "--author", " "]],
  ["an unknown command", ["export"]],
  ["a limit that is none", ["releases", "--limit", "0"]],
])("%s is wrong usage: 2", async (_what, args) => {
  const { code, stdout, stderr } = await catalog(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("Add --help");
});
