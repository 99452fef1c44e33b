import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const FOLDERS = ["docs", "src", "sdk", "catalog"];

test("every link of the documentation leads to a file that is there", () => {
  const pages = [
    ...readdirSync(ROOT).filter((file) => file.endsWith(".md")),
    ...FOLDERS.flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".md") && !file.includes("node_modules"))
        .map((file) => join(folder, file)),
    ),
  ];
  const broken = pages.flatMap((page) => {
    const links = [...readFileSync(join(ROOT, page), "utf8").matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)];
    return links.flatMap(([, to = ""]) => (existsSync(join(ROOT, dirname(page), to)) ? [] : [`${page}: ${to}`]));
  });
  expect(pages.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});
