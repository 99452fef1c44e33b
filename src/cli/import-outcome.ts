import type { ImportOutcome } from "../catalog/import/import-catalog.service.js";
import type { Problem } from "../catalog/import/problem.js";
import type { Changes } from "../catalog/releases/publishing.js";
import type { VersionedTable } from "../catalog/releases/versioned-tables.js";

const NAMES = {
  market: "markets",
  product: "products",
  feature: "features",
  plan: "plans",
  plan_add_on: "add-on offers",
  entitlement: "entitlements",
  price: "prices",
  discount: "discounts",
  discount_plan: "discount plans",
  discount_market: "discount markets",
  code: "codes",
  policy: "policies",
} as const satisfies Record<VersionedTable, string>;

/** The result of an import, for people. */
export function printOutcome(outcome: ImportOutcome): string {
  switch (outcome.outcome) {
    case "PUBLISHED":
      return `Published release ${outcome.release.number} at ${outcome.release.publishedAt.toISOString()}, by ${outcome.release.author}.\n${changeTable(outcome.changes)}`;
    case "WOULD_PUBLISH":
      return `This would be release ${outcome.release.number}; nothing was written.\n${changeTable(outcome.changes)}`;
    case "UNCHANGED":
      return outcome.release === 0 ? "No changes: the files name nothing.\n" : `No changes: release ${outcome.release} stands.\n`;
    case "REFUSED":
      return refusal(outcome.problems, outcome.problemCount);
  }
}

function changeTable(changes: Changes): string {
  return Object.entries(changes)
    .filter(([, { added, changed, ended }]) => added + changed + ended > 0)
    .map(([table, change]) => {
      const counts = (["added", "changed", "ended"] as const).map((what) =>
        (change[what] === 0 ? "" : `${change[what].toLocaleString("en")} ${what}`).padStart(15),
      );
      return `  ${NAMES[table as VersionedTable].padEnd(16)}${counts.join("").trimEnd()}\n`;
    })
    .join("");
}

function refusal(problems: readonly Problem[], count: number): string {
  const shown = problems.map(({ code, file, line, path, message }) => {
    const where = [file === null ? "" : printable(`${file}:${line ?? 1}`), code, path].filter(Boolean).join("  ");
    return `${where}\n    ${message}\n`;
  });
  const total = count === 1 ? "1 problem" : `${count.toLocaleString("en")} problems`;
  const first = count > problems.length ? `, of which the first ${problems.length.toLocaleString("en")} are shown` : "";
  return `${shown.join("\n")}\n${total}${first}. Nothing was written.\n`;
}

/** Names of files may hold anything, even what moves the cursor. */
function printable(name: string): string {
  return name.replace(/\p{Cc}/gu, "?");
}
