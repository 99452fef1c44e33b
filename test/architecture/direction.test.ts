import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assertSawEverything, checkDirection, type Direction, type Violation } from "../../scripts/check-direction.js";

const ROOT = join(import.meta.dirname, "..", "..");

interface Import {
  /** A file of src, without "src/". */
  readonly from: string;
  /** A file of src, or a package. */
  readonly to: string;
}

/** For each rule an import that breaks it, and no other rule. */
const BREACHES: readonly (Import & { readonly rule: string })[] = [
  { rule: "imports-resolve", from: "gateway.ts", to: "a-package-that-nobody-has" },
  { rule: "src-stands-alone", from: "cli/seed.command.ts", to: "../scripts/seed.ts" },
  { rule: "no-development-packages", from: "cli/format.command.ts", to: "prettier" },
  { rule: "kernel-imports-nothing-of-ours", from: "kernel/money.ts", to: "platform/clock.ts" },
  { rule: "kernel-packages", from: "kernel/period.ts", to: "zod" },
  { rule: "kernel-packages", from: "kernel/page.ts", to: "node:fs" },
  { rule: "rule-packages", from: "catalog/plans/plan.ts", to: "zod" },
  { rule: "rule-packages", from: "access/viewer.ts", to: "node:fs/promises" },
  { rule: "file-format-packages", from: "catalog/import/reading/document.ts", to: "node:fs" },
  { rule: "rules-see-rules", from: "catalog/prices/price.ts", to: "platform/clock.ts" },
  { rule: "rules-see-rules", from: "catalog/prices/rounding.ts", to: "catalog/prices/price.service.ts" },
  { rule: "ports-see-rules", from: "catalog/plans/plan.repository.ts", to: "catalog/plans/plan.service.ts" },
  { rule: "ports-are-for-services", from: "main.ts", to: "catalog/plans/plan.repository.ts" },
  { rule: "graphql-is-the-outside", from: "catalog/plans/plan.service.ts", to: "catalog/plans/graphql/plan.type.ts" },
  { rule: "storage-knows-no-service", from: "catalog/plans/storage/pg-plan.repository.ts", to: "catalog/plans/plan.service.ts" },
  { rule: "graphql-knows-no-storage", from: "catalog/plans/graphql/plan.loader.ts", to: "catalog/plans/storage/plan.mapping.ts" },
  { rule: "graphql-knows-no-storage", from: "graphql/context.ts", to: "platform/database/database.ts" },
  { rule: "storage-is-private", from: "catalog/products/product.service.ts", to: "catalog/products/storage/product.mapping.ts" },
  { rule: "storage-is-its-concepts-own", from: "catalog/plans/storage/plan.mapping.ts", to: "catalog/products/storage/product.mapping.ts" },
  { rule: "platform-knows-no-concept", from: "platform/database/keyset.ts", to: "catalog/plans/plan.ts" },
  { rule: "catalog-knows-no-live-data", from: "catalog/comparison/comparison.service.ts", to: "customers/subscriptions/subscription.ts" },
  { rule: "catalog-knows-rules-of-access", from: "catalog/markets/market.service.ts", to: "access/api-key.service.ts" },
  { rule: "access-knows-no-concept", from: "access/api-key.service.ts", to: "catalog/markets/market.ts" },
  { rule: "entries-are-the-top", from: "events/outbox.service.ts", to: "app.ts" },
  { rule: "graphql-assembly-is-above-concepts", from: "catalog/features/graphql/feature.resolver.ts", to: "graphql/context.ts" },
  { rule: "no-cycles", from: "platform/http/drain.ts", to: "platform/http/health.ts" },
  { rule: "catalog-concepts-have-a-place", from: "catalog/surprises/surprise.ts", to: "kernel/key.ts" },
  { rule: "releases-knows-no-later-concept", from: "catalog/releases/release.ts", to: "catalog/comparison/comparison.ts" },
  { rule: "markets-knows-no-later-concept", from: "catalog/markets/tree.ts", to: "catalog/products/product.ts" },
  { rule: "products-knows-no-later-concept", from: "catalog/products/family.ts", to: "catalog/features/feature.ts" },
  { rule: "features-knows-no-later-concept", from: "catalog/features/cap.ts", to: "catalog/plans/plan.ts" },
  { rule: "plans-knows-no-later-concept", from: "catalog/plans/rank.ts", to: "catalog/prices/tier.ts" },
  { rule: "entitlements-knows-no-later-concept", from: "catalog/entitlements/entitlement.ts", to: "catalog/prices/tier.ts" },
  { rule: "prices-knows-no-later-concept", from: "catalog/prices/tier.ts", to: "catalog/discounts/discount.ts" },
  { rule: "discounts-knows-no-later-concept", from: "catalog/discounts/discount.ts", to: "catalog/comparison/comparison.ts" },
  { rule: "comparison-knows-no-later-concept", from: "catalog/comparison/comparison.ts", to: "catalog/import/limits.ts" },
  { rule: "codes-knows-no-later-concept", from: "catalog/codes/unique-code.ts", to: "catalog/quotes/stored-quote.ts" },
  { rule: "quotes-knows-no-later-concept", from: "catalog/quotes/quote.ts", to: "catalog/import/limits.ts" },
];

/** The other half of the cycle above. */
const BACK: Import = { from: "platform/http/health.ts", to: "platform/http/drain.ts" };

/** What must stay allowed. */
const FINE: readonly Import[] = [
  { from: "catalog/plans/graphql/plan.resolver.ts", to: "catalog/plans/plan.repository.ts" },
  { from: "catalog/plans/storage/plan.mapping.ts", to: "catalog/releases/storage/versioned.ts" },
  { from: "cli/releases.command.ts", to: "catalog/releases/storage/pg-release.repository.ts" },
  { from: "main.ts", to: "gateway.ts" },
  { from: "gateway.ts", to: "app.ts" },
  { from: "app.ts", to: "catalog/plans/storage/pg-plan.repository.ts" },
  { from: "app.ts", to: "graphql/context.ts" },
  { from: "graphql/context.ts", to: "catalog/plans/graphql/plan.resolver.ts" },
  { from: "catalog/plans/graphql/plan.resolver.ts", to: "catalog/plans/plan.service.ts" },
  { from: "catalog/plans/graphql/plan.resolver.ts", to: "catalog/products/graphql/product.type.ts" },
  { from: "catalog/plans/graphql/plan.resolver.ts", to: "access/viewer.ts" },
  { from: "catalog/prices/price.service.ts", to: "catalog/prices/price.repository.ts" },
  { from: "catalog/prices/price.service.ts", to: "platform/clock.ts" },
  { from: "catalog/plans/storage/pg-plan.repository.ts", to: "catalog/plans/plan.repository.ts" },
  { from: "catalog/plans/storage/pg-plan.repository.ts", to: "platform/database/keyset.ts" },
  { from: "catalog/discounts/discount.ts", to: "catalog/plans/plan.ts" },
  { from: "catalog/import/problem.ts", to: "catalog/discounts/discount.ts" },
  { from: "catalog/import/shapes/plan.shape.ts", to: "zod" },
  { from: "catalog/import/reading/document.ts", to: "yaml" },
  { from: "access/api-key.ts", to: "node:crypto" },
  { from: "kernel/decimal.ts", to: "decimal.js" },
  { from: "kernel/currency.ts", to: "currency-codes" },
  { from: "customers/subscriptions/subscription.ts", to: "catalog/prices/rounding.ts" },
];

let folder: string;
let direction: Direction;
let planted: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "direction-"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await symlink(join(ROOT, "package.json"), join(folder, "package.json"));
  planted = await plant([...BREACHES, BACK, ...FINE]);
  direction = await checkDirection(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(BREACHES)("$rule: $from -> $to", ({ rule, ...breach }) => {
  expect(violationsOf(breach)).toMatchObject([{ rule }]);
});

test.each(FINE)("fine: $from -> $to", (fine) => {
  expect(violationsOf(fine)).toEqual([]);
});

test("every rule is broken above, and says why it is there", () => {
  expect([...new Set(BREACHES.map(({ rule }) => rule))].sort()).toEqual([...direction.rules].sort());
  expect(direction.violations.filter(({ why }) => why === "")).toEqual([]);
});

test("a check that saw less than there is fails, however content it is", () => {
  expect(direction.modules).toBe(planted);
  expect(() => assertSawEverything({ modules: [] }, ["src/main.ts", "src/app.ts"])).toThrow("saw 0 of 2 modules");
  expect(() => assertSawEverything({ modules: [] }, [])).toThrow("saw 0 of 0 modules");
});

/** Writes the files and returns how many of src. They import types only, which must count too. */
async function plant(imports: readonly Import[]): Promise<number> {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) {
    const isOurs = to.endsWith(".ts");
    const target = isOurs
      ? relative(dirname(from), to)
          .replace(/^(?!\.)/, "./")
          .replace(/\.ts$/, ".js")
      : to;
    targets.set(from, [...(targets.get(from) ?? []), target]);
    if (isOurs && !targets.has(to)) targets.set(to, []);
  }
  for (const [file, imported] of targets) {
    const path = join(folder, "src", file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, [...imported.map((target, index) => `import type { it as it${index} } from "${target}";`), "export const it = 1;\n"].join("\n"));
  }
  return [...targets.keys()].filter((file) => !file.startsWith("../")).length;
}

function violationsOf({ from, to }: Import): readonly Violation[] {
  const target = to.startsWith("../") ? to.slice(3) : to.endsWith(".ts") ? `src/${to}` : to.replace("node:", "");
  return direction.violations.filter((found) => found.from === `src/${from}` && (found.to === target || found.to.includes(`node_modules/${target}/`)));
}
