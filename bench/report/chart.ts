import type { ContenderReport, SizeReport, WorkloadReport } from "./bench-report.js";

const WIDTH = 900;
const NAMES = 250;
const VALUES = 90;
const BAR = 18;
const ROW = 24;
const PANEL_GAP = 54;
const TOP = 60;
const COLOURS = { gateway: "#1f6feb", peer: "#8c959f", limit: "#d0d7de" } as const;

/** Answers a second at every workload that all were asked, as bars. The scale is logarithmic: each line is ten times the one before. */
export function renderChart({ factor, shape, workloads }: SizeReport, contenders: readonly ContenderReport[]): string {
  const known = new Map(contenders.map((contender) => [contender.name, contender]));
  const panels: string[] = [];
  let y = TOP;
  for (const workload of workloads.filter(({ measured }) => measured.some(({ contender }) => known.get(contender)?.kind === "peer"))) {
    panels.push(renderPanel(workload, known, y));
    y += workload.measured.length * ROW + PANEL_GAP;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" font-family="system-ui, sans-serif" font-size="13" fill="#1f2328">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="16" y="26" font-size="16" font-weight="600">Answers a second at ${factor}x, logarithmic</text>
<text x="16" y="44" fill="#656d76">${escape(shape)}</text>
${panels.join("\n")}
</svg>
`;
}

function renderPanel({ label, title, measured }: WorkloadReport, known: ReadonlyMap<string, ContenderReport>, y: number): string {
  const decades = Math.ceil(Math.log10(Math.max(10, ...measured.map(({ perSecond }) => perSecond))));
  const widthOf = (rate: number): number => Math.max(1, ((WIDTH - NAMES - VALUES) * Math.log10(Math.max(1, rate))) / decades);
  const height = measured.length * ROW;
  const grid = Array.from({ length: decades + 1 }, (_, power) => {
    const x = NAMES + widthOf(10 ** power);
    return `<line x1="${x}" y1="${y + 26}" x2="${x}" y2="${y + 28 + height}" stroke="#eaeef2"/>`;
  });
  const bars = measured.map(({ contender, perSecond }, index) => {
    const top = y + 28 + index * ROW;
    const { kind = "peer" } = known.get(contender) ?? {};
    const width = widthOf(perSecond);
    return `<text x="${NAMES - 8}" y="${top + 14}" text-anchor="end">${escape(contender)}</text><rect x="${NAMES}" y="${top}" width="${width.toFixed(1)}" height="${BAR}" fill="${COLOURS[kind]}"/><text x="${(NAMES + width + 6).toFixed(1)}" y="${top + 14}">${perSecond.toLocaleString("en")}</text>`;
  });
  return [`<text x="16" y="${y + 16}" font-weight="600">${escape(`${label}: ${title}`)}</text>`, ...grid, ...bars].join("\n");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
