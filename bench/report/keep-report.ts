import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchReport } from "./bench-report.js";
import { renderChart } from "./chart.js";
import { renderReport } from "./table.js";

const BENCH = join(import.meta.dirname, "..");
/** Of full runs: Git keeps the last one. */
const RESULTS = join(BENCH, "results");
/** Of all others, which Git ignores. */
const REPORTS = join(BENCH, "..", "reports", "bench");

/** Writes `latest.json`, `latest.md` and a chart for each size. Returns the folder. */
export async function keepReport(report: BenchReport, isFull: boolean): Promise<string> {
  const folder = isFull ? RESULTS : REPORTS;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "latest.json"), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, "latest.md"), `# The benchmark's last run\n\nMade by \`npm run bench\`.\n\n${renderReport(report)}\n`);
  for (const size of report.sizes) await writeFile(join(folder, `chart-${size.factor}x.svg`), renderChart(size, report.contenders));
  return folder;
}
