import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildExplorerIfNeeded } from "../../scripts/build-explorer.js";

let folder: string;
const lines: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "explorer-build-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function build() {
  lines.length = 0;
  const operations = path.join(folder, "operations");
  return buildExplorerIfNeeded({ log: (line) => lines.push(line), operations, output: path.join(folder, "built") });
}

test("is built once for the same inputs, without any example too, and again when an example comes", async () => {
  const environment = process.env["NODE_ENV"];
  expect(await build()).toMatchObject({ status: "built", folder: path.join(folder, "built") });
  expect(lines).toHaveLength(1);
  expect(process.env["NODE_ENV"]).toBe(environment);

  expect(await build()).toMatchObject({ status: "unchanged" });
  expect(lines).toEqual([]);

  await addExample("query AddedLater { __typename }");
  expect(await build()).toMatchObject({ status: "built" });
  const script = await mainScript();
  expect(script).toContain("AddedLater");
  // React's development edition would warn by this sentence.
  expect(script).not.toContain("Each child in a list should have a unique");
  await access(path.join(folder, "built/index.html.br"));
});

async function addExample(text: string): Promise<void> {
  await mkdir(path.join(folder, "operations"), { recursive: true });
  await writeFile(path.join(folder, "operations/added-later.graphql"), text);
}

async function mainScript(): Promise<string> {
  const assets = path.join(folder, "built/assets");
  const name = (await readdir(assets)).find((file) => /^index-.*\.js$/.test(file));
  return readFile(path.join(assets, name ?? "no main script"), "utf8");
}
