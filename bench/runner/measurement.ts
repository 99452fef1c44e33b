import { runLoad, type Slice, type Work } from "./load.js";
import type { ServerProcess } from "./server-process.js";

/** A server and what it is sent. */
export interface Entrant {
  readonly contender: string;
  readonly server: ServerProcess;
  /** The requests of its next slice. What this takes is not counted. */
  work(): Promise<Work>;
}

export interface Pace {
  readonly rounds: number;
  /** Rounds before anything is counted. */
  readonly warmUps: number;
  readonly connections: number;
}

/** What else is looked at or done while a slice is measured. */
export interface Surroundings {
  /** Microseconds of the processor that the database has used; null where the system does not tell. */
  readonly databaseCpu: (() => Promise<number>) | null;
  /** Goes on beside each slice until it is told to end; resolves to how often it was done. */
  readonly beside?: (isOver: () => boolean) => Promise<number>;
}

/** Of one contender at one workload: medians of its slices, quantiles and means of all of its answers. */
export interface Measured {
  readonly contender: string;
  readonly answers: number;
  readonly perSecond: number;
  /** The slowest and the fastest slice. */
  readonly perSecondRange: readonly [number, number];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly serverCpuMicros: number;
  /** Null where the system does not tell. */
  readonly databaseCpuMicros: number | null;
  /** How often was done what went on beside. */
  readonly doneBeside: number;
  /** At the end. */
  readonly rssMegabytes: number;
}

/** Lets the entrants take turns in short slices, each round beginning with another, so that whatever disturbs the machine disturbs all of them. */
export async function measure(entrants: readonly Entrant[], pace: Pace, surroundings: Surroundings): Promise<Measured[]> {
  const turns = entrants.map((entrant) => ({ entrant, slices: [] as CountedSlice[] }));
  for (let round = 0; round < pace.warmUps + pace.rounds; round++) {
    const first = round % turns.length;
    for (const { entrant, slices } of [...turns.slice(first), ...turns.slice(0, first)]) {
      const slice = await takeSlice(entrant, pace.connections, surroundings);
      if (round >= pace.warmUps) slices.push(slice);
    }
  }
  return Promise.all(
    turns.map(async ({ entrant: { contender, server }, slices }) => {
      const { rssBytes } = await server.usage();
      return { contender, ...summarise(slices), rssMegabytes: Math.round(rssBytes / 1e6) };
    }),
  );
}

const SETTLE_MS = 100;

interface CountedSlice extends Slice {
  readonly serverCpuMicros: number;
  readonly databaseCpuMicros: number | null;
  readonly doneBeside: number;
}

async function takeSlice({ contender, server, work }: Entrant, connections: number, { databaseCpu, beside }: Surroundings): Promise<CountedSlice> {
  const next = await work();
  // While others had their turn, pools closed connections that rested, and caches of the processor were filled with other things.
  if (next.isRepeatable) await runLoad(server.url, connections, { ...next, durationMs: SETTLE_MS });
  const [before, databaseBefore] = [await server.usage(), await databaseCpu?.()];
  let isOver = false;
  const besideIt = beside?.(() => isOver);
  // Heard of when it is waited for; until then Node would end the process, and leave the database server behind.
  besideIt?.catch(() => undefined);
  const slice = await runLoad(server.url, connections, next).catch((error: unknown) => {
    throw new Error(`${contender} failed under load`, { cause: error });
  });
  isOver = true;
  const [after, databaseAfter] = [await server.usage(), await databaseCpu?.()];
  return {
    ...slice,
    doneBeside: (await besideIt) ?? 0,
    serverCpuMicros: after.cpuMicros - before.cpuMicros,
    databaseCpuMicros: databaseBefore === undefined || databaseAfter === undefined ? null : databaseAfter - databaseBefore,
  };
}

function summarise(slices: readonly CountedSlice[]): Omit<Measured, "contender" | "rssMegabytes"> {
  const rates = slices.map(({ answers, seconds }) => answers / seconds);
  const latencies = slices.flatMap(({ latenciesMs }) => latenciesMs).sort(ascending);
  const answers = latencies.length;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const databaseCpu = slices.flatMap(({ databaseCpuMicros }) => databaseCpuMicros ?? []);
  return {
    answers,
    perSecond: round(median(rates)),
    perSecondRange: [round(Math.min(...rates)), round(Math.max(...rates))],
    p50Ms: round(quantile(latencies, 0.5)),
    p99Ms: round(quantile(latencies, 0.99)),
    serverCpuMicros: round(sum(slices.map(({ serverCpuMicros }) => serverCpuMicros)) / answers),
    doneBeside: sum(slices.map(({ doneBeside }) => doneBeside)),
    databaseCpuMicros: databaseCpu.length < slices.length ? null : round(sum(databaseCpu) / answers),
  };
}

export function median(values: readonly number[]): number {
  return quantile(values.toSorted(ascending), 0.5);
}

/** Of values that are sorted. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function ascending(one: number, other: number): number {
  return one - other;
}

/** To three digits, which is more than a run can tell. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}
