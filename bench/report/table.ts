import type { Measured } from "../runner/measurement.js";
import type { BenchReport, ContenderReport, SizeReport, WorkloadReport } from "./bench-report.js";

/** What rates are compared with: the stack that most begin with. */
const PLAIN = "apollo-prisma";
/** And the most that any server on Node could do. */
const LIMIT = "constant";

/** The whole report as Markdown. */
export function renderReport({ machine, pace, contenders, notes, sizes, takenAt }: BenchReport): string {
  const { cpu, cores, memoryGigabytes, system, node, nodeFlags, postgres, placement, loadBefore, commit } = machine;
  return [
    `${takenAt.slice(0, 10)}, commit ${commit}: ${cores} x ${cpu}, ${memoryGigabytes} GB, ${system}, Node ${node} ${nodeFlags.join(" ")}, ${postgres} with fsync; ${placement}. Load average before: ${loadBefore}.`,
    `Medians of ${pace.rounds} slices (${pace.largerRounds} at larger sizes) of ${pace.sliceMs} ms, taken in turn, with ${pace.connections} connections, each with one request under way. CPU in microseconds an answer.`,
    ...sizes.flatMap((size) => renderSize(size, contenders)),
    "### Who is who",
    renderTable(
      ["", "", "what it does to know who calls and what they may see"],
      contenders.map(({ name, title, authorization }) => [name, title, authorization]),
    ),
    ...(notes.length === 0 ? [] : ["### Notes", notes.map((note) => `- ${note}`).join("\n")]),
  ].join("\n\n");
}

function renderSize({ factor, shape, workloads, coldStarts }: SizeReport, contenders: readonly ContenderReport[]): string[] {
  return [
    `## ${factor}x: ${shape}`,
    ...workloads.flatMap((workload) => [renderTitle(workload), renderWorkload(workload, contenders)]),
    ...(coldStarts.length === 0
      ? []
      : [
          "**cold start**: from the start of the process until it listens, and until the first pricing page (Q2) is answered",
          renderTable(
            ["", "listens, ms", "answers, ms"],
            coldStarts.map(({ contender, listeningMs, answeredMs }) => [contender, show(listeningMs), show(answeredMs)]),
          ),
        ]),
  ];
}

function renderTitle({ label, title, answerBytes }: WorkloadReport): string {
  return `**${label}**: ${title}${answerBytes === null ? "" : ` (${(answerBytes / 1_000).toFixed(1)} kB)`}`;
}

function renderWorkload({ measured, beside }: WorkloadReport, contenders: readonly ContenderReport[]): string {
  const peers = new Set(contenders.filter(({ kind }) => kind === "peer").map(({ name }) => name));
  const plain = measured.find(({ contender }) => contender === PLAIN);
  const limit = measured.find(({ contender }) => contender === LIMIT);
  const bestPeer = Math.max(...measured.filter(({ contender }) => peers.has(contender)).map(({ perSecond }) => perSecond));
  const times = (rate: number, base: number | undefined): string => (base !== undefined && Number.isFinite(base) ? show(rate / base) : "");
  const columns: readonly (readonly [heading: string, cell: (of: Measured) => string])[] = [
    ["", ({ contender }) => contender],
    ["answers/s", ({ perSecond }) => show(perSecond)],
    ...(plain ? [[`x ${PLAIN}`, ({ perSecond }: Measured) => times(perSecond, plain.perSecond)] as const] : []),
    ...(Number.isFinite(bestPeer) ? [["x best peer", ({ perSecond }: Measured) => times(perSecond, bestPeer)] as const] : []),
    ...(limit ? [["x constant", ({ perSecond }: Measured) => times(perSecond, limit.perSecond)] as const] : []),
    ["p50, ms", ({ p50Ms }) => show(p50Ms)],
    ["p99, ms", ({ p99Ms }) => show(p99Ms)],
    ["CPU server", ({ serverCpuMicros }) => show(serverCpuMicros)],
    ["CPU database", ({ databaseCpuMicros }) => (databaseCpuMicros === null ? "?" : show(databaseCpuMicros))],
    ["RSS, MB", ({ rssMegabytes }) => show(rssMegabytes)],
    ...(beside === undefined ? [] : [[beside, ({ doneBeside }: Measured) => String(doneBeside)] as const]),
  ];
  return renderTable(
    columns.map(([heading]) => heading),
    measured.map((of) => columns.map(([, cell]) => cell(of))),
  );
}

/** A Markdown table that is also one to the eye. */
function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) => Math.max(3, heading.length, ...rows.map((row) => (row[column] ?? "").length)));
  const isNumbers = headings.map((_, column) => rows.every((row) => /^[\d,.?]*$/.test(row[column] ?? "")));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (isNumbers[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => `${"-".repeat(width + 1)}${isNumbers[column] ? ":" : "-"}`).join("|")}|`;
  return [line(headings), rule, ...rows.map(line)].join("\n");
}

function show(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}
