import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REDEEM_REFUSALS, SETTLE_REFUSALS } from "../../src/customers/redemptions/redemption.refusals.js";

const ROOT = join(import.meta.dirname, "..", "..");

/** The places where errors that callers see are made; codes of catalog files are documented with them. */
const SEEN_BY_CALLERS = ["src/graphql", "src/platform/graphql", "src/platform/http", "src/catalog", "src/customers", "src/access"];

test("docs/errors.md has exactly the codes that callers can get", () => {
  const documented = new Set(
    readFileSync(join(ROOT, "docs/errors.md"), "utf8")
      .match(/`[A-Z][A-Z_]+[A-Z]`/g)
      ?.map((code) => code.slice(1, -1)),
  );
  // Made by Apollo alone, and codes that are listed where they are.
  const made = new Set<string>(["GRAPHQL_PARSE_FAILED", "PERSISTED_QUERY_NOT_FOUND", ...REDEEM_REFUSALS, ...SETTLE_REFUSALS]);
  for (const folder of SEEN_BY_CALLERS) {
    for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts") || file.startsWith("import/")) continue;
      const text = readFileSync(join(ROOT, folder, file), "utf8");
      const codes = text.matchAll(
        /(?:code: |refuse\(\s*|InputError\(\s*|(?:tooMany|refusal)\(\s*|errorBody\(|(?:badRequest)\([^"]*"?[^"]*"?, )"([A-Z][A-Z_]{3,}[A-Z])"/g,
      );
      for (const [, code = ""] of codes) made.add(code);
    }
  }
  expect([...documented].sort()).toEqual([...made].sort());
});
