import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";

const root = join(import.meta.dirname, "..");

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  /** The files of a cycle, in the order in which they import each other. */
  readonly cycle: readonly string[];
  /** Why the rule is there and what to do. */
  readonly why: string;
}

export interface Direction {
  /** How many modules were looked at. */
  readonly modules: number;
  readonly rules: readonly string[];
  readonly violations: readonly Violation[];
}

/** Holds `src` of `folder` to the rules of .dependency-cruiser.cjs. Throws if it could not see all of it. */
export async function checkDirection(folder: string): Promise<Direction> {
  const options = await extractDepcruiseOptions(join(root, ".dependency-cruiser.cjs"));
  const tsConfig = extractTSConfig(join(root, "tsconfig.json"));
  const { output } = await cruise(["src"], { ...options, baseDir: folder }, {}, { tsConfig });
  if (typeof output === "string") throw new Error("dependency-cruiser answered with text instead of a result");
  const sources = await listSources(folder);
  assertSawEverything(output, sources);
  const why = new Map(options.ruleSet?.forbidden?.map(({ name = "", comment = "" }) => [name, comment]));
  const violations = output.summary.violations.map(({ rule, from, to, cycle }) => ({
    rule: rule.name,
    from,
    to,
    cycle: cycle?.map(({ name }) => name) ?? [],
    why: why.get(rule.name) ?? "",
  }));
  return { modules: sources.length, rules: [...why.keys()], violations };
}

/** With a TypeScript that it cannot load, dependency-cruiser skips every .ts file and reports that no rule is broken. */
export function assertSawEverything({ modules }: Pick<ICruiseResult, "modules">, sources: readonly string[]): void {
  const seen = new Set(modules.map(({ source }) => source));
  const unseen = sources.filter((source) => !seen.has(source));
  if (unseen.length === 0 && sources.length > 0) return;
  throw new Error(
    `dependency-cruiser saw ${sources.length - unseen.length} of ${sources.length} modules of src/, so its silence says nothing ` +
      `(missing: ${unseen.slice(0, 3).join(", ")} …). Does it support the installed TypeScript? See: npx depcruise --info`,
  );
}

async function listSources(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, "src"), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith("src/platform/database/generated/"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { modules, violations } = await checkDirection(root);
  for (const { rule, from, to, cycle, why } of violations) console.error(`${rule}: ${[from, ...(cycle.length > 0 ? cycle : [to])].join(" -> ")}\n    ${why}`);
  if (violations.length > 0) process.exitCode = 1;
  else console.log(`${modules} modules keep to the direction.`);
}
