import type { SliceSize } from "../workloads/gateway-workload.js";
import type { Pace } from "./measurement.js";
import type { BenchOptions } from "./options.js";

/** How thoroughly a run goes about it. */
export interface RunPlan {
  readonly only: BenchOptions["only"];
  readonly pace: Pace;
  /** At larger sizes, which show what grows with the data, fewer rounds will do. */
  readonly largerPace: Pace;
  readonly slice: SliceSize;
  /** Cold starts of each. */
  readonly starts: number;
  readonly log: (line: string) => void;
}

export function planRun({ quick, only }: BenchOptions, log: (line: string) => void): RunPlan {
  if (quick) {
    const pace = { rounds: 2, warmUps: 1, connections: 4 };
    return { only, pace, largerPace: pace, slice: { durationMs: 250, count: 60 }, starts: 1, log };
  }
  const pace = { rounds: 5, warmUps: 2, connections: 16 };
  return { only, pace, largerPace: { ...pace, rounds: 3 }, slice: { durationMs: 1_000, count: 300 }, starts: 3, log };
}
