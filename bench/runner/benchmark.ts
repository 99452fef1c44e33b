import { loadavg } from "node:os";
import { CONTENDERS } from "../contenders/all-contenders.js";
import type { BenchReport, SizeReport } from "../report/bench-report.js";
import { keepReport } from "../report/keep-report.js";
import { describeMachine } from "../report/machine.js";
import { NOTES } from "../report/notes.js";
import { renderReport } from "../report/table.js";
import { startBenchServer } from "./bench-database.js";
import { describePinning, pinOurselves } from "./cores.js";
import { isFull, isWanted, readOptions, refuseUnknown } from "./options.js";
import { installPeers } from "./peers-install.js";
import { planRun } from "./run-plan.js";
import { measureSize, WORKLOAD_NAMES } from "./size-run.js";

/** The whole of `npm run bench`. */
export async function runBenchmark(argv: readonly string[]): Promise<void> {
  const begun = performance.now();
  const log = (line: string): void => console.log(`${((performance.now() - begun) / 1_000).toFixed(0).padStart(5)} s  ${line}`);
  const options = readOptions(argv);
  refuseUnknown(options.only, WORKLOAD_NAMES);
  refuseUnknown(
    options.variants,
    CONTENDERS.map(({ name }) => name),
  );
  const plan = planRun(options, log);
  const contenders = CONTENDERS.filter(({ name }) => isWanted(options.variants, name));
  await installPeers(log);
  pinOurselves();
  log(describePinning());
  const [loadBefore = 0] = loadavg();
  if (loadBefore > 0.5)
    log(`others use this machine (load average ${loadBefore.toFixed(1)}): rates will be low and vary; trust the CPU times, and ratios a little`);
  const sizes: SizeReport[] = [];
  let postgres = "";
  const server = await startBenchServer();
  // Else the database server would outlive us.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.stop().finally(() => process.exit(1)));
  try {
    for (const factor of options.factors) {
      log(`${factor}x: filling a database`);
      const bench = await server.fill(factor);
      postgres = bench.version;
      try {
        sizes.push(await measureSize(bench, factor, contenders, factor === 1 ? plan : { ...plan, pace: plan.largerPace }));
      } finally {
        await bench.close();
      }
    }
  } finally {
    await server.stop();
  }
  const report: BenchReport = {
    takenAt: new Date().toISOString(),
    machine: describeMachine(postgres, loadBefore),
    pace: { ...plan.pace, largerRounds: plan.largerPace.rounds, sliceMs: plan.slice.durationMs },
    contenders: contenders.map(({ name, title, kind, authorization }) => ({ name, title, kind, authorization })),
    notes: NOTES,
    sizes,
  };
  console.log(`\n${renderReport(report)}\n`);
  log(`kept in ${await keepReport(report, isFull(options))}`);
}
