import type { Database } from "../../src/platform/database/database.js";
import { makeCallerKey } from "../contenders/caller-key.js";
import type { Contender, ServerOptions } from "../contenders/contender.js";
import { describeShape, shapeOf, type CatalogShape, type Factor } from "../dataset/shape.js";
import type { SizeReport, WorkloadReport } from "../report/bench-report.js";
import type { GatewayWorkload } from "../workloads/gateway-workload.js";
import { GATEWAY_WORKLOADS } from "../workloads/gateway-workloads.js";
import { SHARED_WORKLOADS, type SharedWorkload } from "../workloads/shared-workload.js";
import type { BenchDatabase } from "./bench-database.js";
import { measureColdStarts } from "./cold-start.js";
import { databaseCpu } from "./database-cpu.js";
import { inTurn } from "./load.js";
import { measure, type Entrant, type Surroundings } from "./measurement.js";
import { isWanted } from "./options.js";
import type { RunPlan } from "./run-plan.js";
import { askReference, RunningContender } from "./running-contender.js";

const POOL_SIZE = 8;
const COLD_START = "cold-start";

/** What `--only` may name. */
export const WORKLOAD_NAMES: readonly string[] = [
  ...SHARED_WORKLOADS.flatMap(({ name, label }) => [label.toLowerCase(), name]),
  ...GATEWAY_WORKLOADS.map(({ name }) => name),
  COLD_START,
];

/** Measures everything that is wanted at one size. */
export async function measureSize(bench: BenchDatabase, factor: Factor, contenders: readonly Contender[], plan: RunPlan): Promise<SizeReport> {
  const shape = shapeOf(factor);
  const options = { databaseUrl: bench.url, key: await makeCallerKey(bench.database), poolSize: POOL_SIZE };
  const surroundings = { databaseCpu: await databaseCpu(bench.database.pool) };
  const running: RunningContender[] = [];
  const workloads: WorkloadReport[] = [];
  try {
    for (const contender of contenders) running.push(await RunningContender.start(contender, options));
    for (const workload of SHARED_WORKLOADS) {
      if (isWanted(plan.only, workload.name, workload.label)) workloads.push(await measureShared(workload, running, shape, plan, surroundings));
    }
    const gateways = running.filter(({ contender }) => contender.kind === "gateway");
    for (const workload of gateways.length === 0 ? [] : GATEWAY_WORKLOADS) {
      if (isWanted(plan.only, workload.name)) workloads.push(await measureGateways(workload, gateways, shape, plan, surroundings, bench.database));
    }
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
  return { factor, shape: describeShape(shape), workloads, coldStarts: await coldStarts(contenders, options, factor, plan) };
}

async function measureShared(
  workload: SharedWorkload,
  running: readonly RunningContender[],
  shape: CatalogShape,
  { pace, slice, log }: RunPlan,
  surroundings: Surroundings,
): Promise<WorkloadReport> {
  log(`${shape.factor}x ${workload.label}: ${workload.title}`);
  const inputs = workload.inputs(shape);
  const first = running.find(({ contender }) => contender.read !== null);
  if (!first) throw new Error("somebody has to say what is right: name a contender that does");
  const reference = await askReference(first, workload, inputs);
  for (const one of running) await one.check(workload, inputs, reference);
  const entrants = running.map((one) => {
    const requests = one.requests(workload, inputs);
    return { contender: one.contender.name, server: one.server, work: async () => inTurn(requests, slice.durationMs) };
  });
  const measured = await measure(entrants, pace, surroundings);
  // Nobody fell into another answer on the way.
  for (const one of running) await one.check(workload, inputs, reference);
  return { name: workload.name, label: workload.label, title: workload.title, answerBytes: Buffer.byteLength(reference.texts[0] ?? ""), measured };
}

async function measureGateways(
  { name, label, title, prepare, beside }: GatewayWorkload,
  gateways: readonly RunningContender[],
  shape: CatalogShape,
  { pace, slice, log }: RunPlan,
  surroundings: Surroundings,
  database: Database,
): Promise<WorkloadReport> {
  log(`${shape.factor}x ${label}: ${title}`);
  const entrants: Entrant[] = [];
  for (const gateway of gateways) entrants.push({ contender: gateway.contender.name, server: gateway.server, work: await prepare(gateway, shape, slice) });
  const besideThem = beside ? { beside: (isOver: () => boolean) => beside.run(database, isOver) } : {};
  const measured = await measure(entrants, pace, { ...surroundings, ...besideThem });
  return { name, label, title, answerBytes: null, ...(beside ? { beside: beside.what } : {}), measured };
}

async function coldStarts(contenders: readonly Contender[], options: Omit<ServerOptions, "options">, factor: Factor, { only, starts, log }: RunPlan) {
  const workload = SHARED_WORKLOADS.find(({ name }) => name === "pricing-page");
  const input = workload?.inputs(shapeOf(factor))[0];
  if (!workload || !input || !isWanted(only, COLD_START)) return [];
  log(`${factor}x cold starts`);
  return measureColdStarts(
    contenders.filter(({ read }) => read !== null),
    options,
    { workload, input, starts },
  );
}
